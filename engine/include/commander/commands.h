// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>
#include <commander/expected_revision.h>
#include <commander/record.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// What a client asks. `data` is kept byte for byte.
struct CommandDraft {
    std::optional<Uuid> id; ///< chosen by the client: the idempotency key; made when absent
    std::string action;
    std::string data = "{}";
    std::optional<Timestamp> timestamp;
    std::string actor;
    std::optional<Uuid> parent;             ///< e.g. the command that this one retries
    std::optional<Timestamp> notBefore;     ///< recorded now, decided when it is due; to the millisecond
    std::optional<Timestamp> expiresAt;     ///< when it is not decided by then, its result is `expired`
    ExpectedRevision expectedRevision = {}; ///< else its result is `rejected`, with the code revision-conflict
};

struct CommandReceipt {
    RecordPtr command;     ///< as it stands in the ledger
    bool replayed = false; ///< it was there already: same id, same action, same bytes
};

/// How an old command is sent again.
struct RetryOptions {
    std::optional<Uuid> id = {}; ///< of the new command, the idempotency key; made when absent
    std::string actor;
    bool force = false;                                    ///< although the old one succeeded
    std::optional<ExpectedRevision> expectedRevision = {}; ///< absent: what the old one expected
};

/// Step 1 of a command's way: checks it and makes it durable. Thread-safe.
class Commands {
public:
    using Done = std::function<void(Result<CommandReceipt>)>;
    using ResultDone = std::function<void(RecordPtr)>; ///< the result record, or null when time was over

    virtual ~Commands() = default;

    /// Checks JSON and schema on the calling thread, then appends. `done` runs once, when the command is durable or
    /// refused (on the calling thread if refused at once, else on a ledger thread: do not block in it). Errors
    /// InvalidJson, DuplicateKey, UnknownAction, SchemaInvalid, IdReused, LimitExceeded, LedgerReadOnly, Busy,
    /// DiskFull, LedgerUnavailable, ShuttingDown.
    virtual void submit(CommandDraft draft, Done done) = 0;
    /// Would submit() take it? Checks the same on the calling thread and records nothing; an id that is taken is only
    /// found out by submit(). For forms. Errors as submit().
    [[nodiscard]] virtual Result<void> validate(CommandDraft draft) = 0;
    /// Sends a command again: the same action and data under a new id, with the old command as its parent. Times that
    /// the old one stated are not stated again. Errors NotFound (no such command), Conflict (it is not decided yet, or
    /// it succeeded and is not forced) and those of submit(), since it is checked as if it were new.
    virtual void retry(const Uuid &command, RetryOptions options, Done done) = 0;
    /// Calls `done` once with the command's result, or with null after `wait`. Runs on an engine thread.
    virtual void awaitResult(const Uuid &command, std::chrono::milliseconds wait, ResultDone done) = 0;

    /// submit() and wait until durable. Blocks; never on the GUI or a ledger thread.
    [[nodiscard]] Result<CommandReceipt> submitAndWait(CommandDraft draft);
    /// retry() and wait until durable. As submitAndWait().
    [[nodiscard]] Result<CommandReceipt> retryAndWait(const Uuid &command, RetryOptions options);
    /// Blocks at most `wait`. Error TimedOut.
    [[nodiscard]] Result<RecordPtr> waitForResult(const Uuid &command, std::chrono::milliseconds wait);

    /// The domains this workspace runs.
    [[nodiscard]] virtual std::vector<DomainDescription> domains() const = 0;
};

} // namespace commander
