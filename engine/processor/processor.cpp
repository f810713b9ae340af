// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/processor.h"

#include "processor/domain_switch.h"
#include "processor/sabotaged_transaction.h"
#include "values/sabotage.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace commander {

namespace {

using namespace std::chrono_literals;

constexpr auto cursorWait = 1h; ///< wake() ends it
constexpr std::size_t transactionBytesMax = 16u * 1024u * 1024u;
constexpr std::size_t unsettledMax = 1024; ///< commits to remember before asking the views how far they are
constexpr int refusalsMax = 3;
// The clock comes from outside and tells nobody when it jumps, so it is looked at while a command waits for its time.
constexpr auto clockLookInterval = 50ms;

TopicPartition commandsSource()
{
    return {std::string(commandsTopic), 0};
}

std::size_t bytesOf(std::span<const RecordDraft> records)
{
    std::size_t bytes = 0;
    for (const auto &record : records)
        bytes += record.data.size();
    return bytes;
}

} // namespace

Processor::Processor(Options options)
    : m_options(std::move(options)), m_ledgerEvents(m_options.ledger), m_ids(&m_options.ledger),
      m_shrinkAt(m_options.documentsMax)
{
}

Processor::~Processor()
{
    stop();
}

Result<void> Processor::start()
{
    if (!m_options.ledger.traits().totalOrder) {
        return fail(ErrorCode::Unsupported, "the processor needs a ledger with a total order", {},
                    "Run it on an embedded ledger.");
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_status.running = true;
    }
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    return {};
}

void Processor::stop()
{
    if (!m_thread.joinable())
        return;
    m_thread.request_stop();
    {
        const std::scoped_lock lock(m_mutex);
        if (m_cursor)
            m_cursor->wake();
    }
    m_thread.join();
}

ProcessorStatus Processor::status() const
{
    const std::scoped_lock lock(m_mutex);
    return m_status;
}

Processor::Next Processor::faultStops(const Error &error)
{
    // A ledger that closes is the ordinary end, and so is being stopped while events were counted.
    if (error.code != ErrorCode::ShuttingDown && error.code != ErrorCode::Cancelled)
        setFault("processor: " + error.text(), false);
    return Next::End;
}

void Processor::run(std::stop_token stop)
{
    pthread_setname_np(pthread_self(), "cmd-processor");
    auto next = Next::StartOver;
    while (next == Next::StartOver && !stop.stop_requested()) {
        next = begin(stop);
        if (next == Next::GoOn)
            next = work(stop);
    }
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_inFlight; });
        m_cursor.reset();
        m_status.running = false;
    }
    tellSwitched(); // they are recorded, whatever keeps what was installed from taking over
}

Processor::Next Processor::begin(std::stop_token stop)
{
    auto &ledger = m_options.ledger;
    if (const auto next = takeOver(stop); next != Next::GoOn)
        return next;
    const auto progress = ledger.progress(m_options.consumer, commandsSource());
    if (!progress)
        return faultStops(progress.error());
    const auto head = ledger.head();
    if (!head)
        return faultStops(head.error());
    const auto from = progress->value_or(Offset{0});
    // What is lost in memory is in the views once they have folded everything that is in the ledger now.
    m_decisions = std::make_unique<Decisions>(
        m_options.domains(), m_options, m_ids,
        KeyRevisions(m_options.events ? *m_options.events : m_ledgerEvents, head->position, stop));
    m_unsettled.clear();
    if (!m_options.settled.waitSettled(head->position, stop)) {
        if (stop.stop_requested())
            return Next::End;
        return faultStops({ErrorCode::NotReady,
                           "the views have stopped, so nothing can be decided",
                           {},
                           "See the views' errors, then reopen the workspace.",
                           {}});
    }
    if (auto loaded = m_decisions->steps.load(m_options.settled); !loaded)
        return faultStops(loaded.error());
    m_settledBatch = m_batches;
    m_carefulTo = m_careful ? head->position : Position{};

    Position processed;
    if (from.value > 0) {
        const auto last = ledger.read(commandsSource(), {from.value - 1}, 1);
        if (!last)
            return faultStops(last.error());
        if (!last->empty())
            processed = last->front()->position;
    }
    if (m_decisions->steps.waiting().processorPaused()) {
        if (const auto next = waitWhilePaused(from, stop); next != Next::GoOn)
            return next;
    }
    auto cursor = ledger.follow(std::vector<TopicStart>{{commandsSource(), from}});
    if (!cursor)
        return faultStops(cursor.error());
    const std::scoped_lock lock(m_mutex);
    m_cursor = std::move(*cursor);
    m_status.processedTo = std::max(m_status.processedTo, processed);
    // stop() may have come when there was no cursor to wake.
    return stop.stop_requested() ? Next::End : Next::GoOn;
}

