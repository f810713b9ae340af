// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/documents_panel.h"

#include "models/format.h"
#include "views/document_list_model.h"
#include "views/view_list_model.h"
#include "widgets/labels.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace commander::ui {

namespace {
using namespace std::chrono_literals;
constexpr auto typingPause = 120ms;
constexpr int rowHeight = 28;
constexpr int previewWidthMin = 380;
constexpr int viewRowsShown = 6;
} // namespace

DocumentsPanel::DocumentsPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_views(new ViewListModel(theme, this)),
      m_documents(new DocumentListModel(link, theme, this))
{
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPause);
    // Before the table gets the model, so that these run before its selection reacts to the same signals.
    connect(m_documents, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_rowsMove = true; });
    connect(m_documents, &QAbstractItemModel::rowsRemoved, this, [this] { m_rowsMove = false; });
    build(theme);
    connect(&m_typing, &QTimer::timeout, this, &DocumentsPanel::askDocuments);
    connect(m_prefix, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_documents, &DocumentListModel::loaded, this, &DocumentsPanel::takeDocuments);
    connect(m_documents, &DocumentListModel::failed, this, &DocumentsPanel::failed);
    connect(m_viewTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                if (const auto *view = m_views->viewAt(row.row()))
                    chooseView(toText(view->name));
            });
    connect(m_documentTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                const auto *document = m_rowsMove ? nullptr : m_documents->documentAt(row.row());
                if (document)
                    m_selection.selectDocument(Selection::DocumentKey{document->view, document->key});
            });
    connect(&m_selection, &Selection::documentChanged, this, &DocumentsPanel::followSelection);
    connect(&m_selection, &Selection::momentChanged, this, &DocumentsPanel::askDocuments);
}

QTableView *DocumentsPanel::makeTable(const QString &name, QAbstractItemModel *model)
{
    auto *table = new QTableView;
    table->setTextElideMode(Qt::ElideMiddle); // long names often differ at their ends
    table->setModel(model);
    table->setAccessibleName(name);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->setIconSize({14, 14});
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setMinimumSectionSize(40);
    return table;
}

void DocumentsPanel::build(Theme &)
{
    m_viewTable = makeTable(tr("Views"), m_views);
    auto *views = m_viewTable->horizontalHeader();
    views->setSectionResizeMode(ViewListModel::Name, QHeaderView::Stretch);
    views->setSectionResizeMode(ViewListModel::Documents, QHeaderView::ResizeToContents);
    views->setSectionResizeMode(ViewListModel::Lag, QHeaderView::Interactive);
    views->resizeSection(ViewListModel::Lag, 86);
    m_viewTable->setFixedHeight(rowHeight * viewRowsShown);

    m_prefix = new QLineEdit;
    m_prefix->setPlaceholderText(tr("Key begins with…"));
    m_prefix->setAccessibleName(tr("Show documents whose key begins with"));
    m_prefix->setClearButtonEnabled(true);

    m_documentTable = makeTable(tr("Documents"), m_documents);
    m_documentTable->setAlternatingRowColors(true);
    auto *documents = m_documentTable->horizontalHeader();
    documents->setSectionResizeMode(DocumentListModel::Key, QHeaderView::Interactive);
    documents->setSectionResizeMode(DocumentListModel::Preview, QHeaderView::Stretch);
    documents->setSectionResizeMode(DocumentListModel::Changed, QHeaderView::Interactive);
    documents->resizeSection(DocumentListModel::Key, 96);
    documents->resizeSection(DocumentListModel::Changed, 78);
    m_none = makeLabel(LabelRole::Muted);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_none);
    m_stack->addWidget(m_documentTable);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_viewTable);
    column->addWidget(m_prefix);
    column->addWidget(m_stack, 1);
}

void DocumentsPanel::resizeEvent(QResizeEvent *event)
{
    // A preview of a few characters says nothing: then the keys get its room.
    const bool narrow = width() < previewWidthMin;
    m_documentTable->setColumnHidden(DocumentListModel::Preview, narrow);
    auto *header = m_documentTable->horizontalHeader();
    header->setSectionResizeMode(DocumentListModel::Key, narrow ? QHeaderView::Stretch : QHeaderView::Interactive);
    QWidget::resizeEvent(event);
}

void DocumentsPanel::setActive(bool active)
{
    m_active = active;
    if (active) {
        askViews();
        followSelection();
        askDocuments();
    } else {
        m_viewsAsk.cancel();
        m_typing.stop();
    }
}

void DocumentsPanel::refresh()
{
    if (!m_viewsAsk.isPending())
        askViews();
    if (!m_selection.moment())
        m_documents->refresh();
}

void DocumentsPanel::askViews()
{
    m_link.ask<std::vector<ViewStatus>>(
        m_viewsAsk,
        [](Engine &engine, std::stop_token) { return Result<std::vector<ViewStatus>>(engine.views().views()); },
        [this](Result<std::vector<ViewStatus>> answer) { takeViews(std::move(*answer)); });
}

void DocumentsPanel::takeViews(std::vector<ViewStatus> views)
{
    m_views->setViews(std::move(views), m_link.progress().indexed);
    if (m_view.empty() && m_views->rowCount() > 0)
        chooseView(toText(m_views->viewAt(0)->name));
    const auto row = m_views->rowOf(m_view);
    if (row >= 0 && m_viewTable->currentIndex().row() != row)
        m_viewTable->selectRow(row);
    Q_EMIT viewsLoaded();
}

void DocumentsPanel::chooseView(const QString &name)
{
    if (toUtf8(name) == m_view)
        return;
    m_view = toUtf8(name);
    m_prefix->clear();
    m_documents->clear();
    m_none->setText(tr("Reading documents…"));
    m_stack->setCurrentWidget(m_none);
    askDocuments();
}

void DocumentsPanel::askDocuments()
{
    if (m_active && !m_view.empty())
        m_documents->setQuery(m_view, toUtf8(m_prefix->text()), m_selection.moment());
}

void DocumentsPanel::takeDocuments()
{
    if (m_documents->rowCount() == 0) {
        if (!m_prefix->text().isEmpty())
            m_none->setText(tr("No key begins with “%1”.").arg(m_prefix->text()));
        else
            m_none->setText(m_selection.moment() ? tr("This view had no documents then.")
                                                 : tr("This view has no documents yet."));
        m_stack->setCurrentWidget(m_none);
        return;
    }
    m_stack->setCurrentWidget(m_documentTable);
    followSelection();
}

void DocumentsPanel::followSelection()
{
    const auto document = m_selection.document();
    if (!document) {
        m_documentTable->clearSelection();
        return;
    }
    if (document->view != m_view && m_views->rowOf(document->view) >= 0) {
        m_viewTable->selectRow(m_views->rowOf(document->view));
        return; // its documents come first
    }
    // Rows may have moved since: mark the document, not the row number.
    const auto row = m_documents->rowOf(document->key);
    const QSignalBlocker quiet(m_documentTable->selectionModel());
    if (row < 0)
        m_documentTable->clearSelection();
    else if (m_documentTable->currentIndex().row() != row || !m_documentTable->selectionModel()->isRowSelected(row))
        m_documentTable->selectRow(row);
    m_documentTable->viewport()->update();
}

} // namespace commander::ui
