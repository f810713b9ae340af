// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/ledger_page.h"

#include "ledger/filter_bar.h"
#include "ledger/filter_chips.h"
#include "ledger/goto_dialog.h"
#include "ledger/record_panel.h"
#include "ledger/record_table.h"
#include "ledger/search_strip.h"
#include "widgets/empty_state.h"
#include "widgets/icon_button.h"
#include "widgets/segmented_control.h"

#include <QScopedValueRollback>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int ageMs = 1000;
constexpr auto splitterKey = "ledger/splitter"_L1;
constexpr auto timeKey = "ledger/timeStyle"_L1;
} // namespace

LedgerPage::LedgerPage(EngineLink &link, Selection &selection, Theme &theme, std::function<QString()> baseUrl,
                       QWidget *parent)
    : Page(link, selection, parent), m_theme(theme), m_baseUrl(std::move(baseUrl)), m_model(link),
      m_table(new RecordTable(m_model, theme)), m_panel(new RecordPanel(link, theme, m_baseUrl)),
      m_strip(new SearchStrip(m_model, link, theme)), m_stack(new QStackedWidget),
      m_empty(new EmptyState(theme, u"ledger"_s)), m_splitter(new QSplitter(Qt::Horizontal))
{
    auto *tableSide = new QWidget;
    tableSide->setProperty("surface", true);
    tableSide->setAttribute(Qt::WA_StyledBackground);
    auto *tableColumn = new QVBoxLayout(tableSide);
    tableColumn->setContentsMargins(0, 0, 0, 0);
    tableColumn->setSpacing(0);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    tableColumn->addWidget(m_stack, 1);

    m_splitter->addWidget(tableSide);
    m_splitter->addWidget(m_panel);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({900, 440});
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar(theme));
    column->addWidget(m_splitter, 1);

    m_ageTimer.setInterval(ageMs);
    connect(&m_ageTimer, &QTimer::timeout, &m_model, &RecordWindowModel::refreshTimes);
    connectTable();
    connectShortcuts();
    connect(&selection, &Selection::filterChanged, this, &LedgerPage::applyFilter);
    connect(&selection, &Selection::recordChanged, this, &LedgerPage::showSelected);
    connect(&link, &EngineLink::progressed, this, [this] {
        if (m_active && m_panel->isWaiting())
            m_panel->reload();
    });
    m_filterWaits = true;
    showFollowing(true);
    updateEmptyState();
}

QWidget *LedgerPage::makeBar(Theme &theme)
{
    auto *bar = new QFrame;
    bar->setProperty("bar", true);
    m_filterBar = new FilterBar(m_link, m_selection, theme);
    m_chips = new FilterChips(m_selection, theme);
    m_times = new SegmentedControl(tr("Times"), {tr("Local"), tr("UTC"), tr("Relative")});
    auto *save = new IconButton(theme, u"disk"_s, tr("Export what the filter lets through (Ctrl+E)"));
    m_follow = new IconButton(theme, u"pause"_s, {});
    m_follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto *go = new IconButton(theme, u"goto"_s, tr("Go to a position, id or time (Ctrl+G)"));

    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_filterBar, 1);
    // On top: what is wrong with a filter is said in a second line.
    top->addWidget(m_times, 0, Qt::AlignTop);
    top->addWidget(go, 0, Qt::AlignTop);
    top->addWidget(save, 0, Qt::AlignTop);
    top->addWidget(m_follow, 0, Qt::AlignTop);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(12);
    bottom->addWidget(m_strip);
    bottom->addWidget(m_chips, 1);
    bottom->addStretch();
    auto *column = new QVBoxLayout(bar);
    column->setContentsMargins(16, 10, 16, 8);
    column->setSpacing(8);
    column->addLayout(top);
    column->addLayout(bottom);

    connect(m_times, &SegmentedControl::chosen, this, &LedgerPage::setTimeStyle);
    connect(go, &QToolButton::clicked, this, &LedgerPage::askWhereTo);
    connect(save, &QToolButton::clicked, this, &LedgerPage::exportRecords);
    connect(m_follow, &QToolButton::clicked, this, [this] { setFollowing(!m_table->isFollowing()); });
    return bar;
}

void LedgerPage::connectTable()
{
    connect(m_table, &RecordTable::currentChanged, this, &LedgerPage::selectPosition);
    connect(m_table, &RecordTable::followingChanged, this, &LedgerPage::showFollowing);
    connect(m_table, &RecordTable::keyTyped, this, &LedgerPage::takeKey);
    connect(m_table, &RecordTable::menuRequested, this, &LedgerPage::showMenu);
    connect(m_table, &RecordTable::activated, this, [this] { m_selection.show(Selection::Page::Lineage); });
    connect(m_panel, &RecordPanel::recordWanted, &m_selection, &Selection::selectRecord);
    connect(m_panel, &RecordPanel::lineageWanted, this, [this] { m_selection.show(Selection::Page::Lineage); });
    connect(m_panel, &RecordPanel::sendAgainWanted, this, [this] {
        if (const RecordPtr record = m_panel->record())
            m_selection.sendAgain(record->id);
    });
    connect(m_panel, &RecordPanel::stepWanted, this, &LedgerPage::stepInChain);
    connect(m_panel, &RecordPanel::filterWanted, m_filterBar, &FilterBar::add);
    connect(&m_model, &RecordWindowModel::totalChanged, this, &LedgerPage::updateEmptyState);
    connect(&m_model.matches(), &MatchCollector::stateChanged, this, &LedgerPage::updateEmptyState);
    connect(&m_model, &RecordWindowModel::loadFailed, m_strip, &SearchStrip::setProblem);
    connect(&m_model, &RecordWindowModel::loaded, m_strip, [this] { m_strip->setProblem({}); });
    connect(m_empty, &EmptyState::acted, this, [this] {
        if (m_model.isFiltered())
            m_selection.setFilter({});
        else
            m_selection.show(Selection::Page::Home);
    });
}

