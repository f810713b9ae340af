// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>
#include <commander/record.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace commander::model {

/// What one command must lead to.
struct Expected {
    CommandStatus status = CommandStatus::Accepted;
    std::string code; ///< of a rejection
    struct Event {
        std::string action;
        std::string data; ///< byte for byte
    };
    std::vector<Event> events;
    std::vector<std::string> followUps; ///< data of flag-large-transfer commands
};

/// The bank sample told a second time, as plainly as possible: one map, no engine, no history. What the engine records
/// and shows is held against this.
class BankModel {
public:
    struct Account {
        std::string owner;
        std::int64_t balance = 0;
        std::int64_t movements = 0;
        std::string openedAt;
        std::int64_t flagged = 0;
        std::string lastFlag;
        Uuid balanceSetBy; ///< event that set the balance last

        [[nodiscard]] std::string document(const std::string &key) const; ///< of the view `accounts`
    };

    /// Decides a recorded command and takes its effect in. Commands come in ledger order.
    [[nodiscard]] Expected take(const Record &command);
    /// Accounts that take() changed last, and the event that did.
    [[nodiscard]] const std::vector<std::string> &changed() const { return m_changed; }
    [[nodiscard]] const std::map<std::string, Account> &accounts() const { return m_accounts; }

private:
    [[nodiscard]] Expected open(const Record &command, const Json &data);
    [[nodiscard]] Expected move(const Record &command, const Json &data, bool deposit);
    [[nodiscard]] Expected transfer(const Record &command, const Json &data);
    [[nodiscard]] Expected flag(const Record &command, const Json &data);
    void add(const std::string &account, std::int64_t amount, const Uuid &event);

    std::map<std::string, Account> m_accounts;
    std::vector<std::string> m_changed;
};

} // namespace commander::model
