// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "lineage/node_item.h"
#include "main_window/page.h"
#include "theme/theme.h"

#include <optional>
#include <QTimer>

class QPushButton;
class QStackedWidget;
class QTreeView;

namespace commander::ui {

class Banner;
class ElidedLabel;
class EmptyState;
class GraphCanvas;
class GraphScene;
class LineageTreeModel;
struct PlacedLineage;

/// Why something happened and what came of it: the whole chain of the selected record, as a graph and as a table.
class LineagePage final : public Page {
    Q_OBJECT
public:
    LineagePage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    ~LineagePage() override;

    [[nodiscard]] QString title() const override { return tr("Lineage"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("lineage"); }
    void activate() override;
    void deactivate() override;

private:
    void build();
    [[nodiscard]] QWidget *buildToolBar();
    [[nodiscard]] QTreeView *buildTable();
    void connectParts();
    void followSelection();
    void ask();
    void noticeProgress();
    void take(Result<PlacedLineage> answer);
    void draw(PlacedLineage lineage);
    void choose(std::size_t node);        ///< by index into the picture's nodes
    void chooseInGraph(std::size_t node); ///< by index into the graph's nodes
    void open(std::size_t node);
    void mark(std::optional<std::size_t> graphNode); ///< in graph and table
    void tellCurrent();
    void tellHead();
    void savePicture(const QString &suffix);
    [[nodiscard]] std::optional<std::size_t> graphNodeOf(const Uuid &record) const;
    [[nodiscard]] bool isSelected(std::size_t graphNode) const; ///< record and, for a change, document too

    // Constant after construction
    Theme &m_theme;
    GraphScene *m_scene;
    LineageTreeModel *m_model;
    GraphCanvas *m_canvas = nullptr;
    QTreeView *m_table = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    Banner *m_error = nullptr;
    Banner *m_hidden = nullptr;
    ElidedLabel *m_head = nullptr;
    QPushButton *m_export = nullptr;
    NodeItem::Metrics m_metrics;

    // GUI thread only
    bool m_active = false;
    bool m_incomplete = false;                ///< results of the chain are still to come
    bool m_fresh = true;                      ///< another chain than before: fit it
    Uuid m_asked;                             ///< whose chain is shown or on its way
    Position m_seen;                          ///< index position of the last answer
    std::optional<std::size_t> m_currentNode; ///< by index into the graph's nodes
    QTimer m_refresh;
    Ask m_ask;
};

} // namespace commander::ui
