// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_page.h"

#include "engine_link/selection.h"
#include "lineage/graph_canvas.h"
#include "lineage/lineage_export.h"
#include "lineage/lineage_tree_model.h"
#include "lineage/node_text.h"
#include "models/format.h"
#include "models/words.h"
#include "widgets/banner.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace commander::ui {

namespace {
using namespace std::chrono_literals;
constexpr auto refreshWhileRunning = 250ms;
constexpr auto refreshWhenSettled = 1000ms; // a retry may still join a finished chain
constexpr std::size_t nodesAsked = 5000;    // beyond what is drawn: alike siblings become one card, the table lists all
constexpr std::size_t expandedAtOnce = 400;
} // namespace

LineagePage::LineagePage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : Page(link, selection, parent), m_theme(theme), m_scene(new GraphScene(theme, this)),
      m_model(new LineageTreeModel(theme, this)), m_metrics(NodeItem::Metrics::of(font()))
{
    m_refresh.setSingleShot(true);
    build();
    connectParts();
}

LineagePage::~LineagePage() = default;

void LineagePage::build()
{
    m_empty = new EmptyState(m_theme, QStringLiteral("lineage"));
    m_canvas = new GraphCanvas(*m_scene);
    m_error = new Banner(m_theme, Theme::Tone::Failed, Banner::Weight::Quiet, QStringLiteral("warning"));
    m_error->setAction(tr("Try again"));
    m_error->hide();
    m_hidden = new Banner(m_theme, Theme::Tone::Warning, Banner::Weight::Quiet, QStringLiteral("info"));
    m_hidden->hide();

    auto *frame = new QFrame;
    frame->setProperty("card", true);
    auto *inFrame = new QVBoxLayout(frame);
    inFrame->setContentsMargins(1, 1, 1, 1);
    inFrame->addWidget(m_canvas);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    splitter->addWidget(frame);
    splitter->addWidget(buildTable());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({560, 200});

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(20, 16, 20, 20);
    column->setSpacing(12);
    column->addWidget(m_error);
    column->addWidget(buildToolBar());
    column->addWidget(m_hidden);
    column->addWidget(splitter, 1);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
}

QWidget *LineagePage::buildToolBar()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_head = new ElidedLabel;
    auto *zoomOut = new IconButton(m_theme, QStringLiteral("zoom-out"), tr("Zoom out (−)"));
    auto *zoomIn = new IconButton(m_theme, QStringLiteral("zoom-in"), tr("Zoom in (+)"));
    auto *fit = new IconButton(m_theme, QStringLiteral("fit"), tr("Show the whole chain (0)"));
    connect(zoomOut, &QToolButton::clicked, m_canvas, [this] { m_canvas->zoomBy(1 / 1.25); });
    connect(zoomIn, &QToolButton::clicked, m_canvas, [this] { m_canvas->zoomBy(1.25); });
    connect(fit, &QToolButton::clicked, m_canvas, &GraphCanvas::fit);

    auto *menu = new QMenu(this);
    connect(menu->addAction(tr("Copy as DOT (Graphviz)")), &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(toText(lineageToDot(m_scene->lineage().graph))); });
    connect(menu->addAction(tr("Copy as Mermaid")), &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(toText(lineageToMermaid(m_scene->lineage().graph))); });
    menu->addSeparator();
    connect(menu->addAction(tr("Save as PNG…")), &QAction::triggered, this,
            [this] { savePicture(QStringLiteral("png")); });
    connect(menu->addAction(tr("Save as SVG…")), &QAction::triggered, this,
            [this] { savePicture(QStringLiteral("svg")); });
    m_export = new QPushButton(tr("Export"));
    m_export->setProperty("menuButton", true);
    m_export->setAccessibleName(tr("Export this chain"));
    m_export->setMenu(menu);

    row->addWidget(m_head, 1);
    row->addWidget(zoomOut);
    row->addWidget(zoomIn);
    row->addWidget(fit);
    row->addWidget(m_export);
    return bar;
}

