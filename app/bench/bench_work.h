// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/bench_run.h"

#include <commander/engine.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace commander {

inline constexpr std::size_t benchAccounts = 1000;

[[nodiscard]] std::string benchAccount(std::size_t number);
/// `data` of the n-th transfer between the bench's accounts.
[[nodiscard]] std::string benchTransferData(std::size_t number);
[[nodiscard]] CommandDraft benchOpenAccount(std::size_t number);
[[nodiscard]] CommandDraft benchTransfer(std::size_t number);

[[nodiscard]] double secondsSince(std::chrono::steady_clock::time_point begin);

/// Waits until the condition holds of the engine's progress; the hub wakes it.
class ProgressWait {
public:
    explicit ProgressWait(Engine &engine);
    template <class Condition> void until(Condition condition)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return condition(m_progress); });
    }
    /// Until index and views hold whatever is in the ledger up to `end`.
    void caughtUp(Position end)
    {
        until([end](const Progress &progress) { return progress.viewed >= end && progress.indexed >= end; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Progress m_progress;
    std::unique_ptr<Subscription> m_subscription;
};

/// Submits without waiting for each, a bounded number at once; returns when all are durable.
[[nodiscard]] Result<void> submitAll(Engine &engine, std::size_t count,
                                     const std::function<CommandDraft(std::size_t)> &make);

/// Makes the shared workspace with its accounts and `commands` transfers, caught up, if an earlier measurement has not.
[[nodiscard]] Result<void> fillWorkspace(BenchRun &run);

} // namespace commander
