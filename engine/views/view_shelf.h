// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/version_choices.h"
#include "views/view_table.h"

#include <commander/clock.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace commander {

using SkippedByVersion = std::map<ViewVersionId, std::map<Uuid, Position>>;

/// Holds all versions of all views: the shared file with the views that the first opening declared, and for each other
/// version a file of its own. What readers see is one table, exchanged as a whole. Thread-safe but for start() and
/// stop().
class ViewShelf {
public:
    struct Options {
        std::string folder;      ///< of the views files
        std::string choicesPath; ///< see VersionChoices
        Ledger &ledger;
        FileSystem &fileSystem;
        const Clock &clock;
        std::vector<FoldBinding> declared;             ///< by the domains that decide
        std::vector<FoldBinding> known = {};           ///< folds of further versions
        bool readOnly = false;                         ///< choices are read, not written
        std::size_t documentCacheBytes = 48u << 20;    ///< of the shared file; a quarter for each other one
        std::size_t pageCacheBytes = 32u << 20;        ///< likewise
        std::function<void(Position)> onProgress = {}; ///< position() grew; on an engine thread, be quick
        SkippedByVersion skipped = {};                 ///< events that versions leave out
        std::set<std::string> paused
            = {}; ///< "view@label": versions that fold nothing unless commands are decided with them
        std::vector<std::string> filesThere = {}; ///< names in the folder: leftovers among them are removed
    };
    [[nodiscard]] static Result<std::unique_ptr<ViewShelf>> open(Options options);
    ~ViewShelf(); ///< stop()
    ViewShelf(const ViewShelf &) = delete;
    ViewShelf &operator=(const ViewShelf &) = delete;

    [[nodiscard]] Result<void> start();
    void stop();

    [[nodiscard]] ViewTablePtr table() const;
    /// Every serving view that has not stopped has folded up to here. Only grows.
    [[nodiscard]] Position position() const;
    [[nodiscard]] bool waitFor(Position position, std::chrono::milliseconds wait);

    // For the processor, which reads what its domains declare, whatever serves
    [[nodiscard]] Result<std::optional<std::string>> decidingDocument(const std::string &view, const std::string &key);
    /// Key and text of the next documents by key; none at the end.
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
    decidingDocuments(const std::string &view, const std::optional<std::string> &afterKey);
    [[nodiscard]] Position decidingPosition() const;
    [[nodiscard]] bool waitDeciding(Position position, std::stop_token stop);
    [[nodiscard]] bool waitDecidingFor(Position position, std::chrono::milliseconds wait);

    /// Stopped parts, in words.
    [[nodiscard]] std::vector<std::string> faults() const;

    // What an operator does to one version. Errors NotFound, Conflict, and those of the version's engine.
    [[nodiscard]] Result<void> setPaused(const ViewVersionId &id, bool paused);
    /// Leaves out an event, now and whenever the version is opened; the ledger says so.
    [[nodiscard]] Result<void> skip(const ViewVersionId &id, const Uuid &event, Position position);
    [[nodiscard]] SkippedByVersion skipped() const;
    /// A version that stopped tries the event again.
    [[nodiscard]] Result<void> retry(const ViewVersionId &id);
    /// Builds the version again from position 1, beside its documents, which it takes the place of once it is level.
    [[nodiscard]] Result<void> reset(const ViewVersionId &id);
    struct ResetStatus {
        Position position;
        std::string fault; ///< it gave up
    };
    [[nodiscard]] std::optional<ResetStatus> resetOf(const ViewVersionId &id) const;

    // For ViewVersionKeeper, one change at a time: hold lockChanges()
    [[nodiscard]] std::unique_lock<std::mutex> lockChanges() { return std::unique_lock(m_changes); }
    [[nodiscard]] const Options &options() const noexcept { return m_options; }
    [[nodiscard]] VersionChoices &choices() noexcept { return m_choices; }
    /// Opens a version in its own file and lets it fold.
    [[nodiscard]] Result<ViewMemberPtr> openVersion(const FoldBinding &binding);
    void exchange(ViewTable table);
    /// These members have come as far as what readers were told; false when `wait` is over.
    [[nodiscard]] bool areLevel(std::span<const ViewMemberPtr> members, std::chrono::milliseconds wait);
    /// Exchanges as soon as these members have come as far as what readers were told; false when `wait` is over.
    [[nodiscard]] bool exchangeWhenLevel(ViewTable table, std::span<const ViewMemberPtr> members,
                                         std::chrono::milliseconds wait);
    /// Stops a member that is in no table any more and removes its file.
    void discard(const ViewMemberPtr &member);

private:
    explicit ViewShelf(Options options);
    [[nodiscard]] Result<void> place();
    [[nodiscard]] Result<void> openShared(std::vector<FoldBinding> folds, std::set<std::string> asleep);
    [[nodiscard]] Result<std::shared_ptr<ViewEngine>> openEngine(ViewEngine::Options options);
    [[nodiscard]] Result<ViewMemberPtr> openOwn(const FoldBinding &binding, const std::string &path);
    /// Where the version lies alone, or would: there are two names, so that one can be made beside the other.
    [[nodiscard]] std::string ownPath(const FoldBinding &binding) const;
    [[nodiscard]] std::string otherPath(const FoldBinding &binding) const;
    [[nodiscard]] bool beginsPaused(const FoldBinding &binding) const;
    struct Reset {
        ViewMemberPtr fresh;
        std::string fault;
    };
    [[nodiscard]] Result<ViewMemberPtr> liveMember(const ViewVersionId &id) const;
    void finishResets(const std::stop_token &stop);
    /// True when it is done or given up.
    [[nodiscard]] bool finishReset(const ViewVersionId &id, Reset &reset);
    [[nodiscard]] bool waitFor(const std::function<bool()> &done, std::chrono::milliseconds wait);
    [[nodiscard]] Result<void> noteOwnFiles(const ViewTable &table);
    void chooseServing(ViewTable &table);
    void removeLeftovers(const std::set<std::string> &inUse);
    [[nodiscard]] bool waitLevel(std::unique_lock<std::mutex> &lock, std::span<const ViewMemberPtr> members,
                                 std::chrono::milliseconds wait);
    void progressed();
    /// On the thread of an engine, after a batch.
    void waitWhileHeld(const ViewEngine *engine);
    [[nodiscard]] Position servingPosition(const ViewTable &table) const;
    [[nodiscard]] std::vector<std::shared_ptr<ViewEngine>> engines() const;

    const Options m_options;
    VersionChoices m_choices; ///< under m_changes
    std::shared_ptr<ViewEngine> m_shared;
    mutable std::mutex m_changes;
    // Guarded by m_changes
    SkippedByVersion m_skipped;
    std::set<std::string> m_paused; ///< "view@label"
    // Guarded by m_resetMutex; taken after m_changes
    mutable std::mutex m_resetMutex;
    std::condition_variable_any m_resetBegun;
    std::map<ViewVersionId, Reset> m_resets;
    // Guarded by m_tableMutex; taken after m_positionMutex
    mutable std::mutex m_tableMutex;
    ViewTablePtr m_table = std::make_shared<ViewTable>();
    // Guarded by m_positionMutex
    mutable std::mutex m_positionMutex;
    std::condition_variable_any m_moved;
    Position m_position;
    bool m_closed = false;
    std::vector<const ViewEngine *> m_held; ///< rest until versions have drawn level with them

    std::jthread m_resetter; ///< last: uses the members above
};

} // namespace commander
