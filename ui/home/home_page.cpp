// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/home_page.h"

#include "home/activity_list.h"
#include "home/first_steps.h"
#include "home/metric_cards.h"
#include "home/pattern_strip.h"
#include "home/play_card.h"
#include "models/format.h"
#include "widgets/card.h"
#include "widgets/labels.h"

#include <QScrollArea>
#include <QToolButton>

namespace commander::ui {

HomePage::HomePage(EngineLink &link, Selection &selection, Theme &theme, std::function<RestStatus()> restStatus,
                   QWidget *parent)
    : Page(link, selection, parent), m_restStatus(std::move(restStatus)), m_meter(link),
      m_greeting(makeLabel(LabelRole::Muted)), m_pattern(new PatternStrip(theme)),
      m_steps(new FirstSteps(link, selection, theme)), m_play(new PlayCard(link)),
      m_activity(new ActivityList(link, theme))
{
    auto *content = new QWidget;
    content->setProperty("page", true);
    m_greeting->setWordWrap(true);

    auto *pattern = new Card(tr("The way of a command"));
    pattern->body()->addWidget(m_pattern);
    pattern->body()->addWidget(m_greeting);
    auto *steps = new Card(tr("First steps"));
    steps->body()->addWidget(m_steps);
    auto *play = new Card(tr("Play a day at the bank"));
    play->body()->addWidget(m_play);
    auto *activity = new Card(tr("Latest activity"));
    activity->body()->addWidget(m_activity, 1);
    auto *all = new QToolButton;
    all->setText(tr("Open the ledger"));
    activity->corner()->addWidget(all);

    auto *left = new QVBoxLayout;
    left->setSpacing(14);
    left->addWidget(steps);
    left->addWidget(play);
    left->addStretch(1);
    auto *lower = new QHBoxLayout;
    lower->setSpacing(14);
    lower->addLayout(left, 5);
    lower->addWidget(activity, 4);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(20, 18, 20, 18);
    column->setSpacing(14);
    column->addWidget(pattern);
    column->addWidget(new MetricCards(m_meter, theme));
    column->addLayout(lower, 1);

    auto *area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(area);

    connect(&m_meter, &EngineMeter::measured, this, &HomePage::refresh);
    connect(all, &QToolButton::clicked, this, [this] { m_selection.show(Selection::Page::Ledger); });
    connect(m_activity, &ActivityList::chosen, this, [this](const Uuid &id) {
        m_selection.selectRecord(id);
        m_selection.show(Selection::Page::Ledger);
    });
}

void HomePage::activate()
{
    m_meter.start();
    m_activity->setActive(true);
}

void HomePage::deactivate()
{
    m_meter.stop();
    m_activity->setActive(false);
}

void HomePage::refresh()
{
    const EngineStatus &status = m_meter.status();
    m_pattern->setCounts(status.commands, status.progress.ledger.value, status.events, status.documents);
    m_greeting->setText(
        status.progress.ledger.value == 0
            ? tr("This workspace is empty. A command only asks: it is recorded first and decided then, and what "
                 "you read afterwards comes from the events that followed. Send one below and follow it.")
            : tr("A command only asks. It is recorded first and decided then, and what you read comes from the "
                 "events that followed. Refused commands stay in the ledger too."));
    const RestStatus rest = m_restStatus();
    m_steps->setBaseUrl(rest.listening ? toText(rest.baseUrl) : QString());
    m_steps->setReadOnly(status.readOnly);
    m_play->setReadOnly(status.readOnly);
}

} // namespace commander::ui
