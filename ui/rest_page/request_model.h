// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/request_log.h>

#include <deque>
#include <memory>
#include <QAbstractTableModel>
#include <QStringList>

namespace commander::ui {

/// The newest requests of the server, newest first, one row for each; a stream is one row that ends some time. GUI
/// thread.
class RequestModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Method, Target, Status, Duration, Size, Client, ColumnCount };
    enum class Only { Everything, Writes, Refused };
    static constexpr std::size_t rowsMax = 10'000;

    explicit RequestModel(Theme &theme, QObject *parent = nullptr);

    /// Another log: what is shown begins anew.
    void setLog(std::shared_ptr<const RequestLog> log);
    /// Takes what came since; cheap when nothing did.
    void update();
    /// Every word must be in what a row shows, its token, its code or the id of its command; case does not matter.
    void setFilter(const QString &words, Only only);

    [[nodiscard]] const RequestEntry *entryAt(int row) const;
    /// Shown, newest first.
    [[nodiscard]] std::vector<RequestEntry> entries() const;
    /// Sequence number of the newest entry that was taken.
    [[nodiscard]] std::uint64_t seen() const noexcept { return m_seen; }
    /// Of all that came, also those that the filter hides.
    [[nodiscard]] std::uint64_t taken() const noexcept { return m_taken; }
    /// Came and went between two looks, or were gone before the first.
    [[nodiscard]] std::uint64_t missed() const noexcept { return m_missed; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] bool isShown(const RequestEntry &entry) const;
    [[nodiscard]] QString text(const RequestEntry &entry, int column) const;
    /// The end of a stream takes the place of its beginning. False when that is not here.
    bool endStream(const RequestEntry &entry);
    void add(std::vector<RequestEntry> entries);

    Theme &m_theme;
    std::shared_ptr<const RequestLog> m_log;
    std::uint64_t m_seen = 0;
    std::uint64_t m_taken = 0;
    std::uint64_t m_missed = 0;
    std::deque<RequestEntry> m_all;   ///< newest first
    std::deque<RequestEntry> m_shown; ///< those of m_all that pass the filter
    QStringList m_words;
    Only m_only = Only::Everything;
};

/// "200", "409 …" in words for people: what became of it.
[[nodiscard]] QString outcomeText(const RequestEntry &entry);

} // namespace commander::ui
