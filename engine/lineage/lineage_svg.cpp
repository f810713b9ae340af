// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_svg.h"

#include <algorithm>
#include <array>

namespace commander {

namespace {

constexpr std::size_t columnWidth = 340;
constexpr std::size_t boxWidth = 280;
constexpr std::size_t rowHeight = 76;
constexpr std::size_t boxHeight = 60;
constexpr std::size_t lineHeight = 16;
constexpr std::size_t margin = 16;
constexpr std::size_t lettersMax = 40; ///< as many fit into a box

constexpr std::array<std::string_view, 4> fills{"#dbeafe", "#dcfce7", "#f3f4f6", "#fef3c7"};

/// Text of an XML element, cut to what fits.
std::string svgText(std::string_view text)
{
    std::string out;
    std::size_t letters = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool begins = (byte & 0xc0) != 0x80; // not the middle of a UTF-8 letter
        if (begins && letters++ == lettersMax)
            return out + "…";
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return out;
}

struct Place {
    std::size_t column = 0;
    std::size_t top = 0; ///< in half rows, so that a cause stands in the middle of its effects

    [[nodiscard]] std::size_t x() const { return margin + column * columnWidth; }
    [[nodiscard]] std::size_t y() const { return margin + top * rowHeight / 2; }
};

/// Each node stands below its first cause; further causes only draw an edge. Causes come before their effects in the
/// graph, so one pass in each direction is enough.
std::vector<Place> placesOf(const LineageGraph &graph, std::size_t &columns, std::size_t &rows)
{
    const auto count = graph.nodes.size();
    std::vector<Place> places(count);
    std::vector<std::vector<std::size_t>> children(count);
    std::vector<bool> hasCause(count);
    for (const auto &edge : graph.edges) {
        places[edge.effect].column = std::max(places[edge.effect].column, places[edge.cause].column + 1);
        if (!hasCause[edge.effect])
            children[edge.cause].push_back(edge.effect);
        hasCause[edge.effect] = true;
    }
    std::vector<std::size_t> leaves(count);
    for (auto i = count; i-- > 0;) {
        for (const auto child : children[i])
            leaves[i] += leaves[child];
        leaves[i] = std::max<std::size_t>(leaves[i], 1);
    }
    std::vector<std::size_t> first(count); // row of the topmost leaf
    for (std::size_t i = 0; i < count; ++i) {
        if (!hasCause[i]) {
            first[i] = rows;
            rows += leaves[i];
        }
        auto next = first[i];
        for (const auto child : children[i]) {
            first[child] = next;
            next += leaves[child];
        }
        places[i].top = 2 * first[i] + leaves[i] - 1;
        columns = std::max(columns, places[i].column + 1);
    }
    return places;
}

void appendEdge(std::string &svg, const Place &from, const Place &to)
{
    const auto x1 = std::to_string(from.x() + boxWidth);
    const auto y1 = std::to_string(from.y() + boxHeight / 2);
    const auto x2 = std::to_string(to.x());
    const auto y2 = std::to_string(to.y() + boxHeight / 2);
    const auto middle = std::to_string((from.x() + boxWidth + to.x()) / 2);
    svg += "<path d=\"M" + x1 + ' ' + y1 + " C" + middle + ' ' + y1 + ' ' + middle + ' ' + y2 + ' ' + x2 + ' ' + y2
        + "\" fill=\"none\" stroke=\"#6b7280\"/>\n";
}

void appendNode(std::string &svg, const LineageNode &node, const Place &place, bool focus)
{
    svg += "<g><rect x=\"" + std::to_string(place.x()) + "\" y=\"" + std::to_string(place.y()) + "\" width=\""
        + std::to_string(boxWidth) + "\" height=\"" + std::to_string(boxHeight) + "\" rx=\"6\" fill=\""
        + std::string(fills[static_cast<std::size_t>(node.kind)]) + "\" stroke=\"#1f2937\" stroke-width=\""
        + (focus ? "3" : "1") + '"' + (node.orphan ? " stroke-dasharray=\"4 4\"" : "") + "/>";
    std::size_t line = 1;
    for (const auto &text : lineageLabel(node)) {
        svg += "<text x=\"" + std::to_string(place.x() + 8) + "\" y=\""
            + std::to_string(place.y() + line * lineHeight + 2) + '"' + (line == 1 ? " font-weight=\"bold\"" : "") + '>'
            + svgText(text) + "</text>";
        ++line;
    }
    svg += "</g>\n";
}

} // namespace

std::string lineageToSvg(const LineageGraph &graph)
{
    std::size_t columns = 0;
    std::size_t rows = 0;
    const auto places = placesOf(graph, columns, rows);
    const auto width = std::to_string(2 * margin + columns * columnWidth);
    const auto height = std::to_string(2 * margin + (rows + (graph.hidden > 0 ? 1 : 0)) * rowHeight);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
        + "\" viewBox=\"0 0 " + width + ' ' + height + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
        + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    for (const auto &edge : graph.edges)
        appendEdge(svg, places[edge.cause], places[edge.effect]);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        appendNode(svg, graph.nodes[i], places[i], i == graph.focus);
    if (graph.hidden > 0) {
        svg += "<text x=\"" + std::to_string(margin) + "\" y=\""
            + std::to_string(margin + rows * rowHeight + lineHeight) + "\">" + lineageHiddenText(graph) + "</text>\n";
    }
    return svg + "</svg>\n";
}

} // namespace commander
