// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_work.h"
#include "bench/memory_documents.h"

#include <commander/domain.h>

#include <algorithm>
#include <optional>

namespace commander {

namespace {

constexpr std::size_t events = 20'000;
constexpr std::chrono::milliseconds duration{500};

struct Event {
    Record record;
    Json data;
};

Result<std::vector<Event>> makeEvents()
{
    std::vector<Event> made;
    made.reserve(benchAccounts + events);
    for (std::size_t i = 0; i < benchAccounts + events; ++i) {
        const bool opens = i < benchAccounts;
        Event event;
        event.record.kind = RecordKind::Event;
        event.record.id = uuid5(Uuid{}, std::to_string(i));
        event.record.action = opens ? "account-opened" : "money-transferred";
        event.record.timestamp = Timestamp{static_cast<std::int64_t>(i)};
        event.record.data = opens ? benchOpenAccount(i).data : benchTransferData(i);
        auto data = parseJson(event.record.data);
        if (!data)
            return fail(data.error());
        event.data = std::move(*data);
        made.push_back(std::move(event));
    }
    return made;
}

} // namespace

// The fold alone, as a domain in C++ writes it: parsed events in, documents in memory out.
Result<void> measureFolds(BenchRun &run)
{
    const auto made = makeEvents();
    if (!made)
        return fail(made.error());
    const auto domain = makeBankDomain();
    const auto &views = domain->description().views;
    const auto accounts
        = std::find_if(views.begin(), views.end(), [](const ViewSpec &view) { return view.name == "accounts"; });
    if (accounts == views.end())
        return fail(ErrorCode::NotFound, "the bank has no view of accounts");
    MemoryDocuments documents;
    std::size_t folded = 0;
    std::optional<std::chrono::steady_clock::time_point> begin;
    while (!begin || std::chrono::steady_clock::now() - *begin < duration) {
        for (std::size_t i = begin ? benchAccounts : 0; i < made->size(); ++i) {
            const auto &event = (*made)[i];
            if (auto done = domain->fold(*accounts, {event.record, event.data}, documents); !done)
                return done;
        }
        if (begin)
            folded += events;
        else
            begin = std::chrono::steady_clock::now(); // the first round has opened the accounts
    }
    run.add("native folds in memory, two documents each", static_cast<double>(folded) / secondsSince(*begin),
            "events/s");
    return {};
}

} // namespace commander
