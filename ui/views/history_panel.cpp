// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/history_panel.h"

#include "views/history_model.h"
#include "widgets/labels.h"

#include <QHeaderView>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace commander::ui {

HistoryPanel::HistoryPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_model(new HistoryModel(link, theme, this))
{
    build();
    connect(&m_selection, &Selection::documentChanged, this, &HistoryPanel::follow);
    connect(&m_selection, &Selection::momentChanged, this, [this] {
        m_model->setMoment(m_selection.moment());
        tellState();
    });
    connect(m_model, &HistoryModel::loaded, this, &HistoryPanel::tellState);
    connect(m_model, &HistoryModel::failed, this, &HistoryPanel::failed);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        const auto *change = m_model->rowAt(row.row());
        if (change && m_table->hasFocus())
            m_selection.selectRecord(change->change.event);
    });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &row) {
        if (const auto *change = m_model->rowAt(row.row()))
            m_selection.setMoment(change->change.position);
    });
    connect(m_table, &QTableView::customContextMenuRequested, this, &HistoryPanel::openMenu);
}

void HistoryPanel::build()
{
    m_table = new QTableView;
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("History of the document"));
    m_table->setAccessibleDescription(
        tr("Return shows the state after a change, the menu key pins it for comparison."));
    m_table->setToolTip(tr("Double click a change to see the document as it was then"));
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setIconSize({14, 14});
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(28);
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(HistoryModel::Fields, QHeaderView::Stretch);
    header->resizeSection(HistoryModel::PositionColumn, 96);
    header->setSectionResizeMode(HistoryModel::Time, QHeaderView::ResizeToContents);
    header->resizeSection(HistoryModel::Event, 132);
    m_none = makeLabel(LabelRole::Muted);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_none);
    m_stack->addWidget(m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_stack, 1);
    tellState();
}

void HistoryPanel::setActive(bool active)
{
    m_active = active;
    if (active) {
        m_model->setMoment(m_selection.moment());
        follow();
        m_model->refresh();
    }
}

void HistoryPanel::refresh()
{
    m_model->refresh();
}

void HistoryPanel::setPins(const std::optional<Position> &a, const std::optional<Position> &b)
{
    m_model->setPins(a, b);
}

void HistoryPanel::follow()
{
    if (!m_active)
        return;
    m_model->setDocument(m_selection.document());
    tellState();
}

void HistoryPanel::tellState()
{
    const bool any = m_model->rowCount() > 0;
    if (!m_selection.document())
        m_none->setText(tr("Choose a document to see how it came to be."));
    else
        m_none->setText(m_model->isLoaded() ? tr("Nothing has changed this document.") : tr("Reading its history…"));
    m_stack->setCurrentWidget(any ? static_cast<QWidget *>(m_table) : m_none);
    const auto row = m_model->shownRow();
    if (any && row >= 0 && !m_table->hasFocus())
        m_table->scrollTo(m_model->index(row, 0));
}

void HistoryPanel::openMenu(const QPoint &point)
{
    const auto index = m_table->indexAt(point).isValid() ? m_table->indexAt(point) : m_table->currentIndex();
    const auto *row = m_model->rowAt(index.row());
    if (!row)
        return;
    const auto position = row->change.position;
    const auto event = row->change.event;
    auto *menu = new QMenu(m_table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Show the document as of this change")), &QAction::triggered, this,
            [this, position] { m_selection.setMoment(position); });
    connect(menu->addAction(tr("Pin as A")), &QAction::triggered, this,
            [this, position] { Q_EMIT pinAWanted(position); });
    connect(menu->addAction(tr("Pin as B")), &QAction::triggered, this,
            [this, position] { Q_EMIT pinBWanted(position); });
    menu->addSeparator();
    const auto go = [this, event](Selection::Page page) {
        m_selection.selectRecord(event);
        m_selection.show(page);
    };
    connect(menu->addAction(tr("Show the event in the Ledger")), &QAction::triggered, this,
            [go] { go(Selection::Page::Ledger); });
    connect(menu->addAction(tr("Show the event's lineage")), &QAction::triggered, this,
            [go] { go(Selection::Page::Lineage); });
    menu->popup(m_table->viewport()->mapToGlobal(point));
}

} // namespace commander::ui
