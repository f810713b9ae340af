// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/metric_cards.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/card.h"
#include "widgets/labels.h"
#include "widgets/sparkline.h"

#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr std::size_t curvePoints = 120; // a minute at two a second

QString lagText(Position at, Position head)
{
    return at >= head ? MetricCards::tr("up to date")
                      : MetricCards::tr("%1 behind").arg(formatCount(head.value - at.value));
}
} // namespace

MetricCards::MetricCards(EngineMeter &meter, Theme &theme, QWidget *parent)
    : QWidget(parent), m_meter(meter), m_theme(theme)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(14);
    m_records = addTrend(tr("Ledger"), Theme::Tone::Accent);
    m_commands = addTrend(tr("Commands"), Theme::Tone::Event);

    Card *outcomes = addCard(tr("Outcomes"));
    auto *outcomeGrid = new QGridLayout;
    outcomes->body()->addLayout(outcomeGrid);
    outcomes->body()->addStretch(1);
    m_outcomes = {
        addLine(*outcomeGrid, u"succeeded"_s, Theme::Tone::Succeeded, statusWord(CommandStatus::Succeeded)),
        addLine(*outcomeGrid, u"rejected"_s, Theme::Tone::Rejected, statusWord(CommandStatus::Rejected)),
        addLine(*outcomeGrid, u"failed"_s, Theme::Tone::Failed, statusWord(CommandStatus::Failed)),
    };

    Card *lags = addCard(tr("Keeping up"));
    auto *lagGrid = new QGridLayout;
    lags->body()->addLayout(lagGrid);
    lags->body()->addStretch(1);
    m_lags = {
        addLine(*lagGrid, u"gear"_s, Theme::Tone::Pending, tr("Processor")),
        addLine(*lagGrid, u"search"_s, Theme::Tone::Pending, tr("Index")),
        addLine(*lagGrid, u"views"_s, Theme::Tone::Pending, tr("Views")),
    };
    m_commits = makeLabel(LabelRole::Small);
    m_commits->setToolTip(tr("Records that arrive together are made durable by one write to the disk"));
    lags->body()->addWidget(m_commits);
    connect(&meter, &EngineMeter::measured, this, &MetricCards::refresh);
}

Card *MetricCards::addCard(const QString &heading)
{
    auto *card = new Card(heading);
    static_cast<QHBoxLayout *>(layout())->addWidget(card, 1);
    return card;
}

MetricCards::Trend MetricCards::addTrend(const QString &heading, Theme::Tone tone)
{
    Card *card = addCard(heading);
    Trend trend{makeLabel(LabelRole::Value), makeLabel(LabelRole::Small), new Sparkline(m_theme, tone, curvePoints)};
    card->corner()->addWidget(trend.note);
    card->body()->setSpacing(2);
    card->body()->addWidget(trend.value);
    card->body()->addStretch(1);
    card->body()->addWidget(trend.curve);
    return trend;
}

MetricCards::Line MetricCards::addLine(QGridLayout &grid, const QString &icon, Theme::Tone tone, const QString &label)
{
    Line line{new IconLabel(m_theme, icon, 16), makeLabel(LabelRole::Body)};
    line.icon->setTone(tone);
    line.value->setAlignment(Qt::AlignRight);
    const int row = grid.rowCount();
    grid.addWidget(line.icon, row, 0);
    grid.addWidget(makeLabel(LabelRole::Body, label), row, 1);
    grid.addWidget(line.value, row, 2);
    grid.setColumnStretch(1, 1);
    grid.setHorizontalSpacing(9);
    grid.setVerticalSpacing(8);
    return line;
}

void MetricCards::refresh()
{
    const EngineStatus &status = m_meter.status();
    const EngineMeter::Rates &rates = m_meter.rates();
    m_records.value->setText(formatCount(status.progress.ledger.value));
    m_records.note->setText(tr("%1 records/s").arg(formatRate(rates.records)));
    m_records.curve->push(rates.records);
    m_commands.value->setText(formatCount(status.commands));
    m_commands.note->setText(tr("%1 commands/s").arg(formatRate(rates.commands)));
    m_commands.curve->push(rates.commands);
    m_records.curve->setAccessibleName(m_records.note->text());
    m_commands.curve->setAccessibleName(m_commands.note->text());

    const std::uint64_t outcomes[] = {status.succeeded, status.rejected, status.failed};
    for (std::size_t i = 0; i < m_outcomes.size(); ++i)
        m_outcomes[i].value->setText(formatCount(outcomes[i]));

    const Position at[] = {status.processedTo, status.progress.indexed, status.progress.viewed};
    for (std::size_t i = 0; i < m_lags.size(); ++i)
        m_lags[i].value->setText(lagText(at[i], status.progress.ledger));
    m_commits->setText(tr("%1 group commits since the start").arg(formatCount(status.commits)));
}

} // namespace commander::ui
