// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/samples/bank_words.h"
#include "domain/samples/sample_parts.h"

#include <array>
#include <optional>

namespace commander {

namespace {

using namespace samples::bank;
using samples::badData;
using samples::unknownAction;

/// Minor units. JavaScript and most other JSON programs hold no larger integer exactly.
constexpr std::int64_t balanceMax = 9007199254740991;
constexpr std::int64_t largeTransferMin = 1'000'000;
constexpr std::size_t movementDigits = 6;

/// How one event moves the balance of one account.
struct Movement {
    std::string_view account;
    std::int64_t amount = 0; ///< negative: money leaves
    std::string_view counterparty;
};

/// None, one or both accounts; `out` holds two.
std::size_t movementsOf(const ParsedRecord &event, std::array<Movement, 2> &out)
{
    const std::string_view action = event.record.action;
    const auto &data = event.data;
    if (action == accountOpened) {
        out[0] = {data.stringAt("account"), data.integerAt("opening_balance").value_or(0), {}};
        return 1;
    }
    const auto amount = data.integerAt("amount").value_or(0);
    if (action == moneyDeposited || action == moneyWithdrawn) {
        out[0] = {data.stringAt("account"), action == moneyDeposited ? amount : -amount, {}};
        return 1;
    }
    if (action == moneyTransferred) {
        const auto from = data.stringAt("from_account");
        const auto to = data.stringAt("to_account");
        out[0] = {from, -amount, to};
        out[1] = {to, amount, from};
        return 2;
    }
    return 0;
}

std::string movementKey(std::string_view account, std::int64_t number)
{
    const auto digits = std::to_string(number);
    std::string key(account);
    key += ':';
    if (digits.size() < movementDigits)
        key.append(movementDigits - digits.size(), '0');
    return key += digits;
}

Result<void> foldAccounts(const ParsedRecord &event, DocumentFold &documents)
{
    const std::string_view action = event.record.action;
    if (action == accountOpened) {
        Json account;
        account.set("account", Json(event.data.stringAt("account")));
        account.set("owner", Json(event.data.stringAt("owner")));
        account.set("balance", Json(event.data.integerAt("opening_balance").value_or(0)));
        account.set("opened_at", Json(event.record.time().text()));
        account.set("movements", Json(1));
        documents.put(event.data.stringAt("account"), std::move(account));
        return {};
    }
    if (action == largeTransferFlagged) {
        const auto key = event.data.stringAt("from_account");
        const auto *account = documents.get(key);
        if (!account)
            return badData(domainName, action, "from_account");
        Json changed = *account;
        changed.set("flagged", Json(account->integerAt("flagged").value_or(0) + 1));
        changed.set("last_flag", Json(event.data.stringAt("transfer")));
        documents.put(key, std::move(changed));
        return {};
    }
    std::array<Movement, 2> movements;
    const auto count = movementsOf(event, movements);
    for (std::size_t i = 0; i < count; ++i) {
        const auto *account = documents.get(movements[i].account);
        if (!account)
            return badData(domainName, action, "account");
        Json changed = *account;
        changed.set("balance", Json(account->integerAt("balance").value_or(0) + movements[i].amount));
        changed.set("movements", Json(account->integerAt("movements").value_or(0) + 1));
        documents.put(movements[i].account, std::move(changed));
    }
    return {};
}

/// One small document for each movement, and one for each account that knows how many there are: a fold sees only its
/// own view.
Result<void> foldStatements(const ParsedRecord &event, DocumentFold &documents)
{
    std::array<Movement, 2> movements;
    const auto count = movementsOf(event, movements);
    for (std::size_t i = 0; i < count; ++i) {
        const auto &movement = movements[i];
        const auto *statement = documents.get(movement.account);
        const auto number = (statement ? statement->integerAt("movements").value_or(0) : 0) + 1;
        const auto balance = (statement ? statement->integerAt("balance").value_or(0) : 0) + movement.amount;

        Json line;
        line.set("account", Json(movement.account));
        line.set("number", Json(number));
        line.set("action", Json(event.record.action));
        line.set("amount", Json(movement.amount));
        line.set("balance", Json(balance));
        if (!movement.counterparty.empty())
            line.set("counterparty", Json(movement.counterparty));
        line.set("event", Json(event.record.id.text()));
        line.set("at", Json(event.record.time().text()));

        Json summary;
        summary.set("account", Json(movement.account));
        summary.set("movements", Json(number));
        summary.set("balance", Json(balance));
        documents.put(movement.account, std::move(summary));
        documents.put(movementKey(movement.account, number), std::move(line));
    }
    return {};
}

Rejection unknownAccount(std::string_view account)
{
    Json details;
    details.set("account", Json(account));
    return {"unknown-account", "there is no account " + std::string(account), std::move(details)};
}

Rejection insufficientFunds(std::string_view account, std::int64_t balance)
{
    Json details;
    details.set("account", Json(account));
    details.set("balance", Json(balance));
    return {"insufficient-funds", "the balance of account " + std::string(account) + " is " + std::to_string(balance),
            std::move(details)};
}

Rejection amountTooLarge(std::string_view account)
{
    Json details;
    details.set("account", Json(account));
    return {"amount-too-large",
            "the balance of account " + std::string(account) + " would exceed " + std::to_string(balanceMax),
            std::move(details)};
}

std::int64_t balanceOf(const Json &account)
{
    return account.integerAt("balance").value_or(0);
}

std::vector<EventDraft> oneEvent(std::string_view action, std::string_view key, Json data)
{
    std::vector<EventDraft> events;
    events.push_back({std::string(action), std::string(key), std::move(data)});
    return events;
}

Result<Decision> decideOpen(const Json &command, DocumentSource &views)
{
    const auto account = command.stringAt("account");
    if (account.empty())
        return badData(domainName, openAccount, "account");
    if (views.get(accountsView, account)) {
        Json details;
        details.set("account", Json(account));
        return Rejection{"account-exists", "there is an account " + std::string(account) + " already",
                         std::move(details)};
    }
    Json data;
    data.set("account", Json(account));
    data.set("owner", Json(command.stringAt("owner")));
    data.set("opening_balance", Json(command.integerAt("opening_balance").value_or(0)));
    return oneEvent(accountOpened, account, std::move(data));
}

Result<Decision> decideMove(const Json &command, std::string_view action, DocumentSource &views)
{
    const auto key = command.stringAt("account");
    const auto amount = command.integerAt("amount");
    if (!amount || *amount < 1 || *amount > balanceMax)
        return badData(domainName, action, "amount");
    const auto *account = views.get(accountsView, key);
    if (!account)
        return unknownAccount(key);
    const bool deposit = action == depositMoney;
    if (deposit && balanceOf(*account) > balanceMax - *amount)
        return amountTooLarge(key);
    if (!deposit && balanceOf(*account) < *amount)
        return insufficientFunds(key, balanceOf(*account));
    Json data;
    data.set("account", Json(key));
    data.set("amount", Json(*amount));
    return oneEvent(deposit ? moneyDeposited : moneyWithdrawn, key, std::move(data));
}

Result<Decision> decideTransfer(const Json &command, DocumentSource &views, HandlerContext &context)
{
    const auto fromKey = command.stringAt("from_account");
    const auto toKey = command.stringAt("to_account");
    const auto amount = command.integerAt("amount");
    if (!amount || *amount < 1 || *amount > balanceMax)
        return badData(domainName, transferMoney, "amount");
    if (fromKey == toKey) {
        Json details;
        details.set("account", Json(fromKey));
        return Rejection{"same-account", "from_account and to_account are the same", std::move(details)};
    }
    const auto *from = views.get(accountsView, fromKey);
    if (!from)
        return unknownAccount(fromKey);
    const auto fromBalance = balanceOf(*from);
    const auto *to = views.get(accountsView, toKey);
    if (!to)
        return unknownAccount(toKey);
    if (fromBalance < *amount)
        return insufficientFunds(fromKey, fromBalance);
    if (balanceOf(*to) > balanceMax - *amount)
        return amountTooLarge(toKey);
    Json data;
    data.set("id", Json(context.newId().text()));
    data.set("from_account", Json(fromKey));
    data.set("to_account", Json(toKey));
    data.set("amount", Json(*amount));
    return oneEvent(moneyTransferred, fromKey, std::move(data));
}

/// `transfer`, accounts and amount of a transfer, as the flag command and its event hold them.
Result<Json> flagData(const Json &source, std::string_view transferMember, std::string_view action)
{
    const auto amount = source.integerAt("amount");
    if (!amount)
        return badData(domainName, action, "amount");
    Json data;
    data.set("transfer", Json(source.stringAt(transferMember)));
    data.set("from_account", Json(source.stringAt("from_account")));
    data.set("to_account", Json(source.stringAt("to_account")));
    data.set("amount", Json(*amount));
    return data;
}

Result<Decision> decideFlag(const Json &command, DocumentSource &views)
{
    const auto key = command.stringAt("from_account");
    if (!views.get(accountsView, key))
        return unknownAccount(key);
    auto data = flagData(command, "transfer", flagLargeTransfer);
    if (!data)
        return fail(data.error());
    return oneEvent(largeTransferFlagged, key, std::move(*data));
}

/// The sample of the founding talk: accounts and transfers, in minor units.
class BankDomain final : public Domain {
public:
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const std::string_view action = command.record.action;
        if (action == transferMoney)
            return decideTransfer(command.data, views, context);
        if (action == depositMoney || action == withdrawMoney)
            return decideMove(command.data, action, views);
        if (action == openAccount)
            return decideOpen(command.data, views);
        if (action == flagLargeTransfer)
            return decideFlag(command.data, views);
        return unknownAction(domainName, action);
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        if (view.name == accountsView)
            return foldAccounts(event, documents);
        if (view.name == statementsView)
            return foldStatements(event, documents);
        return unknownAction(domainName, view.name);
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &,
                                                             HandlerContext &) const override
    {
        std::vector<FollowUpCommand> commands;
        if (event.record.action != moneyTransferred || event.data.integerAt("amount").value_or(0) < largeTransferMin)
            return commands;
        auto data = flagData(event.data, "id", event.record.action);
        if (!data)
            return fail(data.error());
        commands.push_back({std::string(flagLargeTransfer), std::string(largeTransferReaction), std::move(*data)});
        return commands;
    }

private:
    const DomainDescription m_description = describe();
};

} // namespace

std::shared_ptr<const Domain> makeBankDomain()
{
    return std::make_shared<const BankDomain>();
}

} // namespace commander
