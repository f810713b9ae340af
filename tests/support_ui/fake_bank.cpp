// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_bank.h"

#include "domain/json_schema.h"

#include <commander/command_terms.h>

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

void FakeBank::retry(const Uuid &command, RetryOptions options, Done done)
{
    const RecordPtr old = m_store.find(command);
    if (!old) {
        done(fail(ErrorCode::NotFound, "no such command"));
        return;
    }
    ++retries;
    CommandDraft draft;
    draft.id = options.id;
    draft.action = old->action;
    draft.data = old->data;
    draft.actor = options.actor;
    draft.parent = command;
    draft.expectedRevision = options.expectedRevision.value_or(ExpectedRevision{});
    submit(std::move(draft), std::move(done));
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
    if (draft.parent) {
        record.parent = *draft.parent;
        if (const RecordPtr parent = m_store.find(*draft.parent))
            record.correlation = parent->correlation;
    }
    record.topic = commandsTopic;
    record.action = draft.action;
    record.actor = draft.actor;
    record.timestamp = draft.timestamp;
    for (const char *name : {"account", "from_account", "id", "last_name"}) {
        if (record.key.empty())
            record.key = data->stringAt(name);
    }
    record.headers = writeTerms({{}, draft.notBefore, draft.expiresAt, draft.expectedRevision});
    record.data = std::move(draft.data);
    RecordPtr command = m_store.append(std::move(record));
    ++commands;
    decide(*command, *data);
    return CommandReceipt{command, false};
}

FakeBank::Judgement FakeBank::judge(const std::string &action, const Json &data) const
{
    const std::string account(data.stringAt("account"));
    const std::string from(data.stringAt("from_account"));
    const std::string to(data.stringAt("to_account"));
    const std::int64_t amount = data.integerAt("amount").value_or(0);
    const auto holds = [this](const std::string &name) {
        const auto found = m_accounts.find(name);
        return found == m_accounts.end() ? std::int64_t{0} : found->second;
    };
    const auto refuse = [](std::string code, std::string message, std::string details = {}) {
        Judgement judgement;
        judgement.outcome.status = CommandStatus::Rejected;
        judgement.outcome.errorCode = std::move(code);
        judgement.outcome.errorMessage = std::move(message);
        judgement.outcome.errorDetails = std::move(details);
        return judgement;
    };
    const auto tooLittle = [&](const std::string &name) {
        return refuse("insufficient-funds", "account " + name + " holds " + std::to_string(holds(name)),
                      R"({"account":")" + name + R"(","balance":)" + std::to_string(holds(name)) + "}");
    };
    Judgement good;
    good.outcome.status = CommandStatus::Succeeded;
    if (action == "open-account") {
        if (m_accounts.contains(account))
            return refuse("account-exists", "account " + account + " exists already");
        good.event = "account-opened";
        good.balances[account] = data.integerAt("opening_balance").value_or(0);
    } else if (action == "deposit-money" || action == "withdraw-money") {
        const bool deposit = action == "deposit-money";
        if (!m_accounts.contains(account))
            return refuse("unknown-account", "there is no account " + account);
        if (!deposit && holds(account) < amount)
            return tooLittle(account);
        good.event = deposit ? "money-deposited" : "money-withdrawn";
        good.balances[account] = holds(account) + (deposit ? amount : -amount);
    } else if (action == "transfer-money") {
        if (!m_accounts.contains(from) || !m_accounts.contains(to))
            return refuse("unknown-account", "there is no account " + (m_accounts.contains(from) ? to : from));
        if (from == to)
            return refuse("same-account", "an account cannot transfer to itself");
        if (holds(from) < amount)
            return tooLittle(from);
        good.event = "money-transferred";
        good.balances[from] = holds(from) - amount;
        good.balances[to] = holds(to) + amount;
        good.flags = amount >= largeTransfer;
    } else {
        good.event = "customer-created";
    }
    return good;
}

Result<void> FakeBank::validate(CommandDraft draft)
{
    const auto data = parseJson(draft.data);
    if (!data)
        return fail(data.error());
    const auto offered = domains();
    for (const auto &spec : offered.front().commands) {
        if (spec.action != draft.action)
            continue;
        const auto schema = JsonSchema::compile(spec.schema, spec.action);
        return schema ? schema->check(*data) : fail(schema.error());
    }
    return fail(ErrorCode::UnknownAction, "no domain offers the command '" + draft.action + "'", "action");
}

