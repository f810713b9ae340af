// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/query_params.h"

#include "rest/gate/http_syntax.h"

#include <commander/filter.h>
#include <commander/limits.h>

#include <algorithm>
#include <charconv>

namespace commander::rest {

namespace {

bool isUnreserved(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

Result<std::uint64_t> parseNumber(std::string_view text, std::string_view name)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > (std::uint64_t{1} << 62))
        return fail(ErrorCode::InvalidArgument, "not a number", std::string(name), "Use digits only.");
    return value;
}

bool isDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error naming(Error error, std::string_view name)
{
    error.where = error.where.empty() ? std::string(name) : std::string(name) + ": " + error.where;
    return error;
}

std::optional<RecordKind> kindFromName(std::string_view name)
{
    for (const auto kind : {RecordKind::Command, RecordKind::Event, RecordKind::Result}) {
        if (name == recordKindName(kind))
            return kind;
    }
    return std::nullopt;
}

} // namespace

std::string percentDecoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0 && hexValue(text[i + 2]) >= 0) {
            out += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (isUnreserved(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

QueryParams::QueryParams(std::string_view query)
{
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto part = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        if (part.empty())
            continue;
        const auto equals = part.find('=');
        std::string value(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
        std::replace(value.begin(), value.end(), '+', ' ');
        m_params.emplace_back(percentDecoded(part.substr(0, equals)), percentDecoded(value));
    }
}

std::optional<std::string> QueryParams::text(std::string_view name) const
{
    for (const auto &[key, value] : m_params) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

std::vector<std::string> QueryParams::texts(std::string_view name) const
{
    std::vector<std::string> values;
    for (const auto &[key, value] : m_params) {
        if (key == name)
            values.push_back(value);
    }
    return values;
}

std::vector<std::string> QueryParams::list(std::string_view name) const
{
    std::vector<std::string> values;
    for (const auto &[key, value] : m_params) {
        if (key != name)
            continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            if (comma != 0)
                values.emplace_back(rest.substr(0, comma));
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
    }
    return values;
}

Result<std::vector<std::string>> QueryParams::pointers(std::string_view name) const
{
    auto fields = list(name);
    for (const auto &field : fields) {
        if (!field.starts_with('/')) {
            return fail(ErrorCode::InvalidArgument, "not a JSON pointer: " + field, std::string(name),
                        "Write it like /amount, several with commas between.");
        }
    }
    return fields;
}

Result<std::optional<std::uint64_t>> QueryParams::number(std::string_view name) const
{
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    auto parsed = parseNumber(*value, name);
    if (!parsed)
        return fail(parsed.error());
    return *parsed;
}

Result<std::optional<Uuid>> QueryParams::uuid(std::string_view name) const
{
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    auto parsed = Uuid::parse(*value);
    if (!parsed)
        return fail(naming(parsed.error(), name));
    return *parsed;
}

Result<std::optional<Timestamp>> QueryParams::time(std::string_view name) const
{
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    auto parsed = Timestamp::parse(*value);
    if (!parsed)
        return fail(naming(parsed.error(), name));
    return *parsed;
}

Result<std::optional<Moment>> QueryParams::moment(std::string_view name) const
{
    const auto value = text(name);
    if (!value)
        return std::nullopt;
    auto parsed = parseMoment(*value, name);
    if (!parsed)
        return fail(parsed.error());
    return *parsed;
}

Result<bool> QueryParams::flag(std::string_view name) const
{
    const auto value = text(name);
    if (!value || *value == "false" || *value == "0")
        return false;
    if (value->empty() || *value == "true" || *value == "1")
        return true;
    return fail(ErrorCode::InvalidArgument, "neither true nor false", std::string(name));
}

Result<bool> QueryParams::exactTotal() const
{
    const auto total = text("total");
    if (total && *total != "exact")
        return fail(ErrorCode::InvalidArgument, "unknown total " + *total, "total", "Use exact, or leave it out.");
    return total.has_value();
}

Result<std::size_t> QueryParams::limit() const
{
    const auto value = number("limit");
    if (!value)
        return fail(value.error());
    const auto limit = value->value_or(100);
    if (limit < 1 || limit > limits::pageRowsMax) {
        return fail(ErrorCode::InvalidArgument, "out of range", "limit",
                    "Use 1 to " + std::to_string(limits::pageRowsMax) + ".");
    }
    return static_cast<std::size_t>(limit);
}

std::string QueryParams::without(std::string_view name) const
{
    std::string query;
    for (const auto &[key, value] : m_params) {
        if (key == name)
            continue;
        if (!query.empty())
            query += '&';
        query += percentEncoded(key) + '=' + percentEncoded(value);
    }
    return query;
}

Result<Moment> parseMoment(std::string_view text, std::string_view name)
{
    if (isDigits(text)) {
        auto number = parseNumber(text, name);
        if (!number)
            return fail(number.error());
        return Position{*number};
    }
    // An unescaped plus sign of a zone offset arrives as a blank.
    std::string time(text);
    std::replace(time.begin(), time.end(), ' ', '+');
    auto parsed = Timestamp::parse(time);
    if (!parsed) {
        return fail(ErrorCode::InvalidArgument, "neither a position nor a timestamp", std::string(name),
                    "Use digits, or RFC 3339 such as 2016-05-20T14:33:28.902Z.");
    }
    return *parsed;
}

Result<RecordFilter> recordFilter(const QueryParams &query, bool times, Timestamp now)
{
    RecordFilter filter;
    for (const auto &name : query.list("kind")) {
        if (!times && name == "change")
            continue; // not a record, but streams have it
        const auto kind = kindFromName(name);
        if (!kind)
            return fail(ErrorCode::InvalidArgument, "unknown kind " + name, "kind", "Use command, event or result.");
        filter.kinds.push_back(*kind);
    }
    filter.topics = query.list("topic");
    filter.actions = query.list("action");
    filter.actors = query.list("actor");
    filter.key = query.text("key");
    filter.text = query.text("text").value_or("");
    auto parent = query.uuid("parent");
    if (!parent)
        return fail(parent.error());
    filter.parent = *parent;
    auto correlation = query.uuid("correlation");
    if (!correlation)
        return fail(correlation.error());
    filter.correlation = *correlation;
    if (const auto name = query.text("status")) {
        filter.status = commandStatusFromName(*name);
        if (!filter.status) {
            return fail(ErrorCode::InvalidArgument, "unknown status " + *name, "status",
                        "Use accepted, succeeded, rejected, failed, expired or cancelled.");
        }
    }
    if (times) {
        auto from = query.time("from");
        if (!from)
            return fail(from.error());
        filter.from = *from;
        auto to = query.time("to");
        if (!to)
            return fail(to.error());
        filter.to = *to;
    }
    if (const auto text = query.text("filter")) {
        auto expression = FilterExpression::parse(*text, now);
        if (!expression) {
            auto error = expression.error();
            error.where = "filter, " + error.where;
            return fail(std::move(error));
        }
        filter.expression = std::move(*expression);
    }
    return filter;
}

std::string writeCursor(std::string_view content)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string cursor = "c";
    for (const char c : content) {
        const auto byte = static_cast<unsigned char>(c);
        cursor += digits[byte >> 4];
        cursor += digits[byte & 15];
    }
    return cursor;
}

Result<std::string> readCursor(std::string_view cursor)
{
    const auto bad = [] {
        return fail(ErrorCode::InvalidArgument, "not a cursor of this server", "cursor",
                    "Take it from the answer before, or leave it out.");
    };
    if (cursor.size() % 2 != 1 || cursor.front() != 'c')
        return bad();
    std::string content;
    for (std::size_t i = 1; i < cursor.size(); i += 2) {
        const int high = hexValue(cursor[i]);
        const int low = hexValue(cursor[i + 1]);
        if (high < 0 || low < 0)
            return bad();
        content += static_cast<char>(high * 16 + low);
    }
    return content;
}

} // namespace commander::rest
