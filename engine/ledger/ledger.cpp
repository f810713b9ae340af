// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/ledger.h>

#include <future>

namespace commander {

Result<Appended> Ledger::appendAndWait(LedgerTransaction transaction)
{
    std::promise<Result<Appended>> promise;
    auto future = promise.get_future();
    append(std::move(transaction), [&promise](Result<Appended> appended) { promise.set_value(std::move(appended)); });
    return future.get();
}

Result<LedgerState> Ledger::state()
{
    return fail(ErrorCode::Unsupported, "this ledger has no total order, so no moment that all its parts share");
}

} // namespace commander
