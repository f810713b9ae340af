// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/record_line.h"

#include <commander/json.h>

#include <algorithm>
#include <charconv>

namespace commander {

namespace {

// A line with the JSON of a record in it is itself JSON within the ordinary limits.
constexpr JsonLimits embedded{limits::jsonDepthMax - 1, limits::jsonValuesMax - 64};

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Whether the bytes can stand in a line as a value and be found there again exactly.
bool canStandRaw(std::string_view json)
{
    return !json.empty() && !isSpace(json.front()) && !isSpace(json.back())
        && json.find_first_of("\n\r") == std::string_view::npos && checkJson(json, embedded);
}

/// `,"name":raw`, or `,"nameText":"…"` where the JSON is not in one line (or is no JSON), or `,"nameBytes":"hex"`.
void appendJsonMember(std::string &out, std::string_view name, std::string_view json)
{
    if (canStandRaw(json))
        out.append(",\"").append(name).append("\":").append(json);
    else
        appendTextMember(out, name, json, "Text");
}

void appendId(std::string &out, std::string_view name, const Uuid &id)
{
    if (!id.isNull())
        out.append(",\"").append(name).append("\":\"").append(id.text()).append("\"");
}

/// Reads members into a record; each says whether the value is one that can stand there.
class MemberReader {
public:
    [[nodiscard]] bool take(std::string_view name, std::string_view raw);
    [[nodiscard]] Record &record() { return m_record; }

private:
    template <class T> static bool number(std::string_view raw, T &to)
    {
        const auto *const end = raw.data() + raw.size();
        const auto result = std::from_chars(raw.data(), end, to);
        return result.ec == std::errc() && result.ptr == end;
    }
    static bool text(std::string_view raw, std::string &to)
    {
        if (raw.size() >= 2 && raw.front() == '"' && raw.find('\\') == std::string_view::npos) {
            to = raw.substr(1, raw.size() - 2);
            return true;
        }
        auto value = parseJson(raw);
        if (!value || !value->asString())
            return false;
        to = *value->asString();
        return true;
    }
    static bool hexText(std::string_view raw, std::string &to)
    {
        if (raw.size() < 2 || raw.front() != '"' || raw.size() % 2 != 0)
            return false;
        to.resize((raw.size() - 2) / 2);
        return readHex(raw.substr(1, raw.size() - 2), reinterpret_cast<std::uint8_t *>(to.data()), to.size());
    }
    template <std::size_t N> static bool hex(std::string_view raw, std::array<std::uint8_t, N> &to)
    {
        return raw.size() == 2 * N + 2 && readHex(raw.substr(1, 2 * N), to.data(), N);
    }
    static bool id(std::string_view raw, Uuid &to)
    {
        if (raw.size() < 2)
            return false;
        const auto parsed = Uuid::parse(raw.substr(1, raw.size() - 2));
        to = parsed.value_or(Uuid{});
        return parsed.has_value();
    }
    static bool time(std::string_view raw, Timestamp &to)
    {
        if (raw.front() != '"')
            return number(raw, to.micros);
        const auto parsed = Timestamp::parse(raw.substr(1, raw.size() - 2));
        to = parsed.value_or(Timestamp{});
        return parsed.has_value();
    }
    bool kind(std::string_view raw)
    {
        for (const auto kind : {RecordKind::Command, RecordKind::Event, RecordKind::Result}) {
            if (raw.substr(1, raw.size() - 2) == recordKindName(kind)) {
                m_record.kind = kind;
                return true;
            }
        }
        return false;
    }
    /// name, nameText and nameBytes of the fields that hold text
    bool takeText(std::string_view name, std::string_view raw, bool &known);

