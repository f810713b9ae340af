// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <vector>

class QTreeWidget;

namespace commander::ui {

/// A flat table: `wide` is the column that takes what the others leave, and elides on its right.
[[nodiscard]] QTreeWidget *makeFlatTable(const QString &name, const QStringList &headers, int wide);
/// Rows are kept and only their texts change, so that nobody's selection jumps. Tool tips hold the whole texts.
void setRows(QTreeWidget &table, const std::vector<QStringList> &rows);

} // namespace commander::ui
