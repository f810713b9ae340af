// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/lineage_query.h"

#include "lineage/lineage_part.h"
#include "lineage/lineage_svg.h"
#include "rest/json/record_json.h"

namespace commander::rest {

namespace {

struct Format {
    std::string_view name;
    std::string_view contentType;
    std::string (*write)(const LineageGraph &);
};

constexpr Format formats[] = {
    {"json", "application/json",
     [](const LineageGraph &graph) {
         std::string json;
         appendLineage(json, graph);
         return json;
     }},
    {"dot", "text/vnd.graphviz; charset=utf-8", lineageToDot},
    {"mermaid", "text/plain; charset=utf-8", lineageToMermaid},
    {"svg", "image/svg+xml", lineageToSvg},
};

Result<Format> formatOf(const QueryParams &query)
{
    const auto name = query.text("format").value_or("json");
    for (const auto &format : formats) {
        if (format.name == name)
            return format;
    }
    return fail(ErrorCode::InvalidArgument, "unknown format " + name, "format", "Use json, dot, mermaid or svg.");
}

/// Nothing: the whole chain.
Result<std::optional<LineagePart>> partOf(const QueryParams &query)
{
    const auto depth = query.number("depth");
    if (!depth)
        return fail(depth.error());
    const auto directions = query.list("direction");
    if (directions.empty() && !*depth)
        return std::nullopt;
    LineagePart part{directions.empty(), directions.empty(), {}};
    for (const auto &direction : directions) {
        if (direction != "up" && direction != "down") {
            return fail(ErrorCode::InvalidArgument, "unknown direction " + direction, "direction",
                        "Use up, down or both with a comma between.");
        }
        (direction == "up" ? part.causes : part.effects) = true;
    }
    if (*depth)
        part.depth = static_cast<std::size_t>(**depth);
    return part;
}

} // namespace

Result<Response> lineageResponse(Engine &engine, const Uuid &record, const QueryParams &query, std::stop_token stop)
{
    const auto format = formatOf(query);
    if (!format)
        return fail(format.error());
    const auto part = partOf(query);
    if (!part)
        return fail(part.error());
    auto graph = engine.lineage().around(record, limits::lineageNodesMax, stop);
    if (!graph)
        return fail(graph.error());
    if (*part)
        *graph = partOfLineage(*graph, **part);
    Response response;
    response.contentType = format->contentType;
    response.body = format->write(*graph);
    response.at(engine.updates().progress().indexed);
    return response;
}

} // namespace commander::rest
