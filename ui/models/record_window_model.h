// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/match_collector.h"
#include "models/page_cache.h"
#include "models/record_columns.h"

#include <optional>
#include <QAbstractTableModel>
#include <QTimer>

namespace commander::ui {

/// A window of a few rows onto the whole ledger, or onto a filter's matches. The table sees only these rows, so nothing
/// here costs more when the ledger grows. Rows that are not in memory are shown as loading; data() never waits.
///
/// "Index" is a row's place in the whole (64 bits); "row" is its place in the window.
class RecordWindowModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr std::size_t pageRows = 200;
    static constexpr std::size_t pagesMax = 48;
    enum Role { LoadedRole = Qt::UserRole, KindRole, StatusRole, PositionRole };

    explicit RecordWindowModel(EngineLink &link, QObject *parent = nullptr);

    /// All records when the filter lets all through.
    void setFilter(const RecordFilter &filter);
    [[nodiscard]] bool isFiltered() const { return m_filtered; }
    [[nodiscard]] MatchCollector &matches() { return m_matches; }

    /// An inactive model asks the engine nothing; activating catches up.
    void setActive(bool active);
    void setTimeStyle(TimeStyle style);
    [[nodiscard]] TimeStyle timeStyle() const { return m_timeStyle; }
    void refreshTimes(); ///< relative times age

    [[nodiscard]] std::uint64_t total() const { return m_total; }
    [[nodiscard]] std::uint64_t first() const { return m_first; }
    /// Moves the window; both are cut to what there is.
    void setWindow(std::uint64_t first, std::uint64_t rows);

    /// The position that an index shows.
    [[nodiscard]] Position positionAt(std::uint64_t index) const;
    /// Where a position is shown; nothing when the filter hides it or it does not exist (yet).
    [[nodiscard]] std::optional<std::uint64_t> indexOf(Position position) const;
    /// The first index at or after a position (the last one when there is none).
    [[nodiscard]] std::uint64_t indexNear(Position position) const;
    /// Null pointer while it is not loaded.
    [[nodiscard]] const RecordRow *rowAt(int row) const;
    [[nodiscard]] std::size_t cachedPages() const { return m_pages.size(); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void totalChanged();
    void loaded(); ///< rows of the window arrived
    void loadFailed(const QString &reason);

private:
    struct RecordPage {
        std::vector<RecordRow> rows;
        bool unsettled = false; ///< holds commands that had no result yet
        Position loadedAt;      ///< what was indexed then
    };

    void updateTotal();
    void wantWindow() { m_flush.start(); }
    void flush();
    [[nodiscard]] bool isStale(const RecordPage *page, std::uint64_t number) const;
    void ask(std::uint64_t firstPage, std::uint64_t lastPage);
    void accept(std::uint64_t firstPage, std::uint64_t lastPage, Position indexed, std::vector<RecordRow> rows);
    void redrawWindow();

    EngineLink &m_link;
    MatchCollector m_matches;
    mutable PageCache<RecordPage> m_pages{pagesMax};
    QTimer m_flush; ///< one question per turn of the event loop, however many rows are missing
    Ask m_ask;
    std::uint64_t m_askedFirst = 0;
    std::uint64_t m_askedLast = 0;
    TimeStyle m_timeStyle = TimeStyle::Local;
    Timestamp m_now;
    std::uint64_t m_total = 0;
    std::uint64_t m_first = 0;
    std::uint64_t m_wantedRows = 0;
    int m_rows = 0;
    bool m_filtered = false;
    bool m_active = false;
};

} // namespace commander::ui
