// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/filter_bar.h"

#include "ledger/check_menu.h"
#include "ledger/filter_edit.h"
#include "ledger/time_range_panel.h"
#include "models/words.h"
#include "widgets/labels.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QWidgetAction>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr RecordKind allKinds[] = {RecordKind::Command, RecordKind::Event, RecordKind::Result};
constexpr CommandStatus allStatuses[] = {CommandStatus::Accepted, CommandStatus::Succeeded, CommandStatus::Rejected,
                                         CommandStatus::Failed,   CommandStatus::Expired,   CommandStatus::Cancelled};
} // namespace

FilterBar::FilterBar(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_expression(new FilterEdit(theme)),
      m_problem(makeLabel(LabelRole::Small)), m_row(new QHBoxLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(m_row);
    column->addWidget(m_problem);
    m_row->setSpacing(6);
    setUpExpression();
    setUpKinds();
    setUpNames(tr("Topic"), &RecordFilter::topics, &RecordReader::topics);
    setUpNames(tr("Action"), &RecordFilter::actions, &RecordReader::actions);
    setUpStatus();
    setUpTime();
    m_row->addStretch(1);
    m_row->setStretchFactor(m_expression, 100);
    connect(&selection, &Selection::filterChanged, this, &FilterBar::showFilter);
    showFilter();
}

void FilterBar::focusSearch()
{
    m_expression->setFocus(Qt::ShortcutFocusReason);
    m_expression->selectAll();
}

template <class Change> void FilterBar::change(Change apply)
{
    RecordFilter filter = m_selection.filter();
    apply(filter);
    m_selection.setFilter(std::move(filter));
}

void FilterBar::setUpExpression()
{
    m_expression->setMinimumWidth(240);
    m_expression->setMaximumWidth(820);
    m_row->addWidget(m_expression);
    m_problem->setProperty("problem", true);
    m_problem->setAccessibleName(tr("What is wrong with the filter"));
    m_problem->hide();
    connect(m_expression, &FilterEdit::problemChanged, this, &FilterBar::showProblem);
    connect(m_expression, &FilterEdit::applied, this,
            [this](const std::shared_ptr<const FilterExpression> &expression) {
                change([&expression](RecordFilter &filter) { filter.expression = expression; });
            });
}

void FilterBar::showProblem(const QString &problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void FilterBar::add(FilterNode condition)
{
    const auto &now = m_selection.filter().expression;
    // By way of its text, so that it has the bounds of what can be typed.
    const auto text = formatFilter(bothFilters(now ? now->node() : FilterNode{}, std::move(condition)));
    const auto expression = FilterExpression::parse(text, currentTime());
    if (expression)
        change([&expression](RecordFilter &filter) { filter.expression = *expression; });
    else
        showProblem(errorText(expression.error()));
}

void FilterBar::saveState(QSettings &settings) const
{
    m_expression->saveHistory(settings);
}

void FilterBar::restoreState(const QSettings &settings)
{
    m_expression->restoreHistory(settings);
}

QPushButton *FilterBar::addMenuButton(const QString &label)
{
    auto *button = new QPushButton(label);
    button->setProperty("menuButton", true);
    button->setAccessibleName(tr("Filter by: %1").arg(label));
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_row->addWidget(button);
    return button;
}

void FilterBar::setUpKinds()
{
    QPushButton *button = addMenuButton(tr("Kind"));
    auto *menu = new CheckMenu(button);
    button->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        std::vector<CheckMenu::Entry> entries;
        std::vector<std::string> chosen;
        for (const RecordKind kind : allKinds)
            entries.push_back({std::string(recordKindName(kind)), kindWord(kind), {}});
        for (const RecordKind kind : m_selection.filter().kinds)
            chosen.emplace_back(recordKindName(kind));
        menu->setEntries(entries, chosen);
    });
    connect(menu, &CheckMenu::chosenChanged, this, [this](const std::vector<std::string> &chosen) {
        change([&chosen](RecordFilter &filter) {
            filter.kinds.clear();
            for (const RecordKind kind : allKinds) {
                for (const std::string &name : chosen) {
                    if (name == recordKindName(kind))
                        filter.kinds.push_back(kind);
                }
            }
        });
    });
}

void FilterBar::setUpNames(const QString &label, std::vector<std::string> RecordFilter::*names,
                           Result<std::vector<NameCount>> (RecordReader::*question)())
{
    Ask &ask = m_askNames[m_nameMenus++];
    QPushButton *button = addMenuButton(label);
    auto *menu = new CheckMenu(button);
    button->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, names, question, &ask] {
        menu->showMessage(tr("Loading…"));
        m_link.ask<std::vector<NameCount>>(
            ask, [question](Engine &engine, std::stop_token) { return (engine.records().*question)(); },
            [this, menu, names](Result<std::vector<NameCount>> counts) {
                if (!counts) {
                    menu->showMessage(errorText(counts.error()));
                    return;
                }
                std::vector<CheckMenu::Entry> entries;
                for (const NameCount &count : *counts)
                    entries.push_back({count.name, toText(count.name), formatCount(count.count)});
                menu->setEntries(entries, m_selection.filter().*names);
            });
    });
    connect(menu, &CheckMenu::chosenChanged, this, [this, names](const std::vector<std::string> &chosen) {
        change([names, &chosen](RecordFilter &filter) { filter.*names = chosen; });
    });
}

void FilterBar::setUpStatus()
{
    QPushButton *button = addMenuButton(tr("Status"));
    auto *menu = new QMenu(button);
    menu->setProperty("checkable", true);
    button->setMenu(menu);
    auto *group = new QActionGroup(menu);
    group->setExclusionPolicy(QActionGroup::ExclusionPolicy::ExclusiveOptional);
    for (const CommandStatus status : allStatuses) {
        QAction *action = menu->addAction(statusWord(status));
        action->setCheckable(true);
        action->setData(int(status));
        group->addAction(action);
    }
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        for (QAction *action : menu->actions())
            action->setChecked(m_selection.filter().status == CommandStatus(action->data().toInt()));
    });
    connect(group, &QActionGroup::triggered, this, [this](const QAction *action) {
        change([action](RecordFilter &filter) {
            filter.status.reset();
            if (action->isChecked())
                filter.status = CommandStatus(action->data().toInt());
        });
    });
}

void FilterBar::setUpTime()
{
    QPushButton *button = addMenuButton(tr("Time"));
    auto *menu = new QMenu(button);
    auto *panel = new TimeRangePanel;
    auto *action = new QWidgetAction(menu);
    action->setDefaultWidget(panel);
    menu->addAction(action);
    button->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, panel] {
        panel->show(m_selection.filter().from, m_selection.filter().to, m_timeStyle == TimeStyle::Utc);
    });
    connect(panel, &TimeRangePanel::applied, this,
            [this, menu](const std::optional<Timestamp> &from, const std::optional<Timestamp> &to) {
                menu->close();
                change([&](RecordFilter &filter) {
                    filter.from = from;
                    filter.to = to;
                });
            });
}

void FilterBar::showFilter()
{
    m_expression->showExpression(m_selection.filter().expression);
}

} // namespace commander::ui
