// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/lineage.h>

#include <optional>
#include <QAbstractItemModel>
#include <vector>

namespace commander::ui {

/// The same chain as the graph, as a tree: each node under its (first) cause. Every node has a row, grouped or not. GUI
/// thread only.
class LineageTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { What, Kind, Status, Key, Details, Time, After, PositionColumn, ColumnCount };

    explicit LineageTreeModel(Theme &theme, QObject *parent = nullptr);
    void setGraph(const LineageGraph &graph);
    /// By index into the graph's nodes.
    [[nodiscard]] QModelIndex indexOf(std::size_t node) const;
    [[nodiscard]] std::optional<std::size_t> nodeAt(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Place {
        std::size_t parent = none;
        int row = 0;
        std::vector<std::size_t> children;
    };
    [[nodiscard]] QString text(std::size_t node, int column) const;

    Theme &m_theme;
    std::vector<LineageNode> m_nodes;
    std::vector<Place> m_places; ///< one per node
    std::vector<std::size_t> m_roots;
};

} // namespace commander::ui
