// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/samples/bank_words.h"

#include "domain/samples/sample_parts.h"

namespace commander::samples::bank {

namespace {

/// Changes whenever the bank decides or folds differently.
constexpr std::string_view logicVersion = "bank-1";

constexpr const char *openSchema = R"({"type":"object","properties":{
"account":{"type":"string","minLength":1,"maxLength":50},
"owner":{"type":"string","minLength":1,"maxLength":200},
"opening_balance":{"type":"integer","minimum":0,"maximum":9007199254740991}},
"required":["account","owner"]})";
constexpr const char *moveSchema = R"({"type":"object","properties":{
"account":{"type":"string","minLength":1,"maxLength":50},
"amount":{"type":"integer","minimum":1,"maximum":9007199254740991}},
"required":["account","amount"]})";
constexpr const char *transferSchema = R"({"type":"object","properties":{
"from_account":{"type":"string","minLength":1,"maxLength":50},
"to_account":{"type":"string","minLength":1,"maxLength":50},
"amount":{"type":"integer","minimum":1,"maximum":9007199254740991}},
"required":["from_account","to_account","amount"]})";
constexpr const char *flagSchema = R"({"type":"object","properties":{
"transfer":{"type":"string","minLength":1,"maxLength":60},
"from_account":{"type":"string","minLength":1,"maxLength":50},
"to_account":{"type":"string","minLength":1,"maxLength":50},
"amount":{"type":"integer","minimum":1,"maximum":9007199254740991}},
"required":["transfer","from_account","to_account","amount"]})";

constexpr const char *openedEventSchema = R"({"type":"object","properties":{
"account":{"type":"string"},"owner":{"type":"string"},"opening_balance":{"type":"integer","minimum":0}},
"required":["account","owner","opening_balance"],"additionalProperties":false})";
constexpr const char *movedEventSchema = R"({"type":"object","properties":{
"account":{"type":"string"},"amount":{"type":"integer","minimum":1}},
"required":["account","amount"],"additionalProperties":false})";
constexpr const char *transferredEventSchema = R"({"type":"object","properties":{
"id":{"type":"string"},"from_account":{"type":"string"},"to_account":{"type":"string"},
"amount":{"type":"integer","minimum":1}},
"required":["id","from_account","to_account","amount"],"additionalProperties":false})";
constexpr const char *flaggedEventSchema = R"({"type":"object","properties":{
"transfer":{"type":"string"},"from_account":{"type":"string"},"to_account":{"type":"string"},
"amount":{"type":"integer","minimum":1}},
"required":["transfer","from_account","to_account","amount"],"additionalProperties":false})";

} // namespace

DomainDescription describe()
{
    DomainDescription domain;
    domain.name = domainName;
    domain.version = 1;
    domain.eventsTopic = "bank-events";
    domain.commands = {
        {std::string(openAccount), "Open an account", openSchema, "account",
         R"({"account":"12345","owner":"Ada Lovelace","opening_balance":50000})"},
        {std::string(depositMoney), "Deposit money", moveSchema, "account", R"({"account":"12345","amount":2500})"},
        {std::string(withdrawMoney), "Withdraw money", moveSchema, "account", R"({"account":"12345","amount":1200})"},
        {std::string(transferMoney), "Transfer money", transferSchema, "from_account",
         R"({"from_account":"12345","to_account":"54321","amount":10000})"},
        {std::string(flagLargeTransfer), "Flag a large transfer", flagSchema, "from_account",
         R"({"transfer":"a6b903f6-0b9c-4c5b-95fa-afd4cc3bf938","from_account":"12345","to_account":"54321","amount":1000000})"}};
    domain.events = {{std::string(accountOpened), openedEventSchema},
                     {std::string(moneyDeposited), movedEventSchema},
                     {std::string(moneyWithdrawn), movedEventSchema},
                     {std::string(moneyTransferred), transferredEventSchema},
                     {std::string(largeTransferFlagged), flaggedEventSchema}};
    const std::vector<std::string> movements{std::string(accountOpened), std::string(moneyDeposited),
                                             std::string(moneyWithdrawn), std::string(moneyTransferred)};
    auto accountEvents = movements;
    accountEvents.emplace_back(largeTransferFlagged);
    domain.views = {{.name = std::string(accountsView), .version = 1, .path = "/accounts", .events = accountEvents},
                    {.name = std::string(statementsView),
                     .version = 1,
                     .path = "/statements",
                     .events = movements,
                     .decides = false}};
    domain.reactsTo = {std::string(moneyTransferred)};
    domain.hash = samples::hashOf(domain, logicVersion);
    return domain;
}

} // namespace commander::samples::bank