Result<Preview> FakeBank::tryOut(CommandDraft draft)
{
    if (refuseWith != ErrorCode::Count)
        return fail(refuseWith, "refused as told");
    if (auto valid = validate(draft); !valid)
        return fail(valid.error());
    const Json data = *parseJson(draft.data);
    const std::lock_guard lock(m_mutex);
    Judgement judgement = judge(draft.action, data);
    Preview preview;
    preview.at = m_store.head();
    PreviewedCommand command;
    command.command.kind = RecordKind::Command;
    command.command.id = draft.id.value_or(uuid5(namespaceId, "preview"));
    command.command.action = draft.action;
    command.command.data = draft.data;
    if (!judgement.event.empty()) {
        Record event;
        event.kind = RecordKind::Event;
        event.id = uuid5(command.command.id, "event/1");
        event.action = judgement.event;
        event.data = draft.data;
        judgement.outcome.events = {event.id};
        command.events.push_back(std::move(event));
    }
    for (const auto &[account, balance] : judgement.balances) {
        DocumentChange change;
        change.view = "accounts";
        change.key = account;
        const auto before = m_accounts.find(account);
        change.created = before == m_accounts.end();
        change.fields = {{"/balance", change.created ? std::nullopt : std::optional(std::to_string(before->second)),
                          std::to_string(balance)}};
        command.changes.push_back(std::move(change));
    }
    command.outcome = judgement.outcome;
    preview.commands.push_back(std::move(command));
    if (judgement.flags) {
        PreviewedCommand flag;
        flag.command.action = "flag-large-transfer";
        flag.command.data = draft.data;
        flag.outcome.status = CommandStatus::Accepted;
        preview.commands.push_back(std::move(flag));
        preview.undecided = 1;
    }
    return preview;
}

void FakeBank::decide(const Record &command, const Json &data)
{
    const std::string from(data.stringAt("from_account"));
    Judgement judgement = judge(command.action, data);
    CommandOutcome &outcome = judgement.outcome;
    for (const auto &[account, balance] : judgement.balances)
        m_accounts[account] = balance;
    if (!judgement.event.empty())
        emitEvent(command, judgement.event, outcome);

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

    if (judgement.flags) {
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
    const std::string account = R"("account":{"type":"string","minLength":1,"maxLength":50})";
    const std::string amount = R"("amount":{"type":"integer","minimum":1,"maximum":9007199254740991})";
    const std::string move
        = R"({"type":"object","properties":{)" + account + "," + amount + R"(},"required":["account","amount"]})";
    DomainDescription bank;
    bank.name = "bank";
    bank.eventsTopic = "bank-events";
    bank.commands = {
        {"open-account", "Open an account",
         R"({"type":"object","properties":{)" + account
             + R"(,"owner":{"type":"string","minLength":1,"description":"Who may draw"},)"
               R"("opening_balance":{"type":"integer","minimum":0,"default":0}},"required":["account","owner"]})",
         "account", R"({"account":"12345","owner":"Ada Lovelace","opening_balance":50000})"},
        {"deposit-money", "Deposit money", move, "account", R"({"account":"12345","amount":2500})"},
        {"withdraw-money", "Withdraw money", move, "account", R"({"account":"12345","amount":1200})"},
        {"transfer-money", "Transfer money",
         R"({"type":"object","properties":{"from_account":{"type":"string","minLength":1},)"
         R"("to_account":{"type":"string","minLength":1},)"
             + amount + R"(},"required":["from_account","to_account","amount"]})",
         "from_account", R"({"from_account":"12345","to_account":"54321","amount":10000})"},
        {"plan-payments", "Plan payments for an account: every kind of value that a form has to offer",
         R"({"type":"object","properties":{)" + account
             + R"(,"reason":{"enum":["rent","salary","other"],"description":"What it is paid for"},)"
               R"("urgent":{"type":"boolean"},"rate":{"type":"number","exclusiveMinimum":0},)"
               R"("payer":{"type":"object","properties":{"name":{"type":"string","maxLength":80},)"
               R"("country":{"type":"string","pattern":"^[A-Z]{2}$"}},"required":["name"]},)"
               R"("amounts":{"type":"array","minItems":1,"maxItems":12,"items":{"type":"integer","minimum":1}},)"
               R"("note":{}},"required":["account","amounts"]})",
         "account",
         R"({"account":"12345","reason":"rent","rate":1.50,"payer":{"name":"Ada","country":"GB"},"amounts":[100,23958446825181076]})"}};
    bank.views.push_back({"accounts", 1, "/accounts", {"account-opened", "money-transferred"}});
    return {bank};
}

} // namespace commander::test
