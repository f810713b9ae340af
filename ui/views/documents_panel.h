// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <QTimer>
#include <QWidget>

class QAbstractItemModel;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace commander::ui {

class DocumentListModel;
class ViewListModel;

/// The views, and the documents of the chosen one. GUI thread only.
class DocumentsPanel final : public QWidget {
    Q_OBJECT
public:
    DocumentsPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    void setActive(bool active);
    void refresh(); ///< the ledger has grown

Q_SIGNALS:
    void failed(const commander::Error &error);
    void viewsLoaded();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QTableView *makeTable(const QString &name, QAbstractItemModel *model);
    void build(Theme &theme);
    void askViews();
    void takeViews(std::vector<ViewStatus> views);
    void chooseView(const QString &name);
    void askDocuments();
    void takeDocuments();
    void followSelection();

    // Constant after construction
    EngineLink &m_link;
    Selection &m_selection;
    ViewListModel *m_views;
    DocumentListModel *m_documents;
    QTableView *m_viewTable = nullptr;
    QTableView *m_documentTable = nullptr;
    QLineEdit *m_prefix = nullptr;
    QLabel *m_none = nullptr;
    QStackedWidget *m_stack = nullptr;

    // GUI thread only
    bool m_active = false;
    bool m_rowsMove = false; ///< the list changes by itself: a new current row is nobody's choice
    std::string m_view;
    QTimer m_typing;
    Ask m_viewsAsk;
};

} // namespace commander::ui
