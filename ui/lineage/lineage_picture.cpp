// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_picture.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace commander::ui {

namespace {

/// Siblings with the same key may share a card. `alone` makes a key unique.
using GroupKey = std::tuple<std::size_t, LineageNode::Kind, std::string, CommandStatus, bool, std::size_t>;

std::vector<std::vector<std::size_t>> causesOf(const LineageGraph &graph)
{
    std::vector<std::vector<std::size_t>> causes(graph.nodes.size());
    for (const auto &edge : graph.edges) {
        if (edge.cause < graph.nodes.size() && edge.effect < graph.nodes.size() && edge.cause != edge.effect)
            causes[edge.effect].push_back(edge.cause);
    }
    return causes;
}

/// The focus and all that led to it: these are always drawn one by one.
std::vector<bool> pathTo(std::size_t focus, const std::vector<std::vector<std::size_t>> &causes)
{
    std::vector<bool> onPath(causes.size());
    std::vector<std::size_t> open;
    if (focus < causes.size())
        open.push_back(focus);
    while (!open.empty()) {
        const auto node = open.back();
        open.pop_back();
        if (onPath[node])
            continue;
        onPath[node] = true;
        open.insert(open.end(), causes[node].begin(), causes[node].end());
    }
    return onPath;
}

std::string labelOf(const LineageNode &node)
{
    if (node.change)
        return node.change->view;
    return node.record ? node.record->action : std::string();
}

} // namespace

LineagePicture pictureOf(const LineageGraph &graph, std::size_t nodesMax)
{
    LineagePicture picture;
    picture.hidden = graph.hidden;
    picture.nodeOf.assign(graph.nodes.size(), LineagePicture::none);
    const auto causes = causesOf(graph);
    const auto onPath = pathTo(graph.focus, causes);
    const bool grouping = graph.nodes.size() > nodesMax;

    std::map<GroupKey, std::size_t> groups;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto &node = graph.nodes[i];
        // Causes come first, so the card of the cause is known already: whole subtrees fold up in one pass.
        const auto above = causes[i].empty() ? LineagePicture::none : picture.nodeOf[causes[i].front()];
        const bool alone = !grouping || onPath[i] || causes[i].size() != 1 || above == LineagePicture::none;
        const GroupKey key{above, node.kind, labelOf(node), node.status, node.orphan, alone ? i : LineagePicture::none};
        const auto [found, isNew] = groups.try_emplace(key, picture.nodes.size());
        if (isNew)
            picture.nodes.emplace_back();
        picture.nodes[found->second].members.push_back(i);
        picture.nodeOf[i] = found->second;
    }

    if (picture.nodes.size() > nodesMax) {
        std::vector<PictureNode> kept;
        std::vector<std::size_t> moved(picture.nodes.size(), LineagePicture::none);
        const auto isOnPath = [&](const PictureNode &node) { return onPath[node.members.front()]; };
        auto left = nodesMax
            - std::min<std::size_t>(
                        nodesMax,
                        static_cast<std::size_t>(std::count_if(picture.nodes.begin(), picture.nodes.end(), isOnPath)));
        for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
            if (!isOnPath(picture.nodes[i]) && left == 0) {
                picture.hidden += picture.nodes[i].members.size();
                continue;
            }
            left -= isOnPath(picture.nodes[i]) ? 0 : 1;
            moved[i] = kept.size();
            kept.push_back(std::move(picture.nodes[i]));
        }
        picture.nodes = std::move(kept);
        for (auto &node : picture.nodeOf)
            node = node == LineagePicture::none ? node : moved[node];
    }

    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (std::size_t effect = 0; effect < causes.size(); ++effect) {
        for (const auto cause : causes[effect]) {
            const auto from = picture.nodeOf[cause];
            const auto to = picture.nodeOf[effect];
            if (from != LineagePicture::none && to != LineagePicture::none && seen.emplace(from, to).second)
                picture.edges.push_back({from, to});
        }
    }
    if (graph.focus < picture.nodeOf.size() && picture.nodeOf[graph.focus] != LineagePicture::none)
        picture.focus = picture.nodeOf[graph.focus];
    return picture;
}

bool isIncomplete(const LineageGraph &graph)
{
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const LineageNode &node) {
        return node.kind == LineageNode::Kind::Command && node.status == CommandStatus::Accepted;
    });
}

bool sameContent(const LineageGraph &a, const LineageGraph &b)
{
    const auto same = [](const LineageNode &x, const LineageNode &y) {
        const auto id = [](const LineageNode &node) { return node.record ? node.record->id : Uuid{}; };
        return x.kind == y.kind && x.status == y.status && x.orphan == y.orphan && id(x) == id(y)
            && x.change.has_value() == y.change.has_value()
            && (!x.change || (x.change->view == y.change->view && x.change->key == y.change->key));
    };
    return a.hidden == b.hidden && a.edges.size() == b.edges.size()
        && std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), same);
}

} // namespace commander::ui
