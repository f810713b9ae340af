// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/graph_layout.h"

#include <algorithm>
#include <igraph/igraph.h>
#include <mutex>
#include <numeric>

namespace commander::ui {

namespace {

// igraph keeps its error handler and its clean-up stack in process-wide variables unless it was built otherwise.
std::mutex igraphMutex;

/// Owns one igraph object; only destroys what was made.
template <class T, void (*Destroy)(T *)> class Owned {
public:
    Owned() = default;
    ~Owned()
    {
        if (m_made)
            Destroy(&m_value);
    }
    Owned(const Owned &) = delete;
    Owned &operator=(const Owned &) = delete;
    [[nodiscard]] T *get() noexcept { return &m_value; }
    [[nodiscard]] bool made(igraph_error_t code) noexcept { return m_made = code == IGRAPH_SUCCESS; }

private:
    T m_value{};
    bool m_made = false;
};
using Vector = Owned<igraph_vector_int_t, igraph_vector_int_destroy>;
using Matrix = Owned<igraph_matrix_t, igraph_matrix_destroy>;
using Graph = Owned<igraph_t, igraph_destroy>;

/// Errors come back as codes instead of ending the program, for as long as this lives.
class ErrorsAsCodes {
public:
    ErrorsAsCodes() : m_before(igraph_set_error_handler(igraph_error_handler_ignore)) { }
    ~ErrorsAsCodes() { igraph_set_error_handler(m_before); }
    ErrorsAsCodes(const ErrorsAsCodes &) = delete;
    ErrorsAsCodes &operator=(const ErrorsAsCodes &) = delete;

private:
    igraph_error_handler_t *m_before;
};

/// Longest way from a node without causes; edges that close a circle are dropped from `edges`.
std::vector<int> layersOf(std::size_t nodes, std::vector<LineageEdge> &edges)
{
    std::vector<std::vector<std::size_t>> effects(nodes);
    std::vector<int> causesLeft(nodes);
    for (const auto &edge : edges) {
        effects[edge.cause].push_back(edge.effect);
        ++causesLeft[edge.effect];
    }
    std::vector<int> layers(nodes);
    std::vector<bool> done(nodes);
    std::vector<std::size_t> open;
    for (std::size_t node = 0; node < nodes; ++node) {
        if (causesLeft[node] == 0)
            open.push_back(node);
    }
    std::size_t finished = 0;
    std::size_t next = 0;
    while (finished < nodes) {
        if (open.empty()) {
            // Only circles are left: go on with the first of them, as if its missing causes were not there.
            while (done[next])
                ++next;
            causesLeft[next] = 0;
            open.push_back(next);
        }
        const auto node = open.back();
        open.pop_back();
        if (done[node])
            continue;
        done[node] = true;
        ++finished;
        for (const auto effect : effects[node]) {
            if (done[effect])
                continue;
            layers[effect] = std::max(layers[effect], layers[node] + 1);
            if (--causesLeft[effect] == 0)
                open.push_back(effect);
        }
    }
    std::erase_if(edges, [&](const LineageEdge &edge) { return layers[edge.cause] >= layers[edge.effect]; });
    return layers;
}

/// The order within each layer, as a coordinate with steps of about 1.
Result<std::vector<double>> orderWithinLayers(const std::vector<int> &layers, const std::vector<LineageEdge> &edges)
{
    const std::lock_guard lock(igraphMutex);
    const ErrorsAsCodes codes;
    const auto refused = [](igraph_error_t code) {
        return fail(ErrorCode::Internal, std::string("the graph could not be laid out: ") + igraph_strerror(code),
                    "igraph");
    };
    const auto nodes = static_cast<igraph_integer_t>(layers.size());

    Vector ends;
    auto code = igraph_vector_int_init(ends.get(), static_cast<igraph_integer_t>(edges.size() * 2));
    if (!ends.made(code))
        return refused(code);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        VECTOR(*ends.get())[2 * i] = static_cast<igraph_integer_t>(edges[i].cause);
        VECTOR(*ends.get())[2 * i + 1] = static_cast<igraph_integer_t>(edges[i].effect);
    }
    Vector columns;
    code = igraph_vector_int_init(columns.get(), nodes);
    if (!columns.made(code))
        return refused(code);
    for (std::size_t i = 0; i < layers.size(); ++i)
        VECTOR(*columns.get())[i] = layers[i];
    Graph graph;
    code = igraph_create(graph.get(), ends.get(), nodes, IGRAPH_DIRECTED);
    if (!graph.made(code))
        return refused(code);
    Matrix places;
    code = igraph_matrix_init(places.get(), 0, 0);
    if (!places.made(code))
        return refused(code);
    constexpr igraph_integer_t sweeps = 50;
    code = igraph_layout_sugiyama(graph.get(), places.get(), nullptr, nullptr, columns.get(), 1, 1, sweeps, nullptr);
    if (code != IGRAPH_SUCCESS)
        return refused(code);

