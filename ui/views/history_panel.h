// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <optional>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTableView;

namespace commander::ui {

class HistoryModel;

/// The changes of the document; choosing one selects its event, activating one goes to that moment. GUI thread only.
class HistoryPanel final : public QWidget {
    Q_OBJECT
public:
    HistoryPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    void setActive(bool active);
    void refresh();
    void setPins(const std::optional<Position> &a, const std::optional<Position> &b);

Q_SIGNALS:
    void pinAWanted(commander::Position position);
    void pinBWanted(commander::Position position);
    void failed(const commander::Error &error);

private:
    void build();
    void follow();
    void tellState();
    void openMenu(const QPoint &point);

    EngineLink &m_link;
    Selection &m_selection;
    HistoryModel *m_model;
    QTableView *m_table = nullptr;
    QLabel *m_none = nullptr;
    QStackedWidget *m_stack = nullptr;
    bool m_active = false;
};

} // namespace commander::ui