void LedgerPage::connectShortcuts()
{
    const auto add = [this](const QKeySequence &keys, auto slot) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    add(QKeySequence(Qt::CTRL | Qt::Key_G), &LedgerPage::askWhereTo);
    add(QKeySequence(Qt::CTRL | Qt::Key_E), &LedgerPage::exportRecords);
    add(QKeySequence::Find, [this] { m_filterBar->focusSearch(); });
}

void LedgerPage::activate()
{
    m_active = true;
    if (m_filterWaits)
        applyFilter();
    m_model.setActive(true);
    showSelected();
    m_table->setFocus();
    if (m_model.timeStyle() == TimeStyle::Relative)
        m_ageTimer.start();
}

void LedgerPage::deactivate()
{
    m_active = false;
    m_model.setActive(false);
    m_ageTimer.stop();
}

void LedgerPage::saveState(QSettings &settings) const
{
    m_table->saveColumns(settings);
    settings.setValue(splitterKey, m_splitter->saveState());
    settings.setValue(timeKey, m_times->current());
    m_filterBar->saveState(settings);
}

void LedgerPage::restoreState(const QSettings &settings)
{
    m_table->restoreColumns(settings);
    if (const QByteArray state = settings.value(splitterKey).toByteArray(); !state.isEmpty())
        m_splitter->restoreState(state);
    m_times->setCurrent(settings.value(timeKey, 0).toInt());
    m_filterBar->restoreState(settings);
}

void LedgerPage::applyFilter()
{
    m_filterWaits = !m_active;
    if (!m_active)
        return; // a hidden page searches nothing
    m_strip->setProblem({});
    m_model.setFilter(m_selection.filter());
    m_model.setActive(m_active);
    updateEmptyState();
}

void LedgerPage::showSelected()
{
    if (!m_active)
        return; // activate() comes back here
    m_panel->showRecord(m_selection.record());
    if (m_selectingHere || m_selection.record().isNull())
        return;
    m_link.ask<RecordPtr>(
        m_askSelected,
        [id = m_selection.record()](Engine &engine, std::stop_token) { return engine.records().find(id); },
        [this](const Result<RecordPtr> &record) {
            if (!record || (*record)->position.value == 0)
                return; // the panel says what is wrong
            if (m_model.indexOf((*record)->position))
                m_table->goTo((*record)->position);
            else
                m_table->setCurrent((*record)->position); // hidden by the filter, or about to be indexed
        });
}

void LedgerPage::selectPosition(Position position)
{
    m_link.ask<std::vector<RecordPtr>>(
        m_askSelected,
        [position](Engine &engine, std::stop_token stop) { return engine.records().range(position, 1, stop); },
        [this](const Result<std::vector<RecordPtr>> &records) {
            if (!records || records->empty())
                return; // the table itself reports what it cannot read
            const QScopedValueRollback guard(m_selectingHere, true);
            m_selection.selectRecord(records->front()->id);
        });
}

void LedgerPage::setTimeStyle(int choice)
{
    const auto style = TimeStyle(choice);
    m_model.setTimeStyle(style);
    m_panel->setTimeStyle(style);
    m_chips->setTimeStyle(style);
    m_filterBar->setTimeStyle(style);
    if (style == TimeStyle::Relative && m_active)
        m_ageTimer.start();
    else
        m_ageTimer.stop();
}

void LedgerPage::setFollowing(bool following)
{
    m_table->setFollowing(following);
    m_table->setFocus();
}

void LedgerPage::showFollowing(bool following)
{
    m_follow->setIconName(following ? u"pause"_s : u"play"_s);
    m_follow->setText(following ? tr("Pause") : tr("Follow"));
    m_follow->setName(following ? tr("Stop following new records (Space)")
                                : tr("Go to the newest record and follow (Space)"));
}

void LedgerPage::updateEmptyState()
{
    const bool filtered = m_model.isFiltered();
    const bool searching = filtered && m_model.matches().state() == MatchCollector::State::Searching;
    m_stack->setCurrentIndex(m_model.total() == 0 && !searching ? 1 : 0);
    if (filtered) {
        m_empty->setTexts(tr("No record matches the filter"),
                          tr("Take a part of the filter away, or clear it to see the whole ledger."));
        m_empty->setAction(tr("Clear the filter"));
    } else {
        m_empty->setTexts(
            tr("The ledger is empty"),
            tr("Every command, every event that follows from it and every result will stand here, in the order "
               "in which they were recorded. Nothing is ever changed or removed."));
        m_empty->setAction(tr("Send the first command"));
    }
}

void LedgerPage::takeKey(const QString &key)
{
    if (key == u" ")
        setFollowing(!m_table->isFollowing());
    else if (key == u"/")
        m_filterBar->focusSearch();
    else if (key == u"[")
        stepInChain(-1);
    else if (key == u"]")
        stepInChain(1);
}

} // namespace commander::ui
