// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/submit_request.h"

#include "rest/gate/http_syntax.h"
#include "rest/query_params.h"

#include <algorithm>
#include <charconv>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t waitSecondsMax = 60;
constexpr std::uint64_t syncSeconds = 5;

/// What the server adds to a command. A client that sends back what it read states nothing new with these.
constexpr std::string_view assignedMembers[]
    = {"topic", "partition", "offset", "position", "key", "status", "children", "result", "actor", "correlation"};

std::string_view unquoted(std::string_view text)
{
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

/// The text of a JSON string; nothing when the value is of another type.
std::optional<std::string> stringOf(std::string_view raw)
{
    if (raw.size() < 2 || raw.front() != '"')
        return std::nullopt;
    if (raw.find('\\') == std::string_view::npos)
        return std::string(raw.substr(1, raw.size() - 2));
    const auto value = parseJson(raw);
    return value && value->asString() ? std::optional(*value->asString()) : std::nullopt;
}

Error malformed(std::string_view member, std::string message)
{
    Error error;
    error.code = ErrorCode::SchemaInvalid;
    error.what = "the command is malformed";
    error.where = "/" + std::string(member);
    error.details.push_back({"/" + escapePointerToken(member), std::move(message)});
    return error;
}

/// The member of this name that holds a time; null when there is none.
std::optional<Timestamp> *timeMember(CommandDraft &draft, std::string_view name)
{
    if (name == "timestamp")
        return &draft.timestamp;
    if (name == "notBefore")
        return &draft.notBefore;
    return name == "expiresAt" ? &draft.expiresAt : nullptr;
}

Result<void> readMember(CommandDraft &draft, const JsonSlice &member)
{
    if (member.name == "data") {
        draft.data = member.raw;
        return {};
    }
    if (std::find(std::begin(assignedMembers), std::end(assignedMembers), member.name) != std::end(assignedMembers))
        return {};
    if (member.name == "expectedRevision") {
        auto expected = readExpectedRevision(member.raw);
        if (!expected)
            return fail(std::move(expected.error()));
        draft.expectedRevision = *expected;
        return {};
    }
    auto *const time = timeMember(draft, member.name);
    if (!time && member.name != "id" && member.name != "action" && member.name != "parent")
        return fail(malformed(member.name, "A command has no such member; what belongs to the action goes into data."));
    if (member.raw == "null" && member.name != "action")
        return {};
    const auto text = stringOf(member.raw);
    if (!text)
        return fail(malformed(member.name, "Has to be a string."));
    if (time) {
        const auto moment = Timestamp::parse(*text);
        if (!moment)
            return fail(malformed(member.name, moment.error().text()));
        *time = *moment;
    } else if (member.name == "action") {
        draft.action = *text;
    } else {
        const auto id = Uuid::parse(*text);
        if (!id || id->isNull())
            return fail(malformed(member.name, "Has to be a UUID in the form with 36 characters."));
        (member.name == "id" ? draft.id : draft.parent) = *id;
    }
    return {};
}

/// The member of a command that an attribute of a CloudEvent means.
std::string_view memberOfAttribute(std::string_view attribute)
{
    if (attribute == "time")
        return "timestamp";
    if (attribute == "notbefore")
        return "notBefore";
    if (attribute == "expiresat")
        return "expiresAt";
    return attribute == "parent" ? attribute : std::string_view();
}

/// Ids of CloudEvents are unique within their source only. Frozen: the same event has to give the same id in every
/// version of the server.
Uuid cloudEventId(std::string_view source, std::string_view id)
{
    static const Uuid eventNamespace = uuid5(Uuid(), "commander/cloud-event");
    std::string name(source);
    name += '\n';
    return uuid5(eventNamespace, name.append(id));
}

} // namespace

Result<WaitPreference> waitPreference(const RequestHead &head)
{
    WaitPreference preference;
    const QueryParams query(head.query());
    auto sync = query.flag("sync");
    if (!sync)
        return fail(sync.error());
    if (*sync)
        preference.wait = std::chrono::seconds(syncSeconds);
    auto rest = head.field("prefer").value_or("");
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto item = trimmed(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        if (item == "respond-async" && preference.applied.empty()) {
            preference.wait = 0ms;
            preference.applied = item;
        } else if (item.starts_with("wait=")) {
            // RFC 7240: a preference that cannot be understood is ignored.
            const auto number = unquoted(item.substr(5));
            std::uint64_t seconds = 0;
            const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), seconds);
            if (error != std::errc() || end != number.data() + number.size())
                continue;
            seconds = std::min(seconds, waitSecondsMax);
            preference.wait = std::chrono::seconds(seconds);
            preference.applied = "wait=" + std::to_string(seconds);
        }
    }
    return preference;
}

Result<CommandDraft> readCommand(std::string_view json, std::string actor)
{
    auto members = sliceJsonObject(json);
    if (!members)
        return fail(members.error());
    CommandDraft draft;
    draft.actor = std::move(actor);
    for (const auto &member : *members) {
        if (auto taken = readMember(draft, member); !taken)
            return fail(taken.error());
    }
    if (draft.action.empty())
        return fail(malformed("action", "Is missing."));
    return draft;
}

