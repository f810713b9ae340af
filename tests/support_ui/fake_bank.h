// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support_ui/fake_store.h"

#include <commander/commands.h>
#include <commander/json.h>
#include <commander/preview.h>

#include <thread>

namespace commander::test {

/// Takes commands and decides them at once, by the rules of a very small bank. Thread-safe.
class FakeBank final : public Commands {
public:
    explicit FakeBank(FakeStore &store) : m_store(store) { }
    void submit(CommandDraft draft, Done done) override;
    void retry(const Uuid &command, RetryOptions options, Done done) override;
    Result<void> validate(CommandDraft draft) override;
    void awaitResult(const Uuid &command, std::chrono::milliseconds wait, ResultDone done) override;
    std::vector<DomainDescription> domains() const override;
    Result<Preview> tryOut(CommandDraft draft);

    std::atomic<ErrorCode> refuseWith = ErrorCode::Count; ///< answer this error to everything; Count = take commands
    std::atomic<std::thread::id> submittedFrom;           ///< the thread of the last submit()
    std::atomic<std::uint64_t> commands = 0;
    std::atomic<std::uint64_t> events = 0;
    std::atomic<std::uint64_t> succeeded = 0;
    std::atomic<std::uint64_t> rejected = 0;
    std::atomic<std::uint64_t> retries = 0; ///< commands that came by retry()

private:
    [[nodiscard]] Result<CommandReceipt> take(CommandDraft draft);
    /// What becomes of a command, and the balances that it would leave.
    struct Judgement {
        CommandOutcome outcome;
        std::string event; ///< action; empty when it is refused
        std::map<std::string, std::int64_t> balances;
        bool flags = false; ///< causes a command
    };
    [[nodiscard]] Judgement judge(const std::string &action, const Json &data) const;
    void decide(const Record &command, const Json &data);
    void emitEvent(const Record &command, const std::string &action, CommandOutcome &outcome);
    void setBalance(const Record &event, const std::string &account, std::int64_t balance);

    FakeStore &m_store;
    std::mutex m_mutex;
    std::map<std::string, std::int64_t> m_accounts; ///< guarded by m_mutex
    std::uint64_t m_made = 0;                       ///< guarded by m_mutex
};

} // namespace commander::test
