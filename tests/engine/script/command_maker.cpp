// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_maker.h"

#include <commander/ids.h>

#include <vector>

namespace scripttest {

using commander::uuid5;

namespace {

std::string text(std::uint64_t number)
{
    return '"' + std::to_string(number) + '"';
}

} // namespace

CommandMaker::Command CommandMaker::bank()
{
    const auto account = text(m_random.below(12));
    switch (m_random.below(10)) {
    case 0:
    case 1: {
        std::string data = R"({"account":)" + account + R"(,"owner":"Ärger )" + text(3).substr(1);
        if (m_random.below(3) > 0)
            data += R"(,"opening_balance":)" + amount(true);
        return {"open-account", data + "}"};
    }
    case 2:
    case 3:
        return {"deposit-money", R"({"account":)" + account + R"(,"amount":)" + amount(false) + "}"};
    case 4:
        return {"withdraw-money", R"({"amount":)" + amount(false) + R"(,"account":)" + account + R"(,"memo":[1,"x"]})"};
    case 5:
        return {"flag-large-transfer",
                R"({"transfer":"t1","from_account":)" + account + R"(,"to_account":"2","amount":5})"};
    default:
        return {"transfer-money",
                R"({"from_account":)" + account + R"(,"to_account":)" + text(m_random.below(12)) + R"(,"amount":)"
                    + amount(false) + "}"};
    }
}

CommandMaker::Command CommandMaker::customers(std::uint64_t created)
{
    // Ids as the domain makes them, of commands that may have been anything.
    const auto id = uuid5(uuid5({}, std::to_string(m_random.below(created + 2) + 1)), "data/1").text();
    switch (m_random.below(4)) {
    case 0:
        return {"change-address", R"({"id":")" + id + R"(","address":)" + address() + "}"};
    case 1:
        return {"close-customer", R"({"note":"bye","id":")" + id + R"("})"};
    default:
        return {"create-customer",
                m_random.below(2) == 0
                    ? R"({"last_name":"Lovelace","vip":true,"first_name":"Ada","address":)" + address() + "}"
                    : std::string(R"({"first_name":"Zoë","last_name":"日本 \"x\""})")};
    }
}

std::string CommandMaker::amount(bool zero)
{
    static const std::vector<std::string> large{"1000000", "999999", "2500000", "9007199254740991", "9007199254740990"};
    if (m_random.below(8) == 0)
        return large[m_random.below(large.size())];
    return std::to_string(m_random.below(5000) + (zero ? 0 : 1));
}
std::string CommandMaker::address()
{
    static const std::vector<std::string> addresses{
        R"({"street_number":12,"city":"London"})", R"({"city":"Köln","zip":"50667","floors":[1,2.5,{"a":null}]})", "{}",
        R"({"__proto__":"x","constructor":1,"toString":{"1":2,"2":1,"b":[]}})"};
    return addresses[m_random.below(addresses.size())];
}

} // namespace scripttest
