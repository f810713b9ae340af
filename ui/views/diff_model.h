// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lineage/node_text.h"
#include "theme/theme.h"

#include <commander/views.h>

#include <optional>
#include <QAbstractTableModel>
#include <QIcon>
#include <vector>

namespace commander::ui {

/// One differing field and what made it differ.
struct DiffRow {
    FieldChange field;
    std::optional<Position> position; ///< of the last event between the two positions that touched it
    Uuid event;
    std::string action;
};

/// What differs between two states of a document. Added, removed and changed are told by sign and word, not by colour
/// alone.
class DiffModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Field, Before, After, Cause, ColumnCount };

    explicit DiffModel(Theme &theme, QObject *parent = nullptr);
    void setRows(std::vector<DiffRow> rows);
    [[nodiscard]] const DiffRow *rowAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QIcon signOf(FieldLine::Kind kind) const;

    Theme &m_theme;
    std::vector<DiffRow> m_rows;
};

} // namespace commander::ui