    Record m_record;
};

bool MemberReader::takeText(std::string_view name, std::string_view raw, bool &known)
{
    known = true;
    const std::pair<std::string_view, std::string *> texts[] = {
        {"topic", &m_record.topic}, {"key", &m_record.key}, {"action", &m_record.action}, {"actor", &m_record.actor}};
    for (const auto &[member, to] : texts) {
        if (!name.starts_with(member))
            continue;
        const auto rest = name.substr(member.size());
        if (rest.empty() || rest == "Bytes")
            return rest.empty() ? text(raw, *to) : hexText(raw, *to);
    }
    const std::pair<std::string_view, std::string *> jsons[]
        = {{"data", &m_record.data}, {"headers", &m_record.headers}};
    for (const auto &[member, to] : jsons) {
        if (!name.starts_with(member))
            continue;
        const auto rest = name.substr(member.size());
        if (rest.empty())
            *to = raw;
        if (rest.empty() || rest == "Text" || rest == "Bytes")
            return rest.empty() || (rest == "Text" ? text(raw, *to) : hexText(raw, *to));
    }
    known = false;
    return false;
}

bool MemberReader::take(std::string_view name, std::string_view raw)
{
    bool known = false;
    if (const bool taken = takeText(name, raw, known); known)
        return taken;
    auto &record = m_record;
    if (name == "position")
        return number(raw, record.position.value);
    if (name == "kind")
        return raw.size() > 2 && kind(raw);
    if (name == "id")
        return id(raw, record.id);
    if (name == "parent")
        return id(raw, record.parent);
    if (name == "correlation")
        return id(raw, record.correlation);
    if (name == "partition")
        return number(raw, record.partition);
    if (name == "offset")
        return number(raw, record.offset.value);
    if (name == "depth")
        return number(raw, record.depth);
    if (name == "schemaVersion")
        return number(raw, record.schemaVersion);
    if (name == "domainVersion")
        return hex(raw, record.domainVersion);
    if (name == "timestamp")
        return time(raw, record.timestamp.emplace());
    if (name == "recordedAt")
        return time(raw, record.recordedAt);
    if (name == "salt")
        return hex(raw, record.salt);
    if (name == "leaf")
        return hex(raw, record.leaf);
    return name == "chain" && hex(raw, record.chain);
}

} // namespace

void appendTextMember(std::string &out, std::string_view name, std::string_view text, std::string_view suffix)
{
    out.append(",\"").append(name);
    const auto at = out.size();
    out.append(suffix).append("\":");
    const auto begin = out.size();
    appendJsonString(out, text);
    if (isPlain(text) || checkJson(std::string_view(out).substr(begin)))
        return;
    out.resize(at);
    out.append("Bytes\":\"")
        .append(toHex(reinterpret_cast<const std::uint8_t *>(text.data()), text.size()))
        .append("\"");
}

void appendTimeMember(std::string &out, std::string_view name, Timestamp time)
{
    out.append(",\"").append(name).append("\":");
    auto text = time.text();
    if (text.back() != 'Z') {
        out += std::to_string(time.micros);
        return;
    }
    text.pop_back();
    const auto micros = (time.micros % 1000 + 1000) % 1000;
    const auto digits = std::to_string(1000 + micros);
    out.append("\"").append(text).append(digits, 1).append("Z\"");
}

void appendNumberMember(std::string &out, std::string_view name, std::uint64_t value)
{
    out.append(",\"").append(name).append("\":").append(std::to_string(value));
}

bool readHex(std::string_view text, std::uint8_t *bytes, std::size_t count)
{
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (text.size() != 2 * count)
        return false;
    for (std::size_t i = 0; i < count; ++i) {
        const int high = digit(text[2 * i]);
        const int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

void appendRecordLine(std::string &out, const Record &record)
{
    out.append("{\"position\":").append(std::to_string(record.position.value));
    out.append(",\"kind\":\"").append(recordKindName(record.kind)).append("\"");
    appendId(out, "id", record.id);
    appendId(out, "parent", record.parent);
    appendId(out, "correlation", record.correlation);
    appendTextMember(out, "topic", record.topic);
    appendNumberMember(out, "partition", record.partition);
    appendNumberMember(out, "offset", record.offset.value);
    appendTextMember(out, "key", record.key);
    appendTextMember(out, "action", record.action);
    appendTextMember(out, "actor", record.actor);
    appendNumberMember(out, "depth", record.depth);
    appendNumberMember(out, "schemaVersion", record.schemaVersion);
    if (record.domainVersion != Hash256{})
        appendHexMember(out, "domainVersion", record.domainVersion);
    if (record.timestamp)
        appendTimeMember(out, "timestamp", *record.timestamp);
    appendTimeMember(out, "recordedAt", record.recordedAt);
    if (!record.headers.empty())
        appendJsonMember(out, "headers", record.headers);
    appendJsonMember(out, "data", record.data);
    appendHexMember(out, "salt", record.salt);
    appendHexMember(out, "leaf", record.leaf);
    appendHexMember(out, "chain", record.chain);
    out += "}\n";
}

Result<Record> parseRecordLine(std::string_view line)
{
    const auto refused = [](std::string what) {
        return fail(ErrorCode::LedgerDamaged, std::move(what), {}, "The line was changed after it was written.");
    };
    if (line.empty() || line.back() != '\n')
        return refused("the line is cut");
    const auto members = sliceJsonObject(line.substr(0, line.size() - 1));
    if (!members)
        return refused("the line is no JSON object: " + members.error().text());
    MemberReader reader;
    for (const auto &member : *members) {
        if (!reader.take(member.name, member.raw))
            return refused("\"" + member.name + "\" has a value or a place that no record has");
    }
    std::string again;
    again.reserve(line.size());
    appendRecordLine(again, reader.record());
    if (again != line)
        return refused("the line does not hold a record as Commander writes it");
    return std::move(reader.record());
}

} // namespace commander
