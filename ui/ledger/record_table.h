// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/record_window_model.h"
#include "theme/theme.h"

#include <optional>
#include <QWidget>

class QPushButton;
class QScrollBar;
class QSettings;
class QTableView;

namespace commander::ui {

/// The live table of records. The inner table only ever has the rows that fit on the screen; the scroll bar beside it
/// moves the model's window over the whole. Following keeps the newest record in sight; scrolling up pauses and counts
/// what is new.
class RecordTable final : public QWidget {
    Q_OBJECT
public:
    RecordTable(RecordWindowModel &model, Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] std::optional<Position> current() const { return m_current; }
    /// Marks a record; null marks none.
    void setCurrent(std::optional<Position> position);
    /// Marks it and brings it into sight: itself, or the nearest one that the filter shows.
    void goTo(Position position);

    [[nodiscard]] bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    /// Records that came since following stopped.
    [[nodiscard]] std::uint64_t newCount() const;

    void saveColumns(QSettings &settings) const;
    void restoreColumns(const QSettings &settings);
    [[nodiscard]] QTableView &grid() { return *m_grid; }

Q_SIGNALS:
    void currentChanged(const commander::Position &position); ///< by the user
    void followingChanged(bool following);
    void menuRequested(const commander::Position &position, int column, const QPoint &globalPlace);
    void activated(const commander::Position &position); ///< double click or Return
    void keyTyped(const QString &text);                  ///< printable keys that the table has no use for

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUpGrid(Theme &theme);
    void setUpColumns();
    void layOut(); ///< window, scroll bar and mark after anything changed
    void scrollTo(std::uint64_t first);
    void bringIntoSight(std::uint64_t index);
    void showMark();
    void showPill();
    bool takeKey(int key, const QString &text, Qt::KeyboardModifiers modifiers);
    void moveCurrent(std::int64_t by);
    [[nodiscard]] std::uint64_t rowsThatFit() const;
    [[nodiscard]] std::uint64_t lastFirst() const; ///< index of the first row when scrolled to the end

    RecordWindowModel &m_model;
    QTableView *m_grid;
    QScrollBar *m_bar;
    QPushButton *m_pill;
    std::optional<Position> m_current;
    std::uint64_t m_totalWhenPaused = 0;
    int m_wheelRest = 0; ///< part of a step, from fine wheels and touch pads
    bool m_following = true;
    bool m_syncing = false; ///< we move bar or mark ourselves
};

} // namespace commander::ui
