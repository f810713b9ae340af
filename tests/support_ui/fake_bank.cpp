// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_bank.h"

namespace commander::test {

namespace {
constexpr Uuid namespaceId{
    {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}};
constexpr std::int64_t largeTransfer = 1'000'000;
} // namespace

void FakeBank::submit(CommandDraft draft, Done done)
{
    submittedFrom = std::this_thread::get_id();
    Result<CommandReceipt> receipt = take(std::move(draft));
    m_store.notify();
    done(std::move(receipt));
}

Result<CommandReceipt> FakeBank::take(CommandDraft draft)
{
    if (refuseWith != ErrorCode::Count)
        return fail(refuseWith, "refused as told");
    auto data = parseJson(draft.data);
    if (!data)
        return fail(std::move(data.error()));
    const std::lock_guard lock(m_mutex);
    if (draft.id) {
        if (auto present = m_store.find(*draft.id))
            return CommandReceipt{present, true};
    }
    RecordDraft record;
    record.kind = RecordKind::Command;
    record.id = draft.id.value_or(uuid5(namespaceId, std::to_string(++m_made)));
    record.correlation = record.id;
    record.topic = commandsTopic;
    record.action = draft.action;
    record.actor = draft.actor;
    record.timestamp = draft.timestamp;
    for (const char *name : {"account", "from_account", "id", "last_name"}) {
        if (record.key.empty())
            record.key = data->stringAt(name);
    }
    record.data = std::move(draft.data);
    RecordPtr command = m_store.append(std::move(record));
    ++commands;
    decide(*command, *data);
    return CommandReceipt{command, false};
}

void FakeBank::decide(const Record &command, const Json &data)
{
    CommandOutcome outcome;
    outcome.status = CommandStatus::Succeeded;
    const auto reject = [&outcome](std::string code, std::string message) {
        outcome.status = CommandStatus::Rejected;
        outcome.errorCode = std::move(code);
        outcome.errorMessage = std::move(message);
    };
    const std::string account(data.stringAt("account"));
    const std::string from(data.stringAt("from_account"));
    const std::string to(data.stringAt("to_account"));
    const std::int64_t amount = data.integerAt("amount").value_or(0);

    if (command.action == "open-account") {
        if (m_accounts.contains(account))
            reject("account-exists", "account " + account + " exists already");
        else {
            m_accounts[account] = data.integerAt("opening_balance").value_or(0);
            emitEvent(command, "account-opened", outcome);
        }
    } else if (command.action == "deposit-money" || command.action == "withdraw-money") {
        const bool deposit = command.action == "deposit-money";
        if (!m_accounts.contains(account))
            reject("unknown-account", "there is no account " + account);
        else if (!deposit && m_accounts[account] < amount)
            reject("insufficient-funds", "account " + account + " holds " + std::to_string(m_accounts[account]));
        else {
            m_accounts[account] += deposit ? amount : -amount;
            emitEvent(command, deposit ? "money-deposited" : "money-withdrawn", outcome);
        }
    } else if (command.action == "transfer-money") {
        if (!m_accounts.contains(from) || !m_accounts.contains(to))
            reject("unknown-account", "there is no account " + (m_accounts.contains(from) ? to : from));
        else if (from == to)
            reject("same-account", "an account cannot transfer to itself");
        else if (m_accounts[from] < amount)
            reject("insufficient-funds", "account " + from + " holds " + std::to_string(m_accounts[from]));
        else {
            m_accounts[from] -= amount;
            m_accounts[to] += amount;
            emitEvent(command, "money-transferred", outcome);
        }
    } else {
        emitEvent(command, "customer-created", outcome);
    }

    RecordDraft result;
    result.kind = RecordKind::Result;
    result.id = uuid5(command.id, "result");
    result.parent = command.id;
    result.correlation = command.correlation;
    result.topic = resultsTopic;
    result.key = command.key;
    result.action = commandStatusName(outcome.status);
    result.actor = "engine";
    result.data = writeOutcome(outcome);
    m_store.append(std::move(result));
    ++(outcome.status == CommandStatus::Succeeded ? succeeded : rejected);

    if (outcome.status == CommandStatus::Succeeded && amount >= largeTransfer && command.action == "transfer-money") {
        RecordDraft flag;
        flag.kind = RecordKind::Command;
        flag.id = uuid5(command.id, "command/1");
        flag.parent = outcome.events.front();
        flag.correlation = command.correlation;
        flag.depth = 1;
        flag.topic = commandsTopic;
        flag.key = from;
        flag.action = "flag-large-transfer";
        flag.actor = "reaction:large-transfers";
        flag.data = command.data;
        m_store.append(std::move(flag));
        ++commands;
    }
}

void FakeBank::emitEvent(const Record &command, const std::string &action, CommandOutcome &outcome)
{
    RecordDraft draft;
    draft.kind = RecordKind::Event;
    draft.id = uuid5(command.id, "event/1");
    draft.parent = command.id;
    draft.correlation = command.correlation;
    draft.topic = action == "customer-created" ? "customer-events" : "bank-events";
    draft.key = command.key;
    draft.action = action;
    draft.actor = "domain:bank";
    draft.data = command.data;
    outcome.events = {draft.id};
    const RecordPtr event = m_store.append(std::move(draft));
    ++events;
    const auto data = parseJson(event->data);
    for (const char *name : {"account", "from_account", "to_account"}) {
        const std::string account(data->stringAt(name));
        if (!account.empty())
            setBalance(*event, account, m_accounts[account]);
    }
}

void FakeBank::setBalance(const Record &event, const std::string &account, std::int64_t balance)
{
    DocumentChange change;
    change.view = "accounts";
    change.key = account;
    change.position = event.position;
    change.event = event.id;
    change.created = event.action == "account-opened";
    change.fields = {{"/balance", std::nullopt, std::to_string(balance)}};
    m_store.addChange(change, R"({"account":")" + account + R"(","balance":)" + std::to_string(balance) + "}");
}

void FakeBank::awaitResult(const Uuid &command, std::chrono::milliseconds, ResultDone done)
{
    done(m_store.result(command));
}

std::vector<DomainDescription> FakeBank::domains() const
{
    DomainDescription bank;
    bank.name = "bank";
    bank.eventsTopic = "bank-events";
    for (const char *action : {"open-account", "deposit-money", "withdraw-money", "transfer-money"})
        bank.commands.push_back({action, action, "{}", "account", "{}"});
    bank.views.push_back({"accounts", 1, "/accounts", {"account-opened", "money-transferred"}});
    return {bank};
}

} // namespace commander::test
