// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/bank_day.h"

#include <commander/json.h>

#include <algorithm>
#include <array>
#include <random>

namespace commander::ui {

namespace {

constexpr std::array firstNames
    = {"Ada",     "Grace", "Edsger", "Barbara", "Alan", "Frances", "Ken",    "Radia",  "Dennis", "Karen",
       "Niklaus", "Jean",  "Tony",   "Adele",   "John", "Mary",    "Donald", "Sophie", "Leslie", "Hedy"};
constexpr std::array lastNames
    = {"Abbott",   "Baker",    "Castillo", "Dahl",     "Eriksen", "Fischer", "Gupta", "Haddad", "Ito",   "Jansen",
       "Kowalski", "Lindgren", "Moreau",   "Nakamura", "Okafor",  "Petrov",  "Quinn", "Rossi",  "Silva", "Tanaka"};
constexpr std::array streets
    = {"Harbour Road", "Mill Lane", "Station Street", "Orchard Way", "Bridge Street", "Kings Walk"};
constexpr std::array cities = {"Bremen", "Ghent", "Leeds", "Aarhus", "Turin", "Porto"};
constexpr std::array states = {"HB", "VG", "YK", "MJ", "PI", "NO"};
constexpr std::array actors
    = {"teller-1", "teller-2", "teller-3", "atm-07", "atm-12", "mobile-app", "mobile-app", "web"};

constexpr std::int64_t largeAmount = 1'000'000; // the bank flags transfers from here on

/// Numbers that are the same on every platform, which the standard's distributions are not.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_engine(seed) { }
    std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : m_engine() % end; }
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low + std::int64_t(below(std::uint64_t(high - low + 1)));
    }
    bool percent(unsigned share) { return below(100) < share; }
    /// Small numbers are likelier: a few accounts see most of the traffic.
    std::size_t skewed(std::size_t count) { return std::size_t(below(below(count) + 1)); }
    template <class List> const char *oneOf(const List &list) { return list[below(list.size())]; }

private:
    std::mt19937_64 m_engine;
};

class Planner {
public:
    Planner(std::uint64_t seed, std::size_t commands)
        : m_dice(seed), m_commands(commands), m_namespace(uuid5(Uuid{}, "commander/bank-day/" + std::to_string(seed))),
          m_firstAccount(20'000 + seed * 7919 % 70'000)
    {
    }

    std::vector<BankDayStep> plan()
    {
        const std::size_t customers = std::clamp<std::size_t>(m_commands / 25, 2, 200);
        const std::size_t atTheStart = std::max<std::size_t>(customers / 3, 2);
        for (std::size_t i = 0; i < atTheStart && m_steps.size() + 2 <= m_commands; ++i)
            welcome();
        while (m_steps.size() < m_commands) {
            if (m_accounts.empty() || (m_accounts.size() < customers && m_dice.percent(8)))
                welcome();
            else
                serve();
        }
        m_steps.resize(m_commands);
        spreadOverTheDay();
        return std::move(m_steps);
    }

private:
    void add(const char *action, const Json &data, const char *actor)
    {
        CommandDraft draft;
        draft.id = uuid5(m_namespace, std::to_string(m_steps.size() + 1));
        draft.action = action;
        draft.data = writeJson(data);
        draft.actor = actor;
        m_steps.push_back({{}, std::move(draft)});
    }