QTreeView *LineagePage::buildTable()
{
    m_table = new QTreeView;
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Lineage as a table"));
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setExpandsOnDoubleClick(false);
    m_table->setIconSize({14, 14});
    m_table->setIndentation(18);
    m_table->setMinimumHeight(110);
    auto *header = m_table->header();
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(60);
    const std::pair<int, int> widths[]
        = {{LineageTreeModel::What, 330},         {LineageTreeModel::Kind, 130}, {LineageTreeModel::Status, 105},
           {LineageTreeModel::Key, 110},          {LineageTreeModel::Time, 105}, {LineageTreeModel::After, 75},
           {LineageTreeModel::PositionColumn, 80}};
    for (const auto &[column, width] : widths)
        header->resizeSection(column, width);
    header->setSectionResizeMode(LineageTreeModel::Details, QHeaderView::Stretch);
    return m_table;
}

void LineagePage::connectParts()
{
    connect(&m_selection, &Selection::recordChanged, this, &LineagePage::followSelection);
    connect(&m_link, &EngineLink::progressed, this, &LineagePage::noticeProgress);
    connect(&m_refresh, &QTimer::timeout, this, &LineagePage::ask);
    connect(m_error, &Banner::acted, this, &LineagePage::ask);
    connect(m_empty, &EmptyState::acted, this, [this] {
        if (m_asked.isNull())
            m_selection.show(Selection::Page::Ledger);
        else
            ask();
    });
    connect(m_canvas, &GraphCanvas::nodeChosen, this, &LineagePage::choose);
    connect(m_canvas, &GraphCanvas::nodeOpened, this, &LineagePage::open);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        if (const auto node = m_model->nodeAt(row); node && node != m_currentNode)
            chooseInGraph(*node);
    });
    connect(m_table, &QTreeView::activated, this, [this](const QModelIndex &row) {
        const auto node = m_model->nodeAt(row);
        if (node && m_scene->lineage().picture.nodeOf[*node] != LineagePicture::none)
            open(m_scene->lineage().picture.nodeOf[*node]);
    });
}

void LineagePage::activate()
{
    m_active = true;
    followSelection();
    noticeProgress();
}

void LineagePage::deactivate()
{
    m_active = false;
    m_refresh.stop();
    m_ask.cancel();
}

void LineagePage::followSelection()
{
    if (!m_active)
        return;
    const auto id = m_selection.record();
    if (id.isNull()) {
        m_ask.cancel();
        m_asked = {};
        m_empty->setTexts(
            tr("No record is selected"),
            tr("Select a record in the Ledger to see what caused it and what came of it: the command, its result, "
               "its events, the commands that followed and every document that changed."));
        m_empty->setAction(tr("Go to the Ledger"));
        m_stack->setCurrentIndex(0);
        return;
    }
    if (const auto node = graphNodeOf(id)) {
        // Within the same chain the picture stays and only the mark moves.
        if (!m_currentNode || !isSelected(*m_currentNode))
            mark(node);
        m_asked = id;
        m_stack->setCurrentIndex(1);
        return;
    }
    m_asked = id;
    m_fresh = true;
    ask();
}

void LineagePage::noticeProgress()
{
    if (!m_active || m_asked.isNull() || m_refresh.isActive() || m_ask.isPending())
        return;
    if (m_link.progress().indexed == m_seen && !m_incomplete)
        return;
    m_refresh.start(m_incomplete ? refreshWhileRunning : refreshWhenSettled);
}

void LineagePage::ask()
{
    if (!m_active || m_asked.isNull())
        return;
    m_seen = m_link.progress().indexed;
    if (m_scene->isEmpty()) {
        m_empty->setTexts(tr("Reading the chain…"), {});
        m_empty->setAction({});
        m_stack->setCurrentIndex(0);
    }
    m_link.ask<PlacedLineage>(
        m_ask,
        [id = m_asked, metrics = m_metrics](Engine &engine, std::stop_token stop) -> Result<PlacedLineage> {
            auto graph = engine.lineage().around(id, nodesAsked, stop);
            if (!graph)
                return fail(graph.error());
            return placeLineage(std::move(*graph), limits::lineageNodesMax, metrics);
        },
        [this](Result<PlacedLineage> answer) { take(std::move(answer)); });
}

void LineagePage::take(Result<PlacedLineage> answer)
{
    if (answer) {
        m_error->hide();
        m_incomplete = isIncomplete(answer->graph);
        if (m_fresh || !sameContent(answer->graph, m_scene->lineage().graph))
            draw(std::move(*answer));
        m_stack->setCurrentIndex(1);
        noticeProgress();
        return;
    }
    const auto text = errorText(answer.error());
    if (!m_fresh && !m_scene->isEmpty()) {
        m_error->setText(tr("The chain is not up to date. %1").arg(text));
        m_error->show();
        return;
    }
    m_scene->clearLineage();
    m_model->setGraph({});
    m_currentNode.reset();
    if (answer.error().code == ErrorCode::NotFound)
        m_empty->setTexts(tr("This record is not in the index yet"),
                          tr("It appears here as soon as the index has reached it."));
    else
        m_empty->setTexts(tr("The chain could not be read"), text);
    m_incomplete = answer.error().code == ErrorCode::NotFound;
    m_empty->setAction(tr("Try again"));
    m_stack->setCurrentIndex(0);
}

