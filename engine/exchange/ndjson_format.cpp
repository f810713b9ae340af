// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/ndjson_format.h"

#include "exchange/record_line.h"

#include <algorithm>

namespace commander {

void NdjsonFormat::begin(std::string &out, const ExportHeader &header)
{
    out += headerLine(header);
}

void NdjsonFormat::record(std::string &out, const Record &record)
{
    appendRecordLine(out, record);
}

void NdjsonFormat::end(std::string &out, const ExportTrailer &trailer)
{
    out += trailerLine(trailer);
}

Result<ExportHeader> NdjsonFormat::headerOf(std::string_view unit, const ExportHeader &now)
{
    auto header = parseHeaderLine(unit);
    if (!header)
        return fail(header.error());
    const auto refused = [](std::string what) {
        return fail(ErrorCode::InvalidArgument, std::move(what), "line 1",
                    "Begin the export anew, or give the options that it was begun with.");
    };
    if (header->ledger != now.ledger)
        return refused("the export that was begun is of another ledger: " + header->ledger.text());
    const auto end = header->state.head.position;
    // The ledger may have grown since; what was asked for must be the same.
    if (header->filter != now.filter || header->first != now.first || header->last != std::min(now.last, end)
        || end > now.state.head.position)
        return refused("the export that was begun has another filter or range");
    return header;
}

bool NdjsonFormat::isEnd(std::string_view unit) const
{
    return isTrailerLine(unit);
}

Result<Position> NdjsonFormat::positionOf(std::string_view unit) const
{
    const auto record = parseRecordLine(unit);
    if (!record)
        return fail(record.error());
    return record->position;
}

} // namespace commander
