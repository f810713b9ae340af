// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/routes/record_queries.h"

namespace commander::rest {

/// How a list is written.
enum class ListFormat {
    Json,        ///< a page
    Ndjson,      ///< the whole result, one JSON a line
    Csv,         ///< the whole result as RFC 4180
    CloudEvents, ///< a page of records as a batch of CloudEvents; of one record, a CloudEvent
};
/// What the Accept header likes best of them (RFC 9110, 12.5.1); Json when it has no preference.
[[nodiscard]] ListFormat listFormat(const RequestHead &head);

/// Answers with the whole list as the client reads it: every record that is in the ledger now, or `limit` of them.
/// `fields` chooses the columns of a CSV.
void streamRecords(RestContext &context, ExchangeId exchange, const RequestPtr &request, RecordList list);

/// A list of records in the form that the client likes best.
void answerList(RestContext &context, ExchangeId exchange, const RequestPtr &request, RecordList list);

/// The same for the documents of a view, all of them as of one position. `bare`: a line is the document alone.
void streamDocuments(RestContext &context, ExchangeId exchange, const RequestPtr &request, std::string view, bool bare);

} // namespace commander::rest