    std::vector<double> order(layers.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = MATRIX(*places.get(), static_cast<igraph_integer_t>(i), 0);
    return order;
}

/// Moves the cards of one layer as little as possible (least squares) so that none overlap and their order stays.
void spread(const std::vector<std::size_t> &layer, const std::vector<QSizeF> &sizes, double gap,
            std::vector<double> &centres)
{
    // With the needed distances taken off, "in order and apart" becomes "never decreasing": pool what decreases.
    struct Pool {
        double sum = 0;
        std::size_t count = 0;
        [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Pool> pools;
    std::vector<double> offsets(layer.size());
    for (std::size_t i = 0; i < layer.size(); ++i) {
        if (i > 0)
            offsets[i] = offsets[i - 1] + (sizes[layer[i - 1]].height() + sizes[layer[i]].height()) / 2 + gap;
        pools.push_back({centres[layer[i]] - offsets[i], 1});
        while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
            pools[pools.size() - 2].sum += pools.back().sum;
            pools[pools.size() - 2].count += pools.back().count;
            pools.pop_back();
        }
    }
    std::size_t i = 0;
    for (const auto &pool : pools) {
        for (std::size_t n = 0; n < pool.count; ++n, ++i)
            centres[layer[i]] = pool.mean() + offsets[i];
    }
}

} // namespace

Result<GraphLayout> layoutGraph(const std::vector<QSizeF> &sizes, const std::vector<LineageEdge> &allEdges,
                                GraphSpacing spacing)
{
    GraphLayout layout;
    if (sizes.empty())
        return layout;
    auto edges = allEdges;
    for (const auto &edge : edges) {
        if (edge.cause >= sizes.size() || edge.effect >= sizes.size())
            return fail(ErrorCode::InvalidArgument, "an edge names a node that is not there");
    }
    layout.layers = layersOf(sizes.size(), edges);
    const auto order = orderWithinLayers(layout.layers, edges);
    if (!order)
        return fail(order.error());

    const auto layerCount = static_cast<std::size_t>(*std::max_element(layout.layers.begin(), layout.layers.end())) + 1;
    std::vector<std::vector<std::size_t>> byLayer(layerCount);
    for (std::size_t node = 0; node < sizes.size(); ++node)
        byLayer[static_cast<std::size_t>(layout.layers[node])].push_back(node);

    const auto heights = std::accumulate(sizes.begin(), sizes.end(), 0.0,
                                         [](double sum, const QSizeF &s) { return sum + s.height(); });
    const auto step = heights / static_cast<double>(sizes.size()) + spacing.betweenCards;
    std::vector<double> centres(sizes.size());
    std::transform(order->begin(), order->end(), centres.begin(), [step](double place) { return place * step; });

    layout.cards.resize(sizes.size());
    double left = 0;
    for (auto &layer : byLayer) {
        std::stable_sort(layer.begin(), layer.end(), [&](auto a, auto b) { return (*order)[a] < (*order)[b]; });
        spread(layer, sizes, spacing.betweenCards, centres);
        double width = 0;
        for (const auto node : layer) {
            width = std::max(width, sizes[node].width());
            layout.cards[node] = QRectF(QPointF(left, centres[node] - sizes[node].height() / 2), sizes[node]);
            layout.bounds |= layout.cards[node];
        }
        left += width + spacing.betweenLayers;
    }
    for (auto &card : layout.cards)
        card.translate(-layout.bounds.topLeft());
    layout.bounds.moveTopLeft({0, 0});
    return layout;
}

} // namespace commander::ui
