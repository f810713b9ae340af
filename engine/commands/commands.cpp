// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/commands.h>

#include <future>
#include <memory>

namespace commander {

Result<CommandReceipt> Commands::submitAndWait(CommandDraft draft)
{
    const auto promise = std::make_shared<std::promise<Result<CommandReceipt>>>();
    auto receipt = promise->get_future();
    submit(std::move(draft), [promise](Result<CommandReceipt> done) { promise->set_value(std::move(done)); });
    return receipt.get();
}

Result<CommandReceipt> Commands::retryAndWait(const Uuid &command, RetryOptions options)
{
    const auto promise = std::make_shared<std::promise<Result<CommandReceipt>>>();
    auto receipt = promise->get_future();
    retry(command, std::move(options), [promise](Result<CommandReceipt> done) { promise->set_value(std::move(done)); });
    return receipt.get();
}

Result<RecordPtr> Commands::waitForResult(const Uuid &command, std::chrono::milliseconds wait)
{
    const auto promise = std::make_shared<std::promise<RecordPtr>>();
    auto result = promise->get_future();
    awaitResult(command, wait, [promise](RecordPtr done) { promise->set_value(std::move(done)); });
    if (auto record = result.get())
        return record;
    return fail(ErrorCode::TimedOut, "the command has no result yet", command.text(),
                "It is in the ledger and will get one; ask again.");
}

} // namespace commander