Processor::Next Processor::work(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        if (const auto next = recordDue(stop); next != Next::GoOn)
            return next;
        auto commands = m_cursor->next(limits::processorBatchMax, untilDue());
        if (!commands)
            return faultStops(commands.error());
        if (stop.stop_requested())
            break;
        // An empty answer: woken because a commit failed, or the wait was over.
        const auto next = commands->empty() ? awaitCommit(stop) : takeCommands(*commands, stop);
        if (next != Next::GoOn)
            return next;
    }
    return Next::End;
}

std::chrono::milliseconds Processor::untilDue() const
{
    const auto due = m_decisions->steps.waiting().nextDue();
    if (!due)
        return cursorWait;
    const std::chrono::microseconds left(due->micros - m_options.clock.now().micros);
    return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(left), 0ms,
                      std::chrono::milliseconds(clockLookInterval));
}

Processor::Next Processor::recordDue(std::stop_token stop)
{
    auto &waiting = m_decisions->steps.waiting();
    const auto due = waiting.due(m_options.clock.now(), limits::dueCommandsMax);
    if (due.empty())
        return Next::GoOn;
    LedgerTransaction transaction;
    auto commands = m_decisions->steps.dueCommands(due);
    if (!commands)
        return faultStops(commands.error());
    transaction.records = std::move(*commands);
    if (!transaction.records.empty()) {
        const auto appended = m_options.ledger.appendAndWait(std::move(transaction));
        if (!appended) {
            switch (appended.error().code) {
            case ErrorCode::DuplicateId: // somebody took an id just now: looked up again
            case ErrorCode::TimedOut:
            case ErrorCode::Busy:
            case ErrorCode::DiskFull:
                setFault("processor: " + appended.error().text() + " Trying again.", true);
                pause(stop);
                return Next::GoOn;
            default:
                return faultStops(appended.error());
            }
        }
    }
    for (const auto &one : due)
        waiting.done(one);
    return Next::GoOn;
}

Processor::Next Processor::takeCommands(std::span<const RecordPtr> commands, std::stop_token stop)
{
    if (m_options.domains() != m_decisions->registry) {
        const auto next = awaitCommit(stop);
        return next == Next::GoOn ? Next::StartOver : next;
    }
    Batch batch;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const auto &command = commands[i];
        if (m_options.domainSwitch && m_options.domainSwitch->concerns(*command)) {
            if (batch.number != 0) {
                if (const auto next = submit(std::exchange(batch, {}), commands[i - 1], stop); next != Next::GoOn)
                    return next;
            }
            if (const auto next = takeSwitch(command, stop); next != Next::GoOn)
                return next;
            continue;
        }
        if (batch.number == 0) {
            batch.number = ++m_batches;
            m_decisions->documents.beginBatch(batch.number);
        }
        const bool paused = m_decisions->steps.waiting().processorPaused();
        if (auto decided = decide(*command, batch); !decided)
            return faultStops(decided.error());
        if (!paused && m_decisions->steps.waiting().processorPaused()) {
            if (const auto next = submit(std::exchange(batch, {}), command, stop); next != Next::GoOn)
                return next;
            const auto next = awaitCommit(stop);
            return next == Next::GoOn ? Next::StartOver : next;
        }
        const bool full
            = batch.transaction.records.size() >= limits::commitRecordsMax - 2 || batch.bytes >= transactionBytesMax;
        if (full || i + 1 == commands.size()) {
            if (const auto next = submit(std::exchange(batch, {}), command, stop); next != Next::GoOn)
                return next;
        }
    }
    return keepWithinBounds(stop);
}

