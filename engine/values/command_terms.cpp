// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/command_terms.h>
#include <commander/json.h>

namespace commander {

namespace {

constexpr std::string_view originMember = "origin";
constexpr std::string_view notBeforeMember = "not_before";
constexpr std::string_view expiresAtMember = "expires_at";
constexpr std::string_view expectedRevisionMember = "expected_revision";

Result<void> readTime(const Json &headers, std::string_view member, std::optional<Timestamp> &out)
{
    const auto *value = headers.find(member);
    if (!value)
        return {};
    const auto *text = value->asString();
    if (!text)
        return fail(ErrorCode::InvalidTime, "a time is a text", std::string(member), "Write it as RFC 3339 does.");
    auto time = Timestamp::parse(*text);
    if (!time) {
        time.error().where = std::string(member);
        return fail(std::move(time.error()));
    }
    out = *time;
    return {};
}

Result<void> readExpectedRevision(const Json &headers, ExpectedRevision &out)
{
    const auto *value = headers.find(expectedRevisionMember);
    if (!value)
        return {};
    const auto *text = value->asString();
    const auto number = value->asInteger();
    auto read = ExpectedRevision::parse(text ? *text : number ? std::to_string(*number) : writeJson(*value));
    if (!read) {
        read.error().where = std::string(expectedRevisionMember);
        return fail(std::move(read.error()));
    }
    out = *read;
    return {};
}

} // namespace

std::string writeTerms(const CommandTerms &terms)
{
    Json headers;
    if (!terms.origin.empty())
        headers.set(originMember, Json(terms.origin));
    if (terms.notBefore)
        headers.set(notBeforeMember, Json(terms.notBefore->text()));
    if (terms.expiresAt)
        headers.set(expiresAtMember, Json(terms.expiresAt->text()));
    const auto &expected = terms.expectedRevision;
    if (expected.kind == ExpectedRevision::Kind::Exactly)
        headers.set(expectedRevisionMember, Json(static_cast<std::int64_t>(expected.number)));
    else if (expected.isStated())
        headers.set(expectedRevisionMember, Json(expected.text()));
    return headers.isNull() ? std::string() : writeJson(headers);
}

Result<CommandTerms> parseTerms(std::string_view headers)
{
    CommandTerms terms;
    if (headers.empty())
        return terms;
    const auto json = parseJson(headers);
    if (!json)
        return fail(json.error());
    if (!json->isObject())
        return fail(ErrorCode::InvalidArgument, "the headers are no JSON object", "headers");
    terms.origin = json->stringAt(originMember);
    if (auto read = readTime(*json, notBeforeMember, terms.notBefore); !read)
        return fail(std::move(read.error()));
    if (auto read = readTime(*json, expiresAtMember, terms.expiresAt); !read)
        return fail(std::move(read.error()));
    if (auto read = readExpectedRevision(*json, terms.expectedRevision); !read)
        return fail(std::move(read.error()));
    return terms;
}

} // namespace commander
