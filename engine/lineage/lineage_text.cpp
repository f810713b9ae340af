// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_svg.h"

#include <array>
#include <string_view>

namespace commander {

namespace {

constexpr std::array<std::string_view, 4> kindNames{"command", "event", "result", "change"};
constexpr std::array<std::string_view, 4> dotShapes{"box", "ellipse", "note", "cylinder"};

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// A DOT quoted string: only the quote ends it, but labels also read backslashes as escapes.
std::string dotEscaped(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (isControl(c)) {
            escaped += ' ';
            continue;
        }
        if (c == '"' || c == '\\')
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

/// Mermaid knows no backslash; characters that mean something to it or to HTML are written as its #entities.
std::string mermaidEscaped(std::string_view text)
{
    constexpr std::string_view special = "#\"<>&;`\\{}[]()|";
    std::string escaped;
    for (const char c : text) {
        if (isControl(c))
            escaped += ' ';
        else if (special.find(c) != std::string_view::npos)
            escaped += "#" + std::to_string(static_cast<int>(c)) + ";";
        else
            escaped += c;
    }
    return escaped;
}

template <class Escape>
std::string joined(const std::vector<std::string> &lines, std::string_view newLine, Escape escape)
{
    std::string text;
    for (const auto &line : lines) {
        if (!text.empty())
            text += newLine;
        text += escape(line);
    }
    return text;
}

} // namespace

std::string_view lineageKindName(const LineageNode &node)
{
    return kindNames[static_cast<std::size_t>(node.kind)];
}

std::string lineageHiddenText(const LineageGraph &graph)
{
    return std::to_string(graph.hidden) + " more not shown";
}

std::vector<std::string> lineageLabel(const LineageNode &node)
{
    std::vector<std::string> lines;
    if (node.change) {
        lines.push_back(node.change->view + "/" + node.change->key);
        lines.emplace_back(node.change->created ? "created" : node.change->removed ? "removed" : "changed");
    } else {
        lines.push_back(node.record->action);
        auto detail = std::string(lineageKindName(node)) + " " + node.record->id.text();
        if (node.kind == LineageNode::Kind::Command)
            detail += " (" + std::string(commandStatusName(node.status)) + ")";
        lines.push_back(std::move(detail));
        if (!node.record->key.empty())
            lines.push_back("key " + node.record->key);
    }
    if (node.orphan)
        lines.push_back("parent " + node.record->parent.text() + " is missing");
    return lines;
}

std::string lineageToDot(const LineageGraph &graph)
{
    std::string dot = "digraph lineage {\n    rankdir=LR;\n    node [fontname=\"sans-serif\"];\n";
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto &node = graph.nodes[i];
        dot += "    n" + std::to_string(i) + " [shape=" + std::string(dotShapes[static_cast<std::size_t>(node.kind)]);
        if (i == graph.focus)
            dot += ", penwidth=2";
        if (node.orphan)
            dot += ", style=dashed";
        dot += ", label=\"" + joined(lineageLabel(node), "\\n", dotEscaped) + "\"];\n";
    }
    for (const auto &edge : graph.edges)
        dot += "    n" + std::to_string(edge.cause) + " -> n" + std::to_string(edge.effect) + ";\n";
    if (graph.hidden > 0)
        dot += "    hidden [shape=plaintext, label=\"" + lineageHiddenText(graph) + "\"];\n";
    return dot + "}\n";
}

std::string lineageToMermaid(const LineageGraph &graph)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> brackets{
        {{"[", "]"}, {"([", "])"}, {"{{", "}}"}, {"[(", ")]"}}};
    std::string mermaid = "flowchart LR\n";
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto &node = graph.nodes[i];
        const auto &[open, close] = brackets[static_cast<std::size_t>(node.kind)];
        mermaid += "    n" + std::to_string(i) + std::string(open) + "\"";
        mermaid += joined(lineageLabel(node), "<br/>", mermaidEscaped) + "\"" + std::string(close) + "\n";
    }
    for (const auto &edge : graph.edges)
        mermaid += "    n" + std::to_string(edge.cause) + " --> n" + std::to_string(edge.effect) + "\n";
    if (!graph.nodes.empty())
        mermaid += "    style n" + std::to_string(graph.focus) + " stroke-width:3px\n";
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].orphan)
            mermaid += "    style n" + std::to_string(i) + " stroke-dasharray:4 4\n";
    }
    if (graph.hidden > 0)
        mermaid += "    hidden[\"" + lineageHiddenText(graph) + "\"]\n";
    return mermaid;
}

} // namespace commander
