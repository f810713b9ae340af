// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_work.h"

#include "workspace.h"

#include <filesystem>
#include <optional>

namespace commander {

namespace {

constexpr std::size_t inFlightMax = 8192;

} // namespace

std::string benchAccount(std::size_t number)
{
    return "acct-" + std::to_string(number % benchAccounts);
}

std::string benchTransferData(std::size_t number)
{
    return R"({"from_account":")" + benchAccount(number) + R"(","to_account":")" + benchAccount(number * 7 + 1)
        + R"(","amount":)" + std::to_string(1 + number % 100) + "}";
}

CommandDraft benchOpenAccount(std::size_t number)
{
    CommandDraft draft;
    draft.action = "open-account";
    draft.actor = "bench";
    draft.data = R"({"account":")" + benchAccount(number) + R"(","owner":"Bench","opening_balance":1000000000})";
    return draft;
}

CommandDraft benchTransfer(std::size_t number)
{
    CommandDraft draft;
    draft.action = "transfer-money";
    draft.actor = "bench";
    draft.data = benchTransferData(number);
    return draft;
}

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

ProgressWait::ProgressWait(Engine &engine)
    : m_subscription(engine.updates().subscribe(std::chrono::milliseconds(1), [this](const Progress &progress) {
          const std::scoped_lock lock(m_mutex);
          m_progress = progress;
          m_changed.notify_all();
      }))
{
}

Result<void> submitAll(Engine &engine, std::size_t count, const std::function<CommandDraft(std::size_t)> &make)
{
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;
    std::optional<Error> firstError;
    for (std::size_t i = 0; i < count; ++i) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return waiting < inFlightMax; });
            ++waiting;
        }
        engine.commands().submit(make(i), [&](Result<CommandReceipt> receipt) {
            const std::scoped_lock lock(mutex);
            if (!receipt && !firstError)
                firstError = receipt.error();
            if (--waiting == 0 || waiting + 1 == inFlightMax)
                changed.notify_one();
        });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting == 0; });
    if (firstError)
        return fail(*firstError);
    return {};
}

Result<void> fillWorkspace(BenchRun &run)
{
    if (std::filesystem::exists(run.ledger()))
        return {};
    auto engine = Engine::open(workspaceOptions(run.ledger()));
    if (!engine)
        return fail(engine.error());
    if (auto opened = submitAll(**engine, benchAccounts, benchOpenAccount); !opened)
        return opened;
    if (auto submitted = submitAll(**engine, run.options().commands, benchTransfer); !submitted)
        return submitted;
    // Each command gives three records: command, event, result.
    ProgressWait(**engine).caughtUp({3 * (benchAccounts + run.options().commands)});
    return {};
}

} // namespace commander
