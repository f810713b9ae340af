// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <optional>
#include <QAbstractTableModel>
#include <vector>

namespace commander::ui {

/// The changes of one document, newest first; older ones come as one scrolls. GUI thread only.
class HistoryModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PositionColumn, Time, Event, Fields, ColumnCount };
    static constexpr std::size_t pageRows = 100;

    struct Row {
        DocumentChange change;
        std::string action;
        Timestamp recordedAt;
    };

    HistoryModel(EngineLink &link, Theme &theme, QObject *parent = nullptr);

    void setDocument(std::optional<Selection::DocumentKey> document);
    void setMoment(std::optional<Position> moment); ///< marks the change that is seen; later ones are muted
    void setPins(std::optional<Position> a, std::optional<Position> b);
    void refresh(); ///< asks for changes newer than the first row
    [[nodiscard]] const Row *rowAt(int row) const;
    [[nodiscard]] int shownRow() const; ///< the row of the state that is seen, -1 before the first
    [[nodiscard]] bool isLoaded() const { return m_loaded; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void loaded();
    void failed(const commander::Error &error);

private:
    using Rows = std::vector<Row>;
    void askNewest();
    void takeNewest(Rows rows);
    void repaintAll();
    [[nodiscard]] QString fieldsText(const DocumentChange &change) const;

    // Constant after construction
    EngineLink &m_link;
    Theme &m_theme;

    // GUI thread only
    std::optional<Selection::DocumentKey> m_document;
    std::optional<Position> m_moment;
    std::optional<Position> m_pinA;
    std::optional<Position> m_pinB;
    Rows m_rows;
    bool m_loaded = false;
    bool m_complete = false; ///< the oldest change is here
    Ask m_newestAsk;
    Ask m_olderAsk;
};

} // namespace commander::ui
