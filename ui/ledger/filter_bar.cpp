// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/filter_bar.h"

#include "ledger/check_menu.h"
#include "ledger/time_range_panel.h"
#include "models/words.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QWidgetAction>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int debounceMs = 150;
constexpr RecordKind allKinds[] = {RecordKind::Command, RecordKind::Event, RecordKind::Result};
constexpr CommandStatus allStatuses[]
    = {CommandStatus::Accepted, CommandStatus::Succeeded, CommandStatus::Rejected, CommandStatus::Failed};
} // namespace

FilterBar::FilterBar(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_search(new QLineEdit)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    setUpSearch(theme);
    setUpKinds();
    setUpNames(tr("Topic"), &RecordFilter::topics, &RecordReader::topics);
    setUpNames(tr("Action"), &RecordFilter::actions, &RecordReader::actions);
    setUpStatus();
    setUpTime();
    row->addStretch(1);
    row->setStretchFactor(m_search, 100);
    connect(&selection, &Selection::filterChanged, this, &FilterBar::showFilter);
    showFilter();
}

void FilterBar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

template <class Change> void FilterBar::change(Change apply)
{
    RecordFilter filter = m_selection.filter();
    apply(filter);
    m_selection.setFilter(std::move(filter));
}

void FilterBar::setUpSearch(Theme &theme)
{
    m_search->setPlaceholderText(tr("Search data, action, key or id"));
    m_search->setAccessibleName(tr("Search text"));
    m_search->setToolTip(
        tr("Finds records with this text in their data, action, key or id; upper and lower case are alike"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(200);
    m_search->setMaximumWidth(460);
    QAction *icon = m_search->addAction(QIcon(), QLineEdit::LeadingPosition);
    const auto redraw = [icon, &theme] { icon->setIcon(theme.icon(u"search"_s, theme.color(Theme::Tone::TextMuted))); };
    connect(&theme, &Theme::changed, icon, redraw);
    redraw();

    m_debounce.setSingleShot(true);
    m_debounce.setInterval(debounceMs);
    connect(m_search, &QLineEdit::textEdited, &m_debounce, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        m_debounce.stop();
        change([this](RecordFilter &filter) { filter.text = toUtf8(m_search->text()); });
    });
    connect(&m_debounce, &QTimer::timeout, this,
            [this] { change([this](RecordFilter &filter) { filter.text = toUtf8(m_search->text()); }); });
    layout()->addWidget(m_search);
}

QPushButton *FilterBar::addMenuButton(const QString &label)
{
    auto *button = new QPushButton(label);
    button->setProperty("menuButton", true);
    button->setAccessibleName(tr("Filter by: %1").arg(label));
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    layout()->addWidget(button);
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
    const QString text = toText(m_selection.filter().text);
    if (!m_debounce.isActive() && text != m_search->text())
        m_search->setText(text);
}

} // namespace commander::ui
