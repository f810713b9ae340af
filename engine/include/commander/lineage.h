// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/limits.h>
#include <commander/record.h>
#include <commander/views.h>

#include <optional>
#include <stop_token>
#include <vector>

namespace commander {

struct LineageNode {
    enum class Kind { Command, Event, Result, Change };
    Kind kind = Kind::Command;
    RecordPtr record;                               ///< for Change: the event that made it
    std::optional<DocumentChange> change;           ///< only for Change
    CommandStatus status = CommandStatus::Accepted; ///< only for Command
    bool orphan = false;                            ///< its parent is named but not in the ledger
};

/// From cause to effect, by index into nodes. Every edge here is recorded, none is inferred.
struct LineageEdge {
    std::size_t cause = 0;
    std::size_t effect = 0;
};

/// The chain around one record: command → result, events → follow-up commands → … → document changes.
/// nodes[0] is the oldest; causes come before their effects.
struct LineageGraph {
    std::vector<LineageNode> nodes;
    std::vector<LineageEdge> edges;
    std::size_t focus = 0;  ///< the node asked for
    std::size_t hidden = 0; ///< nodes beyond the limit, counted but not listed
};

/// Thread-safe and blocking: never call it from the GUI thread.
class Lineage {
public:
    virtual ~Lineage() = default;
    /// The whole chain (same correlation) that the record belongs to. Errors NotFound, Cancelled.
    [[nodiscard]] virtual Result<LineageGraph>
    around(const Uuid &record, std::size_t nodesMax = limits::lineageNodesMax, std::stop_token stop = {}) = 0;
};

/// Graphviz DOT and Mermaid text of a graph.
[[nodiscard]] std::string lineageToDot(const LineageGraph &graph);
[[nodiscard]] std::string lineageToMermaid(const LineageGraph &graph);

} // namespace commander
