// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/view_versions.h>

#include <commander/file_system.h>
#include <commander/ledger.h>
#include <commander/views.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

class LedgerFollower;
class ViewBuilder;
class ViewProgress;
class ViewStore;

/// The views of a workspace: follows the ledger, folds its events, keeps every document change in a derived file, and
/// answers questions about documents at any position. Deleting the file loses nothing. Thread-safe but for start() and
/// stop().
class ViewEngine {
public:
    struct Options {
        std::string path; ///< of the views file
        Ledger &ledger;
        FileSystem &fileSystem;
        std::vector<FoldBinding> folds;
        /// position() changed; on the engine's thread, be quick.
        std::function<void(Position)> onProgress = {};
        /// What to follow of a ledger without a total order; partition 0 of every domain's events when empty. Positions
        /// then count the events in the order in which they came.
        std::vector<TopicPartition> sources = {};
        /// Views among the folds whose fold is not known: they keep their place in the file and are not folded.
        std::set<std::string> asleep = {};
        std::set<std::string> paused = {};                            ///< by name: these fold nothing until resume()
        std::map<std::string, std::map<Uuid, Position>> skipped = {}; ///< by name: events that each leaves out
        std::size_t documentCacheBytes = 48u * 1024u * 1024u;         ///< parsed documents kept between folds
        std::size_t pageCacheBytes = 32u * 1024u * 1024u;             ///< pages of the file kept by its writer
    };
    /// Opens or begins the file; folds nothing yet. Errors InvalidArgument, IoError, DiskFull and those of reading the
    /// ledger.
    [[nodiscard]] static Result<std::unique_ptr<ViewEngine>> open(Options options);
    ~ViewEngine(); ///< stop()
    ViewEngine(const ViewEngine &) = delete;
    ViewEngine &operator=(const ViewEngine &) = delete;

    /// Starts the thread that folds. Call once.
    [[nodiscard]] Result<void> start();
    /// Finishes the batch in work and commits it; waiting calls give up. Idempotent.
    void stop();

    // While it runs; each takes effect before it returns. Errors ShuttingDown, and why folding stopped as a whole.
    [[nodiscard]] Result<void> setPaused(std::size_t view, bool paused);
    [[nodiscard]] Result<void> skip(std::size_t view, const Uuid &event, Position position);
    /// A view that stopped tries the event again.
    [[nodiscard]] Result<void> retry(std::size_t view);
    /// Commits nothing more until it is let go; what is committed stays readable.
    void hold(bool held);

    [[nodiscard]] ViewReader &reader();
    /// Every view that has not stopped has folded up to here. Only grows.
    [[nodiscard]] Position position() const;
    /// How far the view of this number is; nothing while it is asleep or stopped.
    [[nodiscard]] std::optional<Position> positionOf(std::size_t view) const;
    [[nodiscard]] const std::vector<FoldBinding> &folds() const noexcept { return m_options.folds; }
    /// The newest document as text, or nothing. Error DomainFault when the view has stopped, UnknownView.
    [[nodiscard]] Result<std::optional<std::string>> currentDocument(const std::string &view, const std::string &key);
    /// Waits until position() is there; false when `stop` was requested or nothing will be folded any more.
    [[nodiscard]] bool waitFor(Position position, std::stop_token stop);
    /// Why folding stopped as a whole (a view that stopped alone says so in its ViewStatus).
    [[nodiscard]] std::vector<std::string> faults() const;
    /// It folds no more, and not because it was stopped.
    [[nodiscard]] bool hasFailed() const;
    /// Why the file was begun anew at open(), or empty when it was kept.
    [[nodiscard]] const std::string &rebuildReason() const noexcept { return m_rebuildReason; }

private:
    ViewEngine(Options options, std::string rebuildReason, std::unique_ptr<ViewBuilder> builder);
    [[nodiscard]] Result<void> take(std::span<const RecordPtr> records);
    [[nodiscard]] Result<void> takeAndCommit(std::span<const RecordPtr> records);
    [[nodiscard]] bool farBehind(Position taken);
    [[nodiscard]] Result<void> commit();
    void failed(const Error &error);
    /// Changes the builder between two batches.
    [[nodiscard]] Result<void> adjust(const std::function<void(ViewBuilder &)> &change);

    // Constant after construction
    const Options m_options;
    const std::string m_rebuildReason;
    const std::shared_ptr<ViewProgress> m_progress;
    const std::unique_ptr<ViewStore> m_store;
    std::mutex m_adjusting; ///< one adjust() or stop() at a time
    bool m_stopped = false; ///< guarded by m_adjusting
    // Used by the follower's thread; by adjust() and stop() while that has ended
    std::unique_ptr<ViewBuilder> m_builder;
    bool m_failed = false;
    std::atomic<bool> m_hasFailed{false}; ///< the same, for any thread

    std::unique_ptr<LedgerFollower> m_follower; ///< last: its thread uses the members above
};

} // namespace commander