    /// A new customer with an account.
    void welcome()
    {
        const std::string first = m_dice.oneOf(firstNames);
        const std::string last = m_dice.oneOf(lastNames);
        const char *teller = m_dice.oneOf(actors);
        const std::size_t place = m_dice.below(cities.size());
        Json address;
        address.set("street_number", Json(std::to_string(m_dice.between(1, 240))));
        address.set("street_name", Json(m_dice.oneOf(streets)));
        address.set("city", Json(cities[place]));
        address.set("state", Json(states[place]));
        address.set("zip", Json(std::to_string(m_dice.between(10'000, 99'999))));
        Json customer;
        customer.set("first_name", Json(first));
        customer.set("last_name", Json(last));
        if (m_dice.percent(80))
            customer.set("address", std::move(address));
        add("create-customer", customer, teller);

        const std::string number = std::to_string(m_firstAccount + m_accounts.size());
        const bool rich = m_dice.percent(12);
        const std::int64_t opening = rich ? m_dice.between(4'000'000, 9'000'000) : m_dice.between(0, 250'000);
        Json account;
        account.set("account", Json(number));
        account.set("owner", Json(first + " " + last));
        if (opening > 0)
            account.set("opening_balance", Json(opening));
        add("open-account", account, teller);
        m_accounts.push_back({number, opening});
        if (rich)
            m_rich.push_back(m_accounts.size() - 1);
    }

    void serve()
    {
        const std::uint64_t what = m_dice.below(100);
        if (what < 50)
            transfer();
        else if (what < 72)
            deposit();
        else if (what < 92)
            withdraw();
        else
            mishap();
    }

    void transfer()
    {
        const bool large = !m_rich.empty() && m_dice.percent(4);
        const std::size_t from = large ? m_rich[m_dice.below(m_rich.size())] : m_dice.skewed(m_accounts.size());
        std::size_t to = m_dice.below(m_accounts.size());
        if (to == from)
            to = (to + 1) % m_accounts.size();
        Account &giver = m_accounts[from];
        std::int64_t amount = large ? m_dice.between(largeAmount, largeAmount + 600'000) : m_dice.between(500, 60'000);
        // Most people look at their balance first; some do not.
        if (!large && amount > giver.balance && !m_dice.percent(25))
            amount = std::max<std::int64_t>(giver.balance / 4, 1);
        sendTransfer(giver.number, m_accounts[to].number, amount);
        if (amount <= giver.balance) {
            giver.balance -= amount;
            m_accounts[to].balance += amount;
        }
    }

    void sendTransfer(const std::string &from, const std::string &to, std::int64_t amount)
    {
        Json data;
        data.set("from_account", Json(from));
        data.set("to_account", Json(to));
        data.set("amount", Json(amount));
        add("transfer-money", data, m_dice.oneOf(actors));
    }

    void sendAmount(const char *action, const std::string &account, std::int64_t amount)
    {
        Json data;
        data.set("account", Json(account));
        data.set("amount", Json(amount));
        add(action, data, m_dice.oneOf(actors));
    }

    void deposit()
    {
        Account &account = m_accounts[m_dice.skewed(m_accounts.size())];
        const std::int64_t amount = m_dice.between(1, 80) * 1'000;
        account.balance += amount;
        sendAmount("deposit-money", account.number, amount);
    }

    void withdraw()
    {
        Account &account = m_accounts[m_dice.skewed(m_accounts.size())];
        const std::int64_t amount = m_dice.between(1, 20) * 1'000;
        if (amount <= account.balance)
            account.balance -= amount; // else the bank refuses
        sendAmount("withdraw-money", account.number, amount);
    }

    void mishap()
    {
        const std::string &number = m_accounts[m_dice.below(m_accounts.size())].number;
        switch (m_dice.below(4)) {
        case 0: // a typing error
            sendTransfer(number, "0" + number.substr(1), m_dice.between(500, 9'000));
            break;
        case 1: // to oneself
            sendTransfer(number, number, m_dice.between(500, 9'000));
            break;
        case 2: { // opened twice
            Json data;
            data.set("account", Json(number));
            data.set("owner", Json("opened twice"));
            add("open-account", data, "web");
            break;
        }
        default: // far too much
            sendAmount("withdraw-money", number, m_dice.between(20'000'000, 90'000'000));
        }
    }

    /// Busy late in the morning and again in the afternoon.
    void spreadOverTheDay()
    {
        constexpr std::array<unsigned, 8> perHour = {6, 11, 19, 15, 8, 13, 17, 11};
        const auto sum = std::uint64_t(100);
        std::vector<std::uint64_t> times;
        times.reserve(m_steps.size());
        const auto hour = std::uint64_t(BankDay::length.count()) / perHour.size();
        for (std::size_t i = 0; i < m_steps.size(); ++i) {
            std::uint64_t slot = m_dice.below(sum);
            std::size_t which = 0;
            while (slot >= perHour[which])
                slot -= perHour[which++];
            times.push_back(which * hour + m_dice.below(hour));
        }
        std::sort(times.begin(), times.end());
        for (std::size_t i = 0; i < m_steps.size(); ++i)
            m_steps[i].at = std::chrono::milliseconds(times[i]);
    }

    struct Account {
        std::string number;
        std::int64_t balance; ///< as this plan expects it
    };

    Dice m_dice;
    std::size_t m_commands;
    Uuid m_namespace;
    std::uint64_t m_firstAccount;
    std::vector<Account> m_accounts;
    std::vector<std::size_t> m_rich;
    std::vector<BankDayStep> m_steps;
};

} // namespace

BankDay::BankDay(std::uint64_t seed, std::size_t commands) : m_seed(seed), m_steps(Planner(seed, commands).plan()) { }

} // namespace commander::ui
