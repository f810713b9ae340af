// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "models/page_cache.h"
#include "theme/theme.h"

#include <optional>
#include <QAbstractTableModel>
#include <QTimer>
#include <vector>

namespace commander::ui {

/// The documents of one view, by key. A window, not a load: pages are found by the key before them, only some of them
/// are kept, and the model grows as one scrolls. Old rows stay until new ones are there. GUI thread only.
class DocumentListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Key, Preview, Changed, ColumnCount };
    static constexpr std::size_t pageRows = 200;
    static constexpr std::size_t pagesKept = 24;

    DocumentListModel(EngineLink &link, Theme &theme, QObject *parent = nullptr);

    void setQuery(const std::string &view, const std::string &prefix, std::optional<Position> at);
    void refresh(); ///< reads again what is looked at
    void clear();
    [[nodiscard]] const Document *documentAt(int row) const; ///< null pointer while it is not loaded
    [[nodiscard]] int rowOf(const std::string &key) const;   ///< -1 when it is not loaded
    [[nodiscard]] bool isLoaded() const { return m_loaded; } ///< the first answer is there

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void loaded(); ///< an answer has arrived
    void failed(const commander::Error &error);

private:
    using Page = std::vector<Document>;
    struct Answer {
        std::size_t first = 0; ///< number of the first page
        std::vector<DocumentList> pages;
    };
    void askPages(std::size_t first, std::size_t count);
    void take(Answer answer);
    void want(std::size_t page) const;
    [[nodiscard]] Page *page(std::size_t number) const;

    // Constant after construction
    EngineLink &m_link;
    Theme &m_theme;

    // GUI thread only
    std::string m_view;
    std::string m_prefix;
    std::optional<Position> m_at;
    bool m_loaded = false;
    int m_rows = 0;
    std::vector<std::optional<std::string>> m_starts; ///< the key before each known page
    std::optional<std::string> m_next;                ///< the key before the page after the last known one
    mutable PageCache<Page> m_pages{pagesKept};       ///< looking at a page keeps it
    mutable std::optional<std::pair<std::size_t, std::size_t>> m_looked; ///< pages looked at since the last answer
    mutable std::optional<std::size_t> m_missing;                        ///< page that was looked at and is not here
    mutable QTimer m_missingTimer;
    Ask m_ask;
};

} // namespace commander::ui
