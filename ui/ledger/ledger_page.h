// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "main_window/page.h"
#include "models/record_window_model.h"
#include "theme/theme.h"

#include <QTimer>

class QSplitter;
class QStackedWidget;

namespace commander::ui {

class EmptyState;
class FilterBar;
class FilterChips;
class IconButton;
class RecordPanel;
class RecordTable;
class SearchStrip;
class SegmentedControl;

/// Every record of the ledger, live, with a filter and the details of the one that is selected.
class LedgerPage final : public Page {
    Q_OBJECT
public:
    LedgerPage(EngineLink &link, Selection &selection, Theme &theme, std::function<QString()> baseUrl,
               QWidget *parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Ledger"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("ledger"); }
    void activate() override;
    void deactivate() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;

    [[nodiscard]] RecordTable &table() { return *m_table; }
    [[nodiscard]] RecordWindowModel &model() { return m_model; }

private:
    [[nodiscard]] QWidget *makeBar(Theme &theme);
    void connectTable();
    void connectShortcuts();
    void applyFilter();
    void showSelected(); ///< the selection changed, here or on another page
    void selectPosition(Position position);
    void setTimeStyle(int choice);
    void setFollowing(bool following);
    void showFollowing(bool following);
    void updateEmptyState();
    void askWhereTo();
    void exportRecords();
    void goTo(Position position);
    void goToTime(Timestamp time);
    void stepInChain(int direction);
    void showMenu(Position position, int column, const QPoint &place);
    void takeKey(const QString &key);

    Theme &m_theme;
    std::function<QString()> m_baseUrl;
    RecordWindowModel m_model;
    RecordTable *m_table;
    RecordPanel *m_panel;
    FilterBar *m_filterBar;
    FilterChips *m_chips;
    SearchStrip *m_strip;
    SegmentedControl *m_times;
    IconButton *m_follow;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QSplitter *m_splitter;
    QTimer m_ageTimer; ///< relative times grow old
    Ask m_askSelected; ///< the record behind a position or an id
    Ask m_askWhere;
    bool m_active = false;
    bool m_filterWaits = false;   ///< it changed while the page was hidden
    bool m_selectingHere = false; ///< the table already shows what is being selected
};

} // namespace commander::ui
