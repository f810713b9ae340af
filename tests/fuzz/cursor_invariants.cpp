// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"
#include "rest/gate/http_syntax.h"
#include "rest/query_params.h"
#include "rest/routes/document_query.h"

namespace commander {

using namespace rest;

/// The bytes are a query of a list, as the gate lets it through.
std::string brokenInvariant(std::string_view bytes)
{
    const auto marked = readCursor(writeCursor(bytes));
    if (!marked || *marked != bytes)
        return "a page mark that says something else";
    if (const auto content = readCursor(bytes); content && writeCursor(*content) != lowered(bytes))
        return "two page marks for the same";
    if (percentDecoded(percentEncoded(bytes)) != bytes)
        return "encoded and decoded, it is something else";
    if (!isTarget(bytes))
        return {}; // goes no further than the gate

    const QueryParams query(bytes);
    const QueryParams again(query.without(""));
    for (const auto *name : {"cursor", "sort", "where", "prefix", "limit", "from", "filter", "kind"}) {
        if (query.texts(name) != again.texts(name))
            return std::string("a link to the next page that says something else of ") + name;
    }
    if (const auto limit = query.limit(); limit && (*limit < 1 || *limit > 1000))
        return "a limit out of its bounds";
    for (const auto *name : {"from", "at"}) {
        const auto moment = query.moment(name);
        if (!moment && moment.error().text().empty())
            return "an error without words";
    }
    for (const bool times : {false, true}) {
        const auto filter = recordFilter(query, times, {});
        if (!filter && filter.error().where.empty())
            return "an error that names no parameter: " + filter.error().text();
    }
    const auto list = documentListRequest(query);
    if (!list && list.error().text().empty())
        return "an error without words";
    return {};
}

} // namespace commander
