// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/first_steps.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/code_box.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr std::string_view transferData = R"({"from_account":"12345","to_account":"54321","amount":10000})";

/// The accounts of the example, opened once: their ids are fixed, so that asking again records nothing new.
CommandDraft openAccount(const std::string &account, const std::string &owner, const std::string &balance)
{
    CommandDraft draft;
    draft.id = uuid5(Uuid{}, "commander/home/open-account/" + account);
    draft.action = "open-account";
    draft.data = R"({"account":")" + account + R"(","owner":")" + owner + R"(","opening_balance":)" + balance + "}";
    draft.actor = "console";
    return draft;
}

} // namespace

FirstSteps::FirstSteps(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection),
      m_curl(new CodeBox(theme, tr("the command for a terminal"))),
      m_intro(makeLabel(LabelRole::Muted, tr("Send a command from a terminal and see here what becomes of it:"))),
      m_noRest(
          makeLabel(LabelRole::Muted, tr("The REST interface is off, so a terminal cannot reach this workspace."))),
      m_send(new QPushButton(tr("Send transfer-money"))), m_stateIcon(new IconLabel(theme, {}, 16)),
      m_state(makeLabel(LabelRole::Body)), m_lineage(new QPushButton(tr("Show its lineage")))
{
    m_send->setProperty("primary", true);
    m_send->setToolTip(
        tr("Opens the accounts 12345 and 54321 if they are not there, and transfers 10,000 from one to the other"));
    m_state->setWordWrap(true);
    m_noRest->setWordWrap(true);
    m_noRest->hide();
    m_lineage->hide();
    m_stateIcon->hide();

    m_intro->setWordWrap(true);
    auto *send = new QHBoxLayout;
    send->setSpacing(10);
    send->addWidget(m_send);
    send->addWidget(m_stateIcon);
    send->addWidget(m_state, 1);
    send->addWidget(m_lineage);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_intro);
    column->addWidget(m_curl);
    column->addWidget(m_noRest);
    column->addWidget(makeLabel(LabelRole::Muted, tr("Or let the console send it:")));
    column->addLayout(send);

    connect(m_send, &QPushButton::clicked, this, &FirstSteps::sendTransfer);
    connect(m_lineage, &QPushButton::clicked, this, [this] {
        m_selection.selectRecord(m_sent);
        m_selection.show(Selection::Page::Lineage);
    });
    connect(&link, &EngineLink::progressed, this, &FirstSteps::watchResult);
}

QString FirstSteps::curlLine(const QString &baseUrl)
{
    return u"curl -sS '%1/commands?sync=true' \\\n  -H 'Content-Type: application/json' \\\n"
           "  -d '{\"action\":\"transfer-money\",\"data\":\n"
           "       %2}'"_s.arg(baseUrl, toText(transferData));
}

void FirstSteps::setBaseUrl(const QString &baseUrl)
{
    m_curl->setVisible(!baseUrl.isEmpty());
    m_intro->setVisible(!baseUrl.isEmpty());
    m_noRest->setVisible(baseUrl.isEmpty());
    if (!baseUrl.isEmpty())
        m_curl->setCode(curlLine(baseUrl));
}

void FirstSteps::setReadOnly(bool readOnly)
{
    m_send->setEnabled(!readOnly);
    m_send->setToolTip(readOnly ? tr("This workspace is open for reading only") : m_send->toolTip());
}

void FirstSteps::sendTransfer()
{
    m_send->setEnabled(false);
    m_lineage->hide();
    m_stateIcon->hide();
    m_state->setText(tr("Sending…"));
    // Commands are decided in this order; an account that is there already answers with its first record.
    const auto ignoreRepeat = [this](const Result<CommandReceipt> &receipt) {
        if (!receipt)
            showReceipt(receipt);
    };
    m_link.submit(openAccount("12345", "Ada Abbott", "1000000"), this, ignoreRepeat);
    m_link.submit(openAccount("54321", "Ken Baker", "0"), this, ignoreRepeat);
    CommandDraft draft;
    draft.action = "transfer-money";
    draft.data = transferData;
    draft.actor = "console";
    m_link.submit(std::move(draft), this, [this](const Result<CommandReceipt> &receipt) { showReceipt(receipt); });
}

void FirstSteps::showReceipt(const Result<CommandReceipt> &receipt)
{
    m_send->setEnabled(true);
    m_stateIcon->show();
    if (!receipt) {
        m_stateIcon->setIcon(u"failed"_s);
        m_stateIcon->setTone(Theme::Tone::Failed);
        m_state->setText(errorText(receipt.error()));
        return;
    }
    m_sent = receipt->command->id;
    m_waiting = true;
    m_stateIcon->setIcon(u"clock"_s);
    m_stateIcon->setTone(Theme::Tone::Pending);
    m_state->setText(tr("Recorded at position %1").arg(formatCount(receipt->command->position.value)));
    watchResult();
}

void FirstSteps::watchResult()
{
    if (!m_waiting || m_ask.isPending())
        return;
    m_link.ask<RecordPtr>(
        m_ask, [id = m_sent](Engine &engine, std::stop_token) { return engine.records().result(id); },
        [this](const Result<RecordPtr> &result) {
            if (!result || !*result)
                return; // not indexed yet: the next news brings us here again
            m_waiting = false;
            if (const auto outcome = parseOutcome((*result)->data))
                showOutcome(*outcome);
            else
                m_state->setText(errorText(outcome.error()));
        });
}

void FirstSteps::showOutcome(const CommandOutcome &outcome)
{
    m_stateIcon->setIcon(Theme::statusIcon(outcome.status));
    m_stateIcon->setTone(outcome.status == CommandStatus::Succeeded      ? Theme::Tone::Succeeded
                             : outcome.status == CommandStatus::Rejected ? Theme::Tone::Rejected
                                                                         : Theme::Tone::Failed);
    m_state->setText(outcome.errorMessage.empty()
                         ? tr("%1: the money is transferred").arg(statusWord(outcome.status))
                         : u"%1: %2"_s.arg(statusWord(outcome.status), toText(outcome.errorMessage)));
    m_lineage->show();
}

} // namespace commander::ui
