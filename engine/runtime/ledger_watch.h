// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/ledger_follower.h"

#include <atomic>
#include <functional>

namespace commander {

/// Counts what is appended and says how far the ledger and the processor are.
class LedgerWatch {
public:
    struct Counts {
        std::uint64_t commands = 0;
        std::uint64_t events = 0;
        std::uint64_t succeeded = 0;
        std::uint64_t rejected = 0;
        std::uint64_t failed = 0;
        std::uint64_t expired = 0;
        std::uint64_t cancelled = 0;
    };
    LedgerWatch(Ledger &ledger, std::function<void(Position)> onHead);
    [[nodiscard]] Result<void> start(Position after);
    void stop() { m_follower.stop(); }
    [[nodiscard]] Counts counts() const;
    /// Position of the newest command, also one from before start(); 0 when there is none.
    [[nodiscard]] Position lastCommand() const { return {m_lastCommand.load()}; }
    /// Every record up to here is counted; lastCommand() knows of every command among them.
    [[nodiscard]] Position seen() const { return {m_seen.load()}; }
    [[nodiscard]] std::string fault() const { return m_follower.fault(); }

private:
    Result<void> take(std::span<const RecordPtr> records);
    [[nodiscard]] std::atomic<std::uint64_t> &counterOf(CommandStatus status);

    // Constant after construction
    Ledger &m_ledger;
    const std::function<void(Position)> m_onHead;
    // Written by the follower's thread, read by any
    std::atomic<std::uint64_t> m_commands{0};
    std::atomic<std::uint64_t> m_events{0};
    std::atomic<std::uint64_t> m_succeeded{0};
    std::atomic<std::uint64_t> m_rejected{0};
    std::atomic<std::uint64_t> m_failed{0};
    std::atomic<std::uint64_t> m_expired{0};
    std::atomic<std::uint64_t> m_cancelled{0};
    std::atomic<std::uint64_t> m_lastCommand{0};
    std::atomic<std::uint64_t> m_seen{0};

    LedgerFollower m_follower; ///< last: its thread uses the members above
};

} // namespace commander
