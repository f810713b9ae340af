// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/json.h>
#include <commander/record_json.h>

namespace commander {

namespace {

void appendText(std::string &out, std::string_view name, std::string_view value)
{
    out += ",\"";
    out += name;
    out += "\":";
    appendJsonString(out, value);
}

void appendId(std::string &out, std::string_view name, const Uuid &id)
{
    if (!id.isNull())
        appendText(out, name, id.text());
}

void appendNumber(std::string &out, std::string_view name, std::uint64_t value)
{
    out += ",\"";
    out += name;
    out += "\":";
    out += std::to_string(value);
}

} // namespace

void openRecordJson(std::string &out, const Record &record)
{
    out += "{\"kind\":\"";
    out += recordKindName(record.kind);
    out += '"';
    appendId(out, "id", record.id);
    appendId(out, "parent", record.parent);
    appendText(out, "action", record.action);
    out += ",\"data\":";
    out += record.data.empty() ? "null" : record.data;
    appendText(out, "timestamp", record.time().text());
    appendText(out, "recordedAt", record.recordedAt.text());
    appendText(out, "topic", record.topic);
    appendNumber(out, "partition", record.partition);
    appendNumber(out, "offset", record.offset.value);
    appendNumber(out, "position", record.position.value);
    if (!record.key.empty())
        appendText(out, "key", record.key);
    appendId(out, "correlation", record.correlation);
    appendText(out, "actor", record.actor);
    if (!record.headers.empty()) {
        out += ",\"headers\":";
        out += record.headers;
    }
}

std::string recordJson(const Record &record)
{
    std::string out;
    out.reserve(record.data.size() + 512);
    openRecordJson(out, record);
    out += '}';
    return out;
}

} // namespace commander
