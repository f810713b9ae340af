// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/bank_model.h"

#include <commander/derived_id.h>

namespace commander::model {

namespace {

constexpr std::int64_t balanceMax = 9007199254740991;
constexpr std::int64_t largeMin = 1'000'000;

std::string quoted(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

std::string number(std::int64_t value)
{
    return std::to_string(value);
}

Expected no(std::string code)
{
    Expected expected;
    expected.status = CommandStatus::Rejected;
    expected.code = std::move(code);
    return expected;
}

Expected yes(std::string action, std::string data)
{
    Expected expected;
    expected.status = CommandStatus::Succeeded;
    expected.events.push_back({std::move(action), std::move(data)});
    return expected;
}

Uuid eventOf(const Record &command)
{
    return derivedId(command.id, "event/1");
}

} // namespace

std::string BankModel::Account::document(const std::string &key) const
{
    auto text = "{\"account\":" + quoted(key) + ",\"owner\":" + quoted(owner) + ",\"balance\":" + number(balance)
        + ",\"opened_at\":" + quoted(openedAt) + ",\"movements\":" + number(movements);
    if (flagged > 0)
        text += ",\"flagged\":" + number(flagged) + ",\"last_flag\":" + quoted(lastFlag);
    return text + '}';
}

Expected BankModel::take(const Record &command)
{
    m_changed.clear();
    const auto data = parseJson(command.data).value_or(Json());
    if (command.action == "open-account")
        return open(command, data);
    if (command.action == "deposit-money" || command.action == "withdraw-money")
        return move(command, data, command.action == "deposit-money");
    if (command.action == "transfer-money")
        return transfer(command, data);
    return flag(command, data);
}

Expected BankModel::open(const Record &command, const Json &data)
{
    const std::string key(data.stringAt("account"));
    if (m_accounts.contains(key))
        return no("account-exists");
    Account account;
    account.owner = data.stringAt("owner");
    account.balance = data.integerAt("opening_balance").value_or(0);
    account.movements = 1;
    account.openedAt = command.recordedAt.text();
    account.balanceSetBy = eventOf(command);
    const auto text = "{\"account\":" + quoted(key) + ",\"owner\":" + quoted(account.owner)
        + ",\"opening_balance\":" + number(account.balance) + "}";
    m_accounts.emplace(key, std::move(account));
    m_changed = {key};
    return yes("account-opened", text);
}

Expected BankModel::move(const Record &command, const Json &data, bool deposit)
{
    const std::string key(data.stringAt("account"));
    const auto amount = data.integerAt("amount").value_or(0);
    const auto found = m_accounts.find(key);
    if (found == m_accounts.end())
        return no("unknown-account");
    if (deposit && found->second.balance > balanceMax - amount)
        return no("amount-too-large");
    if (!deposit && found->second.balance < amount)
        return no("insufficient-funds");
    add(key, deposit ? amount : -amount, eventOf(command));
    return yes(deposit ? "money-deposited" : "money-withdrawn",
               "{\"account\":" + quoted(key) + ",\"amount\":" + number(amount) + "}");
}

Expected BankModel::transfer(const Record &command, const Json &data)
{
    const std::string from(data.stringAt("from_account"));
    const std::string to(data.stringAt("to_account"));
    const auto amount = data.integerAt("amount").value_or(0);
    if (from == to)
        return no("same-account");
    if (!m_accounts.contains(from) || !m_accounts.contains(to))
        return no("unknown-account");
    if (m_accounts[from].balance < amount)
        return no("insufficient-funds");
    if (m_accounts[to].balance > balanceMax - amount)
        return no("amount-too-large");
    add(from, -amount, eventOf(command));
    add(to, amount, eventOf(command));
    const auto id = uuid5(command.id, "data/1").text();
    const auto rest
        = ",\"from_account\":" + quoted(from) + ",\"to_account\":" + quoted(to) + ",\"amount\":" + number(amount) + "}";
    auto expected = yes("money-transferred", "{\"id\":" + quoted(id) + rest);
    if (amount >= largeMin)
        expected.followUps.push_back("{\"transfer\":" + quoted(id) + rest);
    return expected;
}

Expected BankModel::flag(const Record &command, const Json &data)
{
    const std::string key(data.stringAt("from_account"));
    const auto found = m_accounts.find(key);
    if (found == m_accounts.end())
        return no("unknown-account");
    ++found->second.flagged;
    found->second.lastFlag = data.stringAt("transfer");
    m_changed = {key};
    return yes("large-transfer-flagged", command.data);
}

void BankModel::add(const std::string &account, std::int64_t amount, const Uuid &event)
{
    auto &changed = m_accounts[account];
    changed.balance += amount;
    ++changed.movements;
    changed.balanceSetBy = event;
    m_changed.push_back(account);
}

} // namespace commander::model
