// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/json/record_json.h"
#include "rest/query_params.h"
#include "rest/rest_context.h"

namespace commander::rest {

/// A record by id: from the index, or from the ledger itself when the index has not come so far. Error NotFound.
[[nodiscard]] Result<RecordPtr> findRecord(Engine &engine, const Uuid &id);
/// The same, but only of this kind.
[[nodiscard]] Result<RecordPtr> findRecord(Engine &engine, std::string_view idText, RecordKind kind);
/// The result of a command, or null while there is none.
[[nodiscard]] Result<RecordPtr> findResult(Engine &engine, const Uuid &command);
/// Status, result and children of a command.
[[nodiscard]] Result<CommandState> commandState(Engine &engine, const Uuid &command);

/// A list of records as the query asks for it.
struct RecordList {
    std::string path;                                 ///< of the request, for the link to the next page
    std::string member;                               ///< "commands", "events" or "records"
    std::vector<RecordKind> kinds;                    ///< empty = as the query says
    ScanDirection order = ScanDirection::NewestFirst; ///< when the query does not say
    std::function<Result<void>(std::string &out, const RecordPtr &record)> append;
    bool stale = false; ///< the index has not come to where the client wants it
    bool batch = false; ///< the page is a batch of CloudEvents: an array, without anything around it
};
/// The list with CloudEvents for its items.
[[nodiscard]] RecordList asCloudEvents(Engine &engine, RecordList list);
/// What the query asks for, and where the search begins (0: nowhere, there are no records).
struct RecordScan {
    RecordFilter filter;
    ScanDirection order;
    Position start;
    bool continued = false; ///< a cursor said where it begins
    bool before = false;    ///< the page ends in front of `start`
};
[[nodiscard]] Result<RecordScan> recordScan(Engine &engine, const RecordList &list, const QueryParams &query);
/// A page of the list.
[[nodiscard]] Result<Response> listRecords(Engine &engine, const RecordList &list, const QueryParams &query,
                                           std::stop_token stop);

/// The ledger position that a parameter means, a position or a time; nothing when it is absent.
[[nodiscard]] Result<std::optional<Position>> momentParam(Engine &engine, const QueryParams &query,
                                                          std::string_view name);

/// `<path?…>; rel="next"`.
void linkNext(Response &response, const std::string &path, const QueryParams &query, const std::string &cursor);
/// `"text"` as an ETag; 304 without a body when the request has it already.
void applyEntityTag(Response &response, const RequestHead &head, const std::string &tag);

} // namespace commander::rest