Result<CommandDraft> readCloudEvent(std::string_view json, std::string actor)
{
    auto members = sliceJsonObject(json);
    if (!members)
        return fail(members.error());
    CommandDraft draft;
    draft.actor = std::move(actor);
    std::string version;
    std::string id;
    std::string source;
    for (const auto &[name, raw] : *members) {
        if (name == "data") {
            draft.data = raw;
            continue;
        }
        if (name == "data_base64")
            return fail(malformed(name, "The data of a command is JSON: send it as data."));
        const auto text = stringOf(raw).value_or(std::string(raw)); // an integer stands as it is
        if (name == "specversion") {
            version = text;
        } else if (name == "id") {
            id = text;
        } else if (name == "source") {
            source = text;
        } else if (name == "type") {
            draft.action = text;
        } else if (name == "datacontenttype") {
            const auto type = lowered(trimmed(std::string_view(text).substr(0, text.find(';'))));
            if (type != "application/json" && !type.ends_with("+json"))
                return fail(malformed(name, "The data of a command is JSON."));
        } else if (name == "kind") {
            if (text != "command")
                return fail(malformed(name, "Only a command can be sent."));
        } else if (name == "expectedrevision") {
            const auto expected = ExpectedRevision::parse(text);
            if (!expected)
                return fail(malformed(name, "Has to be any, none, exists or a number."));
            draft.expectedRevision = *expected;
        } else if (const auto member = memberOfAttribute(name); !member.empty()) {
            if (auto taken = readMember(draft, {std::string(member), raw}); !taken) {
                taken.error().where = "/" + name;
                for (auto &detail : taken.error().details)
                    detail.pointer = "/" + name;
                return fail(std::move(taken.error()));
            }
        }
    }
    if (version != "1.0")
        return fail(malformed("specversion", "Has to be 1.0."));
    if (draft.action.empty())
        return fail(malformed("type", "Is missing: it names the action."));
    if (id.empty() || source.empty())
        return fail(malformed(id.empty() ? "id" : "source", "Is missing: every CloudEvent has one."));
    const auto uuid = Uuid::parse(id);
    draft.id = uuid && !uuid->isNull() ? *uuid : cloudEventId(source, id);
    return draft;
}

ReadCommand commandReader(const RequestHead &head)
{
    const auto type = lowered(head.field("content-type").value_or(""));
    return type.find("application/cloudevents") != std::string::npos ? readCloudEvent : readCommand;
}

Result<ExpectedRevision> readExpectedRevision(std::string_view raw)
{
    if (raw == "null")
        return ExpectedRevision{};
    const auto text = stringOf(raw);
    auto expected = ExpectedRevision::parse(text ? std::string_view(*text) : raw);
    // The number itself, not its text: there shall be one way to say it.
    if (!expected || (text && expected->kind == ExpectedRevision::Kind::Exactly))
        return fail(malformed("expectedRevision", "Has to be \"any\", \"none\", \"exists\" or a number."));
    return expected;
}

Result<std::optional<ExpectedRevision>> revisionPrecondition(const RequestHead &head)
{
    const auto wrong = [](const char *field, const char *remedy) {
        return fail(ErrorCode::InvalidArgument, "not the revision of a key", field, remedy);
    };
    const auto match = head.field("if-match");
    const auto noneMatch = head.field("if-none-match");
    if (noneMatch && (match || trimmed(*noneMatch) != "*"))
        return wrong("If-None-Match", "On a command it is *, alone: nothing is recorded under its key yet.");
    if (noneMatch)
        return ExpectedRevision{ExpectedRevision::Kind::None, 0};
    if (!match)
        return std::nullopt;
    const auto tag = trimmed(*match);
    if (tag == "*")
        return ExpectedRevision{ExpectedRevision::Kind::Exists, 0};
    const auto number = unquoted(tag);
    const auto expected = ExpectedRevision::parse(number);
    if (!expected || expected->kind != ExpectedRevision::Kind::Exactly || number.size() == tag.size())
        return wrong("If-Match", "On a command it is * or a number of events in quotes, such as \"3\".");
    return *expected;
}

Result<void> applyHeaders(const RequestHead &head, CommandDraft &draft)
{
    if (const auto key = head.field("idempotency-key")) {
        const auto id = idempotencyId(*key);
        if (draft.id && *draft.id != id) {
            return fail(ErrorCode::InvalidArgument, "the body's id is not the Idempotency-Key", "Idempotency-Key",
                        "Send one of them, or the same in both.");
        }
        draft.id = id;
    }
    const auto expected = revisionPrecondition(head);
    if (!expected)
        return fail(expected.error());
    if (*expected) {
        if (draft.expectedRevision.isStated() && draft.expectedRevision != **expected) {
            return fail(ErrorCode::InvalidArgument, "header and body expect different revisions", "expectedRevision",
                        "Send one of them, or the same in both.");
        }
        draft.expectedRevision = **expected;
    }
    return {};
}

Uuid idempotencyId(std::string_view key)
{
    const auto text = unquoted(trimmed(key));
    if (const auto id = Uuid::parse(text); id && !id->isNull())
        return *id;
    // Frozen: the same key has to give the same id in every version of the server.
    static const Uuid keyNamespace = uuid5(Uuid(), "commander/idempotency-key");
    return uuid5(keyNamespace, text);
}

} // namespace commander::rest