// After a refused transaction: some commands may have their result already, and some ids may belong to records that we
// did not write.
Result<void> Processor::decide(const Record &command, Batch &batch)
{
    auto &steps = m_decisions->steps;
    m_ids.setCareful(command.position <= m_carefulTo);
    if (m_ids.careful()) {
        const auto before = steps.takenBefore(command);
        if (!before)
            return fail(before.error());
        if (*before)
            return {}; // its events are in the ledger, and so in the views that we read
    }
    auto &records = batch.transaction.records;
    const auto begin = records.size();
    if (auto taken = steps.take(command, records); !taken)
        return taken;
    steps.keep(batch.number);
    batch.bytes += bytesOf(std::span(records).subspan(begin));
    return {};
}

Processor::Next Processor::submit(Batch batch, const RecordPtr &lastCommand, std::stop_token stop)
{
    if (const auto next = awaitCommit(stop); next != Next::GoOn)
        return next;
    if (!sabotaged(Saboteur::ProgressLost))
        batch.transaction.progress.push_back({m_options.consumer, commandsSource(), lastCommand->offset.next()});
    if (sabotaged(Saboteur::EventsApartFromResult))
        m_options.ledger.append(eventsTakenOut(batch.transaction), [](const Result<Appended> &) {});
    {
        const std::scoped_lock lock(m_mutex);
        m_inFlight = true;
    }
    // The processor thread does not end while this is on its way, so `this` is there.
    m_options.ledger.append(std::move(batch.transaction),
                            [this, number = batch.number, last = lastCommand->position, switches = batch.switches](
                                Result<Appended> appended) { committed(std::move(appended), number, last, switches); });
    return Next::GoOn;
}

Processor::Next Processor::awaitCommit(std::stop_token stop)
{
    std::vector<Commit> commits;
    std::optional<Error> error;
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_inFlight; });
        commits = std::exchange(m_commits, {});
        error = std::exchange(m_commitError, std::nullopt);
    }
    for (const auto &commit : commits)
        m_decisions->revisions.committed(commit.number, commit.last);
    m_unsettled.insert(m_unsettled.end(), commits.begin(), commits.end());
    if (error)
        return commitFailed(*error, stop);
    if (!commits.empty()) {
        m_refusals = 0;
        m_pause = 0ms;
    }
    return Next::GoOn;
}

// Nothing of the transaction was written (or we do not know): what was decided on top of it is void. Start over from
// the progress that the ledger has.
Processor::Next Processor::commitFailed(const Error &error, std::stop_token stop)
{
    switch (error.code) {
    case ErrorCode::DuplicateId:
        if (++m_refusals > refusalsMax)
            return faultStops(error);
        break;
    case ErrorCode::TimedOut:
    case ErrorCode::Busy:
    case ErrorCode::DiskFull:
        setFault("processor: " + error.text() + " Trying again.", true);
        pause(stop);
        break;
    default:
        return faultStops(error);
    }
    m_careful = true;
    return Next::StartOver;
}

void Processor::noteSettled()
{
    const auto settled = m_options.settled.settledTo();
    while (!m_unsettled.empty() && m_unsettled.front().last <= settled) {
        m_settledBatch = m_unsettled.front().number;
        m_unsettled.pop_front();
    }
}

Processor::Next Processor::keepWithinBounds(std::stop_token stop)
{
    if (m_unsettled.size() > unsettledMax)
        noteSettled();
    if (m_decisions->documents.size() <= m_shrinkAt)
        return Next::GoOn;
    const auto max = m_options.documentsMax;
    noteSettled();
    m_decisions->documents.shrink(max - max / 4, m_settledBatch);
    if (m_decisions->documents.size() > 2 * max) {
        // The views are far behind: wait for them rather than grow without bound.
        if (const auto next = awaitCommit(stop); next != Next::GoOn)
            return next;
        if (!m_unsettled.empty() && !m_options.settled.waitSettled(m_unsettled.back().last, stop)) {
            if (stop.stop_requested())
                return Next::End;
            return faultStops({ErrorCode::NotReady,
                               "the views have stopped, so nothing more can be decided",
                               {},
                               "See the views' errors, then reopen the workspace.",
                               {}});
        }
        noteSettled();
        m_decisions->documents.shrink(max - max / 4, m_settledBatch);
    }
    // Looking again only after some growth keeps the cost for each command constant.
    m_shrinkAt = std::max(max, m_decisions->documents.size() + max / 8);
    return Next::GoOn;
}

} // namespace commander
