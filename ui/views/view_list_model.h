// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/views.h>

#include <QAbstractTableModel>
#include <vector>

namespace commander::ui {

/// The views of the workspace: name, documents, and how far behind the ledger each one is. GUI thread only.
class ViewListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Documents, Lag, ColumnCount };

    explicit ViewListModel(Theme &theme, QObject *parent = nullptr);
    void setViews(std::vector<ViewStatus> views, Position head);
    [[nodiscard]] const ViewStatus *viewAt(int row) const;
    [[nodiscard]] int rowOf(const std::string &name) const; ///< -1 when there is none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] std::uint64_t lagOf(const ViewStatus &view) const;
    [[nodiscard]] QString detail(const ViewStatus &view) const;

    Theme &m_theme;
    std::vector<ViewStatus> m_views;
    Position m_head;
};

} // namespace commander::ui
