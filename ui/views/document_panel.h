// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace commander::ui {

class DocumentTreeModel;
class ElidedLabel;
class EmptyState;
class OriginPanel;

/// One document at the chosen moment: its fields, and who set them. GUI thread only.
class DocumentPanel final : public QWidget {
    Q_OBJECT
public:
    DocumentPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    void setActive(bool active);
    void refresh();

private:
    struct State {
        Document document;
        std::vector<FieldOrigin> origins;
    };
    void build(Theme &theme);
    void ask();
    void take(Result<State> answer);
    void tellOrigin();
    void showNothing(const QString &title, const QString &body);

    // Constant after construction
    EngineLink &m_link;
    Selection &m_selection;
    DocumentTreeModel *m_model;
    ElidedLabel *m_title = nullptr;
    ElidedLabel *m_facts = nullptr;
    QTreeView *m_tree = nullptr;
    OriginPanel *m_origin = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;

    // GUI thread only
    bool m_active = false;
    std::optional<Selection::DocumentKey> m_shown; ///< whose fields the tree holds
    Position m_shownPosition;
    QString m_field; ///< pointer of the chosen field; stays chosen while the moment moves
    Ask m_ask;
};

} // namespace commander::ui
