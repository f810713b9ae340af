// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/consumers_panel.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/card.h"
#include "widgets/flat_table.h"
#include "widgets/labels.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

class Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::ConsumersPanel)
};

QString stateWord(const ConsumerStatus &consumer)
{
    if (consumer.rebuilt)
        return Texts::tr("Building again");
    switch (consumer.state) {
    case ConsumerState::Running:
        return Texts::tr("Running");
    case ConsumerState::Paused:
        return Texts::tr("Paused");
    case ConsumerState::Stopped:
        return Texts::tr("Stopped");
    }
    return {};
}

/// What one should know of it beside its state, in one line.
QString noteOf(const ConsumerStatus &consumer)
{
    if (!consumer.fault.empty())
        return toText(consumer.fault);
    QStringList parts;
    if (consumer.rebuilt)
        parts << Texts::tr("built again up to %1").arg(formatCount(consumer.rebuilt->value));
    if (!consumer.reason.empty())
        parts << toText(consumer.reason);
    if (consumer.waiting > 0)
        parts << Texts::tr("%Ln command(s) wait", nullptr, int(consumer.waiting));
    if (!consumer.skipped.empty())
        parts << Texts::tr("leaves out %Ln event(s)", nullptr, int(consumer.skipped.size()));
    if (consumer.kind == ConsumerKind::View && consumer.serves && !consumer.canPause)
        parts << Texts::tr("serves and decides");
    else if (consumer.serves)
        parts << Texts::tr("serves");
    return parts.join(u"; "_s);
}

/// All of it, for who has chosen this one.
QString detailsOf(const ConsumerStatus &consumer)
{
    QString text = noteOf(consumer);
    for (const auto &skipped : consumer.skipped) {
        text += u'\n'
            + Texts::tr("Leaves out the event at position %1: %2")
                  .arg(formatCount(skipped.position.value), toText(skipped.reason));
    }
    return text;
}

} // namespace

