// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/problem.h"
#include "rest/query_params.h"

#include <commander/engine.h>

#include <variant>

namespace commander::rest {

/// What a stream of updates is about, by its path.
struct StreamSource {
    std::vector<RecordKind> kinds; ///< of the records; with `kindsAsked` unless the client asks for others
    bool kindsAsked = false;       ///< the client may choose kinds, document changes among them
    std::string view;              ///< only this view's document changes, and no records
};
/// From "/updates", "/commands/updates", "/events/updates", "/results/updates" or "/views/{view}/updates".
[[nodiscard]] std::optional<StreamSource> streamSource(std::string_view path);

/// What a client has: everything before record `next`, and of `next` itself the first `parts` frames.
struct StreamPlace {
    Position next{1};
    std::size_t parts = 0;
};
/// The id of an event that stands for having had everything before this record: "812:0". A client that was sent no
/// event yet can come again with it.
[[nodiscard]] std::string idBefore(Position next);

/// What a client wants to see.
struct StreamSelection {
    RecordFilter filter;                    ///< of records and of the events whose changes are shown; without kinds
    std::vector<RecordKind> kinds;          ///< of the records that are shown
    bool changes = false;                   ///< document changes too
    std::string view;                       ///< only those of this view; empty = of all
    std::optional<std::string> documentKey; ///< only those of this document of the view
    /// In words that are equal only when everything above is; empty where that cannot be told.
    std::string words;
};

/// What a client says of what it wants to see, and from where on.
struct StreamRequest {
    StreamSelection selection;
    std::optional<StreamPlace> after; ///< the id of the last event it had: record and number of the change
    bool fromStart = false;
    std::optional<Moment> from;
};
/// `lastEventId` from the header, if it is there, wins over the query. Errors InvalidArgument and those of filters.
[[nodiscard]] Result<StreamRequest> readStreamRequest(const StreamSource &source, const QueryParams &query,
                                                      std::optional<std::string_view> lastEventId);

/// Where the stream begins, or why it cannot (409 for a position that is not there yet, 404 for an unknown view).
/// Blocks.
[[nodiscard]] std::variant<StreamPlace, Problem> placeOf(Engine &engine, const StreamRequest &request);

} // namespace commander::rest
