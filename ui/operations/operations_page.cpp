// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operations_page.h"

#include "ledger/outcome_box.h"
#include "models/format.h"
#include "models/words.h"
#include "operations/consumers_panel.h"
#include "widgets/banner.h"
#include "widgets/card.h"
#include "widgets/flat_table.h"
#include "widgets/labels.h"

#include <QPushButton>
#include <QStackedWidget>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int newsMs = 300;
constexpr int ageMs = 1000;

QString whenText(const std::optional<Timestamp> &time)
{
    return time ? formatTimeLong(*time, TimeStyle::Local, currentTime()) : u"–"_s;
}

} // namespace

OperationsPage::OperationsPage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : Page(link, selection, parent),
      m_error(new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, u"failed"_s)),
      m_said(makeLabel(LabelRole::Muted)), m_more(makeLabel(LabelRole::Small)), m_fault(new OutcomeBox(theme)),
      m_consumers(new ConsumersPanel(link, selection))
{
    m_error->hide();
    m_said->setWordWrap(true);
    m_said->hide();
    m_more->setText(tr("There are more than are shown here; the views commander-waiting and commander-dead-letters "
                       "have them all."));
    m_more->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    column->addWidget(m_error);
    column->addWidget(m_said);
    column->addWidget(makeParked(), 1);
    column->addWidget(makeScheduled(), 1);
    column->addWidget(m_consumers, 2);
    column->addWidget(m_more);

    m_news.setSingleShot(true);
    m_news.setInterval(newsMs);
    m_age.setInterval(ageMs);
    connect(&m_news, &QTimer::timeout, this, &OperationsPage::ask);
    connect(m_consumers, &ConsumersPanel::said, this, [this](const QString &what) {
        m_error->hide();
        m_said->setText(what);
        m_said->show();
    });
    connect(m_consumers, &ConsumersPanel::failed, this, [this](const QString &why) {
        m_error->setText(why);
        m_error->show();
    });
    connect(&m_age, &QTimer::timeout, this, &OperationsPage::showScheduled);
    connect(&m_link, &EngineLink::progressed, this, [this] {
        if (m_active && !m_news.isActive())
            m_news.start();
    });
    take({});
}

QTreeWidget *OperationsPage::makeTable(const QString &name, const QStringList &headers, int wide, const QString &none,
                                       QStackedWidget *&stack)
{
    auto *table = makeFlatTable(name, headers, wide);
    auto *empty = makeLabel(LabelRole::Muted, none);
    empty->setWordWrap(true);
    empty->setAlignment(Qt::AlignCenter);
    stack = new QStackedWidget;
    stack->addWidget(table);
    stack->addWidget(empty);
    connect(table, &QTreeWidget::currentItemChanged, this, [this] {
        updateButtons();
        showFault();
    });
    return table;
}

QPushButton *OperationsPage::makeButton(const QString &text, const QString &tip, std::function<void()> act)
{
    auto *button = new QPushButton(text);
    button->setToolTip(tip);
    connect(button, &QPushButton::clicked, this, std::move(act));
    return button;
}

QWidget *OperationsPage::makeScheduled()
{
    m_scheduled = makeTable(tr("Scheduled commands"), {tr("Action"), tr("Key"), tr("Due"), tr("Expires"), tr("Id")}, 4,
                            tr("No command waits for its time."), m_scheduledStack);
    auto *card = new Card(tr("Scheduled"));
    card->body()->addWidget(m_scheduledStack, 1);
    m_scheduledButtons
        = {makeButton(tr("Show the command"), tr("Show it in the ledger"),
                      [this] {
                          if (const auto *command = scheduled())
                              showRecord(command->command);
                      }),
           makeButton(tr("Decide now"), tr("Do not wait for its time"),
                      [this] {
                          if (const auto *command = scheduled())
                              send("release-command", command->command,
                                   tr("%1 is decided now.").arg(toText(command->action)));
                      }),
           makeButton(tr("Cancel"), tr("Take it back before it is decided"), [this] {
               if (const auto *command = scheduled())
                   send("cancel-command", command->command, tr("%1 is cancelled.").arg(toText(command->action)));
           })};
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    for (auto *button : m_scheduledButtons)
        row->addWidget(button);
    row->addStretch(1);
    card->body()->addLayout(row);
    return card;
}

