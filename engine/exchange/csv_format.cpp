// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/csv_format.h"

#include "exchange/csv_cells.h"

#include <commander/json.h>

#include <charconv>

namespace commander {

namespace {

constexpr std::string_view columns
    = "position,kind,topic,partition,offset,id,parent,correlation,key,action,actor,depth,schemaVersion,domainVersion,"
      "timestamp,recordedAt,headers,salt,leaf,chain";
constexpr std::string_view rowEnd = "\r\n";

std::string idText(const Uuid &id)
{
    return id.isNull() ? std::string() : id.text();
}

std::string timeText(Timestamp time)
{
    auto text = time.text();
    if (text.back() != 'Z')
        return std::to_string(time.micros);
    text.pop_back();
    return text + std::to_string(1000 + (time.micros % 1000 + 1000) % 1000).substr(1) + "Z";
}

} // namespace

Result<void> checkPointer(std::string_view pointer)
{
    bool sound = pointer.empty() || pointer.front() == '/';
    for (std::size_t at = pointer.find('~'); sound && at != std::string_view::npos; at = pointer.find('~', at + 1))
        sound = at + 1 < pointer.size() && (pointer[at + 1] == '0' || pointer[at + 1] == '1');
    if (sound)
        return {};
    return fail(ErrorCode::InvalidArgument, "not a JSON pointer: " + std::string(pointer), {},
                "Write it like /amount or /lines/0/price, with ~1 for / and ~0 for ~ within a name.");
}

void CsvFormat::plain(std::string &out, std::string_view value) const
{
    out += ',';
    out += value;
}

void CsvFormat::text(std::string &out, std::string_view value) const
{
    out += ',';
    appendCsvText(out, value, m_options.formulaGuard);
}

void CsvFormat::begin(std::string &out, const ExportHeader &)
{
    out += columns;
    for (const auto &field : m_options.fields)
        text(out, field.empty() ? "data" : field);
    if (m_options.fields.empty())
        text(out, "data");
    out += rowEnd;
}

void CsvFormat::dataCells(std::string &out, std::string_view data) const
{
    if (m_options.fields.empty()) {
        text(out, data);
        return;
    }
    const auto json = parseJson(data);
    for (const auto &field : m_options.fields) {
        if (field.empty()) {
            text(out, data);
            continue;
        }
        out += ',';
        appendCsvValue(out, json ? resolvePointer(*json, field) : nullptr, m_options.formulaGuard);
    }
}

void CsvFormat::record(std::string &out, const Record &record)
{
    out += std::to_string(record.position.value);
    plain(out, recordKindName(record.kind));
    text(out, record.topic);
    plain(out, std::to_string(record.partition));
    plain(out, std::to_string(record.offset.value));
    plain(out, record.id.text());
    plain(out, idText(record.parent));
    plain(out, idText(record.correlation));
    text(out, record.key);
    text(out, record.action);
    text(out, record.actor);
    plain(out, std::to_string(record.depth));
    plain(out, std::to_string(record.schemaVersion));
    plain(out, record.domainVersion == Hash256{} ? std::string() : toHex(record.domainVersion));
    plain(out, record.timestamp ? timeText(*record.timestamp) : std::string());
    plain(out, timeText(record.recordedAt));
    if (record.headers.empty())
        plain(out, {});
    else
        text(out, record.headers);
    plain(out, toHex(record.salt.data(), record.salt.size()));
    plain(out, toHex(record.leaf));
    plain(out, toHex(record.chain));
    dataCells(out, record.data);
    out += rowEnd;
}

Result<ExportHeader> CsvFormat::headerOf(std::string_view unit, const ExportHeader &now)
{
    std::string mine;
    begin(mine, now);
    if (unit != mine) {
        return fail(ErrorCode::InvalidArgument, "the export that was begun has other columns", "line 1",
                    "Begin the export anew, or give the fields that it was begun with.");
    }
    return now;
}

Result<Position> CsvFormat::positionOf(std::string_view unit) const
{
    Position position;
    const auto result = std::from_chars(unit.data(), unit.data() + unit.size(), position.value);
    if (result.ec != std::errc() || result.ptr == unit.data() + unit.size() || *result.ptr != ',')
        return fail(ErrorCode::LedgerDamaged, "the row does not begin with a position");
    return position;
}

void appendCsvHeader(std::string &out, const CsvOptions &options)
{
    CsvFormat(options).begin(out, {});
}

void appendCsvRecord(std::string &out, const Record &record, const CsvOptions &options)
{
    CsvFormat(options).record(out, record);
}

} // namespace commander