void LineagePage::draw(PlacedLineage lineage)
{
    const bool fit = m_fresh || m_canvas->isFitted();
    m_fresh = false;
    m_currentNode.reset();
    m_model->setGraph(lineage.graph);
    if (lineage.graph.nodes.size() <= expandedAtOnce)
        m_table->expandAll();
    else
        m_table->expandToDepth(2);
    const auto focus = lineage.graph.focus;
    m_scene->setLineage(std::move(lineage));
    const auto selected = graphNodeOf(m_selection.record());
    mark(selected.value_or(focus));
    if (fit)
        m_canvas->fitReadable();
    tellHead();
}

void LineagePage::tellHead()
{
    const auto &lineage = m_scene->lineage();
    m_head->setFullText(chainText(lineage.graph) + (m_incomplete ? tr(" · waiting for results") : QString()));
    m_hidden->setVisible(lineage.picture.hidden > 0);
    m_hidden->setText(tr("Not drawn: %1 more of this chain.").arg(formatCount(lineage.picture.hidden)));
}

std::optional<std::size_t> LineagePage::graphNodeOf(const Uuid &record) const
{
    const auto &nodes = m_scene->lineage().graph.nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!nodes[i].change && nodes[i].record && nodes[i].record->id == record)
            return i;
    }
    return {};
}

bool LineagePage::isSelected(std::size_t graphNode) const
{
    const auto &node = m_scene->lineage().graph.nodes[graphNode];
    if (!node.record || node.record->id != m_selection.record())
        return false;
    return !node.change || m_selection.document() == Selection::DocumentKey{node.change->view, node.change->key};
}

void LineagePage::choose(std::size_t node)
{
    chooseInGraph(m_scene->lineage().picture.nodes[node].members.front());
}

void LineagePage::chooseInGraph(std::size_t graphNode)
{
    mark(graphNode);
    const auto node = m_scene->lineage().graph.nodes[graphNode]; // a copy: selecting may replace the graph
    if (node.change)
        m_selection.selectDocument(Selection::DocumentKey{node.change->view, node.change->key});
    if (node.record)
        m_selection.selectRecord(node.record->id);
}

void LineagePage::open(std::size_t node)
{
    const bool change = m_scene->nodeAt(node).change.has_value();
    choose(node);
    m_selection.show(change ? Selection::Page::Views : Selection::Page::Ledger);
}

void LineagePage::mark(std::optional<std::size_t> graphNode)
{
    m_currentNode = graphNode;
    const auto &nodeOf = m_scene->lineage().picture.nodeOf;
    const auto card = graphNode && *graphNode < nodeOf.size() ? nodeOf[*graphNode] : LineagePicture::none;
    m_scene->setCurrent(card == LineagePicture::none ? std::nullopt : std::optional(card));
    m_canvas->showCurrent();
    if (graphNode) {
        const auto row = m_model->indexOf(*graphNode);
        m_table->setCurrentIndex(row);
        m_table->scrollTo(row);
    }
    tellCurrent();
}

void LineagePage::tellCurrent()
{
    const auto keys = tr("Arrow keys follow the arrows, Return opens, plus and minus zoom, 0 shows everything.");
    const auto card = m_scene->current();
    m_canvas->setAccessibleDescription(card ? m_scene->card(*card)->spokenText() + QLatin1Char('\n') + keys : keys);
}

void LineagePage::savePicture(const QString &suffix)
{
    auto *dialog = new QFileDialog(this, tr("Save the chain"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->setNameFilter(tr("%1 pictures (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->selectFile(QStringLiteral("lineage-%1.%2").arg(toText(m_asked.text()).left(8), suffix));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (const auto saved = saveScenePicture(*m_scene, path, m_head->fullText()); !saved) {
            m_error->setText(errorText(saved.error()));
            m_error->show();
        }
    });
    dialog->open();
}

} // namespace commander::ui
