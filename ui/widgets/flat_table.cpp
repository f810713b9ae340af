// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flat_table.h"

#include <QHeaderView>
#include <QTreeWidget>

namespace commander::ui {

namespace {

constexpr int narrowMax = 300; ///< of a column beside the wide one
constexpr int rowHeight = 26;

int wideColumn(const QTreeWidget &table)
{
    for (int column = 0; column < table.columnCount(); ++column) {
        if (table.header()->sectionResizeMode(column) == QHeaderView::Stretch)
            return column;
    }
    return 0;
}

} // namespace

QTreeWidget *makeFlatTable(const QString &name, const QStringList &headers, int wide)
{
    auto *table = new QTreeWidget;
    table->setAccessibleName(name);
    table->setHeaderLabels(headers);
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setAlternatingRowColors(true);
    table->setAllColumnsShowFocus(true);
    table->setTextElideMode(Qt::ElideRight);
    auto *header = table->header();
    header->setStretchLastSection(false);
    for (int column = 0; column < int(headers.size()); ++column)
        header->setSectionResizeMode(column, column == wide ? QHeaderView::Stretch : QHeaderView::Interactive);
    return table;
}

void setRows(QTreeWidget &table, const std::vector<QStringList> &rows)
{
    while (table.topLevelItemCount() > int(rows.size()))
        delete table.takeTopLevelItem(table.topLevelItemCount() - 1);
    bool changed = false;
    while (table.topLevelItemCount() < int(rows.size())) {
        // A hint takes the place of the text's own width, so the wide column has it. All rows are as high as the first.
        (new QTreeWidgetItem(&table))->setSizeHint(wideColumn(table), {0, rowHeight});
        changed = true;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto *item = table.topLevelItem(int(i));
        for (int column = 0; column < int(rows[i].size()); ++column) {
            changed = changed || item->text(column).size() < rows[i][column].size();
            item->setText(column, rows[i][column]);
            item->setToolTip(column, rows[i][column]);
        }
    }
    // Columns grow with what they show, but never so far that the wide one has nothing left.
    for (int column = 0; changed && column < table.columnCount(); ++column) {
        if (table.header()->sectionResizeMode(column) != QHeaderView::Interactive)
            continue;
        table.resizeColumnToContents(column);
        table.setColumnWidth(column, qMin(table.columnWidth(column), narrowMax));
    }
}

} // namespace commander::ui