QWidget *OperationsPage::makeParked()
{
    m_parked = makeTable(tr("Parked commands"), {tr("Sequence"), tr("Waiting"), tr("Fault"), tr("Since")}, 2,
                         tr("No command is parked behind a fault."), m_parkedStack);
    auto *card = new Card(tr("Parked behind a fault"));
    auto *both = new QHBoxLayout;
    both->setSpacing(12);
    both->addWidget(m_parkedStack, 3);
    // Hidden, it leaves the whole width to the table, so that what is said of an empty one stands in the middle.
    both->addWidget(m_fault, 2, Qt::AlignTop);
    card->body()->addLayout(both, 1);
    m_parkedButtons
        = {makeButton(tr("Show the command"), tr("Show the command that met the fault in the ledger"),
                      [this] {
                          if (const auto *sequence = parked())
                              showRecord(sequence->command);
                      }),
           makeButton(tr("Try again"), tr("Decide the first command again; when it gets its result, the others follow"),
                      [this] {
                          if (const auto *sequence = parked())
                              send("replay-dead-letter", sequence->command,
                                   tr("%1 is tried again.").arg(toText(sequence->sequence)));
                      }),
           makeButton(tr("Give it up"), tr("Record the first command as failed and go on with the others"), [this] {
               if (const auto *sequence = parked())
                   send("discard-dead-letter", sequence->command,
                        tr("The first command of %1 is given up.").arg(toText(sequence->sequence)));
           })};
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    for (auto *button : m_parkedButtons)
        row->addWidget(button);
    row->addStretch(1);
    card->body()->addLayout(row);
    return card;
}

void OperationsPage::activate()
{
    m_active = true;
    m_readOnly = m_link.status().readOnly;
    m_age.start();
    ask();
}

void OperationsPage::deactivate()
{
    m_active = false;
    m_news.stop();
    m_age.stop();
    m_ask.cancel();
    m_consumers->cancel();
}

void OperationsPage::ask()
{
    m_consumers->refresh(m_readOnly);
    m_link.ask<WaitingCommands>(m_ask, &readWaitingCommands, [this](Result<WaitingCommands> waiting) {
        m_error->setVisible(!waiting);
        if (waiting)
            take(std::move(*waiting));
        else
            m_error->setText(errorText(waiting.error()));
    });
}

void OperationsPage::take(WaitingCommands waiting)
{
    m_waiting = std::move(waiting);
    m_more->setVisible(m_waiting.more);
    showScheduled();
    showParked();
    updateButtons();
    showFault();
}

void OperationsPage::showScheduled()
{
    std::vector<QStringList> rows;
    for (const auto &command : m_waiting.scheduled) {
        rows.push_back({toText(command.action), toText(command.key),
                        command.overdue ? tr("overdue: it expires") : whenText(command.due), whenText(command.expires),
                        toText(command.command.text())});
    }
    setRows(*m_scheduled, rows);
    m_scheduledStack->setCurrentIndex(rows.empty() ? 1 : 0);
}

void OperationsPage::showParked()
{
    std::vector<QStringList> rows;
    for (const auto &sequence : m_waiting.parked) {
        const bool faulted = sequence.fault.status == CommandStatus::Failed;
        rows.push_back({toText(sequence.sequence), formatCount(sequence.waiting),
                        faulted ? toText(sequence.fault.errorMessage) : tr("being decided again"),
                        whenText(sequence.since)});
    }
    setRows(*m_parked, rows);
    m_parkedStack->setCurrentIndex(rows.empty() ? 1 : 0);
    // The whole text of the fault stands beside the table, so one of them is always chosen.
    if (!rows.empty() && !m_parked->currentItem())
        m_parked->setCurrentItem(m_parked->topLevelItem(0));
}

const ScheduledCommand *OperationsPage::scheduled() const
{
    const int row = m_scheduled->indexOfTopLevelItem(m_scheduled->currentItem());
    return row >= 0 && row < int(m_waiting.scheduled.size()) ? &m_waiting.scheduled[std::size_t(row)] : nullptr;
}

const ParkedSequence *OperationsPage::parked() const
{
    const int row = m_parked->indexOfTopLevelItem(m_parked->currentItem());
    return row >= 0 && row < int(m_waiting.parked.size()) ? &m_waiting.parked[std::size_t(row)] : nullptr;
}

void OperationsPage::updateButtons()
{
    for (std::size_t i = 0; i < m_scheduledButtons.size(); ++i)
        m_scheduledButtons[i]->setEnabled(scheduled() && (i == 0 || !m_readOnly));
    for (std::size_t i = 0; i < m_parkedButtons.size(); ++i)
        m_parkedButtons[i]->setEnabled(parked() && (i == 0 || !m_readOnly));
}

void OperationsPage::showFault()
{
    const auto *sequence = parked();
    m_fault->setVisible(sequence && sequence->fault.status == CommandStatus::Failed);
    if (sequence)
        m_fault->setOutcome(sequence->fault);
}

void OperationsPage::send(const char *action, const Uuid &command, const QString &done)
{
    CommandDraft draft;
    draft.action = action;
    draft.data = R"({"command":")" + command.text() + R"("})";
    draft.actor = "console";
    draft.parent = command;
    m_link.submit(std::move(draft), this, [this, done](const Result<CommandReceipt> &receipt) {
        m_error->setVisible(!receipt);
        if (!receipt) {
            m_error->setText(errorText(receipt.error()));
            return;
        }
        m_said->setText(tr("%1 Recorded at position %2.").arg(done, formatCount(receipt->command->position.value)));
        m_said->show();
    });
}

void OperationsPage::showRecord(const Uuid &command)
{
    m_selection.selectRecord(command);
    m_selection.show(Selection::Page::Ledger);
}

} // namespace commander::ui