ConsumersPanel::ConsumersPanel(EngineLink &link, Selection &selection, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection),
      m_table(makeFlatTable(tr("Consumers of the ledger"),
                            {tr("Name"), tr("State"), tr("Position"), tr("Behind"), tr("Note")}, 4)),
      m_details(makeLabel(LabelRole::Small)), m_reason(new QLineEdit)
{
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_details->setAccessibleName(tr("About the chosen consumer"));
    m_reason->setPlaceholderText(tr("Reason, recorded with it"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMaxLength(1000);
    const auto button = [this](const QString &text, const QString &tip, std::function<void()> act) {
        auto *made = new QPushButton(text);
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, std::move(act));
        return made;
    };
    m_pause = button(tr("Pause"), tr("It takes nothing any more until it is resumed; recorded in the ledger"), [this] {
        act([](Consumers &consumers, const ConsumerRequest &asked) { return consumers.pause(asked); },
            tr("%1 is paused."));
    });
    m_resume = button(tr("Resume"), tr("Go on where it stands; a view that stopped tries the event again"), [this] {
        act([](Consumers &consumers, const ConsumerRequest &asked) { return consumers.resume(asked); },
            tr("%1 goes on."));
    });
    m_reset = button(tr("Build again"), tr("From position 1; a view is read as it was until that is done"), [this] {
        act([](Consumers &consumers, const ConsumerRequest &asked) { return consumers.reset(asked); },
            tr("%1 is being built again."));
    });
    m_skip = button(tr("Leave out the event"),
                    tr("The view leaves out the event that stopped it, now and whenever it is built; needs a reason"),
                    [this] {
                        act(
                            [](Consumers &consumers, const ConsumerRequest &asked) -> Result<void> {
                                const auto skipped = consumers.skip(asked);
                                return skipped ? Result<void>() : fail(skipped.error());
                            },
                            tr("%1 leaves out the event."));
                    });
    m_showEvent
        = button(tr("Show the event"), tr("Show the event that stopped it in the ledger"), [this] { showEvent(); });

    auto *card = new Card(tr("What follows the ledger"));
    card->body()->addWidget(m_table, 1);
    card->body()->addWidget(m_details);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    for (auto *one : {m_showEvent, m_pause, m_resume, m_reset, m_skip})
        row->addWidget(one);
    row->addWidget(m_reason, 1);
    card->body()->addLayout(row);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(card);
    connect(m_table, &QTreeWidget::currentItemChanged, this, [this] { updateDetails(); });
    connect(m_reason, &QLineEdit::textChanged, this, [this] { updateDetails(); });
    updateDetails();
}

void ConsumersPanel::refresh(bool readOnly)
{
    m_readOnly = readOnly;
    using Statuses = std::vector<ConsumerStatus>;
    m_link.ask<Statuses>(
        m_ask, [](Engine &engine, std::stop_token) -> Result<Statuses> { return engine.consumers().list(); },
        [this](Result<Statuses> consumers) {
            if (consumers)
                take(std::move(*consumers));
        });
}

void ConsumersPanel::cancel()
{
    m_ask.cancel();
}

void ConsumersPanel::take(std::vector<ConsumerStatus> consumers)
{
    const auto *before = current();
    const std::string chosen = before ? before->name : std::string();
    m_consumers = std::move(consumers);
    std::vector<QStringList> rows;
    int row = -1;
    for (const auto &consumer : m_consumers) {
        if (consumer.name == chosen)
            row = int(rows.size());
        rows.push_back({toText(consumer.name), stateWord(consumer), formatCount(consumer.position.value),
                        formatCount(consumer.lag), noteOf(consumer)});
    }
    setRows(*m_table, rows);
    for (int i = 0; i < m_table->topLevelItemCount(); ++i) {
        for (const int column : {2, 3})
            m_table->topLevelItem(i)->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    if (row >= 0)
        m_table->setCurrentItem(m_table->topLevelItem(row));
    updateDetails();
}

const ConsumerStatus *ConsumersPanel::current() const
{
    const int row = m_table->indexOfTopLevelItem(m_table->currentItem());
    return row >= 0 && row < int(m_consumers.size()) ? &m_consumers[std::size_t(row)] : nullptr;
}

void ConsumersPanel::updateDetails()
{
    const auto *consumer = current();
    const bool writes = consumer && !m_readOnly && !m_acting;
    const auto state = consumer ? consumer->state : ConsumerState::Running;
    const bool isView = consumer && consumer->kind == ConsumerKind::View;
    m_pause->setEnabled(writes && consumer->canPause && state == ConsumerState::Running);
    m_resume->setEnabled(writes && (state == ConsumerState::Paused || (isView && state == ConsumerState::Stopped)));
    m_reset->setEnabled(consumer && !m_acting && consumer->canReset && state != ConsumerState::Paused
                        && !consumer->rebuilt);
    m_skip->setEnabled(writes && consumer->faultAt && !m_reason->text().trimmed().isEmpty());
    m_showEvent->setEnabled(consumer && consumer->faultAt);
    const QString details = consumer ? detailsOf(*consumer) : QString();
    m_details->setText(details);
    m_details->setVisible(!details.isEmpty());
}

void ConsumersPanel::act(Act act, const QString &done)
{
    const auto *consumer = current();
    if (!consumer)
        return;
    ConsumerRequest asked{consumer->name, "console", toUtf8(m_reason->text().trimmed())};
    m_acting = true;
    updateDetails();
    const QString text = done.arg(toText(consumer->name));
    m_link.ask<void>(
        m_askAct,
        [act = std::move(act), asked = std::move(asked)](Engine &engine, std::stop_token) {
            return act(engine.consumers(), asked);
        },
        [this, text](const Result<void> &result) {
            m_acting = false;
            if (result) {
                m_reason->clear();
                Q_EMIT said(text);
            } else {
                Q_EMIT failed(errorText(result.error()));
            }
            updateDetails();
            refresh(m_readOnly);
        });
}

void ConsumersPanel::showEvent()
{
    const auto *consumer = current();
    if (!consumer || !consumer->faultAt)
        return;
    m_link.ask<std::vector<RecordPtr>>(
        m_askEvent,
        [at = *consumer->faultAt](Engine &engine, std::stop_token stop) { return engine.records().range(at, 1, stop); },
        [this](const Result<std::vector<RecordPtr>> &records) {
            if (!records || records->empty()) {
                Q_EMIT failed(records ? tr("The event is not indexed yet.") : errorText(records.error()));
                return;
            }
            m_selection.selectRecord(records->front()->id);
            m_selection.show(Selection::Page::Ledger);
        });
}

} // namespace commander::ui
