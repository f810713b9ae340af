// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "processor/decision_documents.h"
#include "processor/document_backend.h"
#include "processor/key_revisions.h"
#include "processor/step_decider.h"

#include <commander/clock.h>
#include <commander/ledger.h>
#include <commander/limits.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>

namespace commander {

class DomainSwitch;

/// How far the processor is. Counts are since start().
struct ProcessorStatus {
    bool running = false;
    bool paused = false; ///< by pause-consumer: commands stay accepted until it is resumed
    /// Commands up to here have their result, or wait for a time or for a parked one; domains that they installed
    /// decide.
    Position processedTo;
    std::uint64_t events = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t rejected = 0;
    std::uint64_t failed = 0;
    std::uint64_t expired = 0;
    std::uint64_t cancelled = 0;
    std::string fault; ///< why it stopped, or what it is waiting for, in words; else empty
};

/// Step 3 of a command's way: takes commands in order, lets their domain decide, and commits events, results, follow-up
/// commands and its own progress together. A thread of its own; start(), stop() and status() are for others.
///
/// One transaction is on its way at a time while the next batch is being decided: if a ledger refused one transaction
/// and took the one after it, the commands of the first would be skipped for good.
class Processor {
public:
    struct Options {
        Ledger &ledger;
        /// Asked before each batch; another registry than before takes over there, with documents read anew.
        std::function<std::shared_ptr<const DomainRegistry>()> domains;
        const Clock &clock;
        DocumentBackend &settled;
        /// The result records of a commit, in order; on a thread of the ledger, be quick. Those of a command that
        /// exchanges the domains come once the new ones have taken over, on the processor's thread.
        std::function<void(std::span<const RecordPtr>)> onCommitted;
        EventCounter *events = nullptr;                      ///< of the past; null: counted by going through the topic
        DomainSwitch *domainSwitch = nullptr;                ///< null: no command exchanges the domains
        std::size_t documentsMax = limits::decisionCacheMax; ///< kept for decisions when the views have them too
        std::string consumer = std::string(consumerName);    ///< whose progress it keeps
    };
    static constexpr std::string_view consumerName = "processor";

    explicit Processor(Options options);
    ~Processor(); ///< stop()
    Processor(const Processor &) = delete;
    Processor &operator=(const Processor &) = delete;

    /// Error Unsupported for a ledger without a total order. Call once.
    [[nodiscard]] Result<void> start();
    /// Waits for the transaction in work; after it no callback runs. Idempotent.
    void stop();
    [[nodiscard]] ProcessorStatus status() const;

private:
    /// One transaction's worth of decisions.
    struct Batch {
        LedgerTransaction transaction;
        std::uint64_t number = 0;
        std::size_t bytes = 0;
        bool switches = false; ///< it holds the one command that exchanges the domains
    };
    struct Commit {
        std::uint64_t number = 0;
        Position last; ///< record of the transaction
    };
    enum class Next { GoOn, StartOver, End };
    /// What belongs to one registry of domains.
    struct Decisions {
        Decisions(std::shared_ptr<const DomainRegistry> theRegistry, const Options &options, RecordIds &ids,
                  KeyRevisions theRevisions)
            : registry(std::move(theRegistry)), documents(*registry, options.settled),
              revisions(std::move(theRevisions)),
              steps(*registry, documents, ids, revisions, options.ledger, options.clock)
        {
        }
        const std::shared_ptr<const DomainRegistry> registry;
        DecisionDocuments documents;
        KeyRevisions revisions;
        StepDecider steps;
    };

    void run(std::stop_token stop);
    [[nodiscard]] Next begin(std::stop_token stop);
    [[nodiscard]] Next work(std::stop_token stop);
    [[nodiscard]] Next takeCommands(std::span<const RecordPtr> commands, std::stop_token stop);
    [[nodiscard]] Result<void> decide(const Record &command, Batch &batch);
    /// Decides a command that exchanges the domains, alone.
    [[nodiscard]] Next takeSwitch(const RecordPtr &command, std::stop_token stop);
    [[nodiscard]] Next takeOver(std::stop_token stop);
    [[nodiscard]] Next switchFailed(const Error &error, std::stop_token stop);
    /// Records the commands that end the waiting of others, when the clock says so.
    [[nodiscard]] Next recordDue(std::stop_token stop);
    [[nodiscard]] std::chrono::milliseconds untilDue() const;
    void pause(std::stop_token stop);
    [[nodiscard]] Next submit(Batch batch, const RecordPtr &lastCommand, std::stop_token stop);
    /// Waits for the transaction on its way and says what to do.
    /// After the command that pauses it: waits until one that resumes it is in the ledger, then goes on where it
    /// stands.
    [[nodiscard]] Next waitWhilePaused(Offset from, std::stop_token stop);
    void setPaused(bool paused);
    [[nodiscard]] Next awaitCommit(std::stop_token stop);
    [[nodiscard]] Next commitFailed(const Error &error, std::stop_token stop);
    [[nodiscard]] Next keepWithinBounds(std::stop_token stop);
    void noteSettled();
    void committed(Result<Appended> appended, std::uint64_t number, Position lastCommand, bool switches);
    /// Tells the results of the command that exchanged the domains.
    void tellSwitched();
    [[nodiscard]] Next faultStops(const Error &error);
    void setFault(std::string fault, bool retrying);

    // Constant after construction
    const Options m_options;

    LedgerEventCounter m_ledgerEvents;

    // Processor thread only
    RecordIds m_ids;
    std::unique_ptr<Decisions> m_decisions; ///< made by begin()
    std::uint64_t m_batches = 0;            ///< decided since start
    std::deque<Commit> m_unsettled;         ///< commits that the views have not folded yet
    std::uint64_t m_settledBatch = 0;       ///< the views hold every change up to this batch
    std::size_t m_shrinkAt = 0;             ///< documents at which to look for some to drop
    Position m_carefulTo;                   ///< commands up to here may have a result already
    bool m_careful = false;                 ///< the next begin() follows a refused transaction
    int m_refusals = 0;                     ///< duplicate ids in a row
    std::chrono::milliseconds m_pause{0};
    bool m_switchWaits = false; ///< m_status.fault says why the domains cannot be exchanged yet

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::unique_ptr<LedgerCursor> m_cursor; ///< replaced by the processor thread only, which reads it without the lock
    bool m_inFlight = false;
    std::optional<Error> m_commitError;
    std::vector<Commit> m_commits;     ///< for the processor thread to take
    std::vector<RecordPtr> m_switched; ///< results to be told once what was installed has taken over
    Position m_switchedTo;             ///< processedTo by then
    ProcessorStatus m_status;
    bool m_retrying = false; ///< m_status.fault says what is tried again; the next commit ends it

    std::jthread m_thread; ///< last: uses the members above
};

} // namespace commander
