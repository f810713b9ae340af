// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>
#include <commander/views.h>

#include <chrono>
#include <compare>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// One view and the domain that folds it.
struct FoldBinding {
    std::shared_ptr<const Domain> domain;
    ViewSpec spec;
};

/// Which fold made a view's documents: two versions of a view differ in number or in the hash of their domain.
struct ViewVersionId {
    std::string view;
    std::uint32_t version = 1;
    Hash256 domainHash{};

    /// For people and command lines: number and the first 8 digits of the hash, e.g. "2-1a2b3c4d".
    [[nodiscard]] std::string label() const;
    auto operator<=>(const ViewVersionId &) const = default;
};
[[nodiscard]] ViewVersionId viewVersionOf(const FoldBinding &binding);

enum class ViewVersionState {
    Building, ///< folds the past; not yet where the ledger ends
    Ready,    ///< caught up, follows the ledger, never served or rolled back
    Serving,  ///< what ViewReader answers from
    Kept,     ///< served before; follows the ledger, so that it can serve again at once
    Waiting,  ///< its documents are there, its fold is not: start() with the fold goes on
    Stopped,  ///< its fold failed; `error` says why
    Paused    ///< by hand: folds nothing until it is resumed (Consumers)
};
[[nodiscard]] std::string_view viewVersionStateName(ViewVersionState state) noexcept; ///< "building", …

struct ViewVersionStatus {
    ViewVersionId id;
    std::string domain;
    ViewVersionState state = ViewVersionState::Building;
    bool decides = false; ///< the processor decides with it now
    Position position;    ///< every event up to here is folded
    Position head;        ///< of the ledger
    std::uint64_t documents = 0;
    double recordsPerSecond = 0;                        ///< since it was opened; 0 when it is not building
    std::optional<std::chrono::milliseconds> remaining; ///< only while building, once the rate is known
    std::string error;
};

/// One document that two versions of a view hold differently.
struct VersionRow {
    enum class Kind { Added, Removed, Changed };
    std::string key;
    Kind kind = Kind::Changed;       ///< Added: only `to` has it; Removed: only `from` has it
    std::vector<FieldChange> fields; ///< before = in `from`, after = in `to`
};

struct VersionDiffRequest {
    ViewVersionId from;
    ViewVersionId to;
    std::optional<Position> at;          ///< absent: the newest that both have; take it from the page for the next
    std::optional<std::string> afterKey; ///< nextKey of the page before
    std::size_t limit = 100;             ///< rows; 1 to limits::pageRowsMax
};

/// A part of the answer and what was compared for it: repeat with nextKey until there is none, and add up.
struct VersionDiffPage {
    std::vector<VersionRow> rows; ///< by key, ascending bytes
    Position at;
    std::uint64_t same = 0; ///< documents without a difference; the order of members is none
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    std::uint64_t changed = 0;
    std::optional<std::string> nextKey;
};

/// Versions of views beside each other: build a changed fold from position 1 without touching what serves, compare, let
/// it serve, go back. Reactions belong to the processor, so nothing here ever repeats one. Choices survive a restart.
/// Thread-safe and blocking: never call it from the GUI thread.
class ViewVersions {
public:
    virtual ~ViewVersions() = default;
    /// Every version that there is, by view, then version.
    [[nodiscard]] virtual std::vector<ViewVersionStatus> list() = 0;
    /// Begins to build, or goes on where it stopped before a restart; nothing happens when it is already at work. The
    /// fold need not have been known when the workspace was opened, nor the view. Errors InvalidArgument,
    /// LedgerReadOnly, Unsupported (a ledger without a total order), DiskFull, IoError.
    [[nodiscard]] virtual Result<ViewVersionId> start(FoldBinding binding) = 0;
    /// Stops building and discards. Errors NotFound, InvalidArgument (it is not building).
    [[nodiscard]] virtual Result<void> cancel(const ViewVersionId &id) = 0;
    /// Discards a version that neither serves nor decides. Errors NotFound, InvalidArgument.
    [[nodiscard]] virtual Result<void> drop(const ViewVersionId &id) = 0;
    /// Reads one version, serving or not; valid as long as the engine. Errors NotFound, NotReady (Waiting).
    [[nodiscard]] virtual Result<std::shared_ptr<ViewReader>> reader(const ViewVersionId &id) = 0;
    /// Compares row by row at one position. A call does a bounded piece of work. Errors NotFound, NotReady (a version
    /// has not come to `at`), InvalidArgument, Cancelled.
    [[nodiscard]] virtual Result<VersionDiffPage> diff(const VersionDiffRequest &request, std::stop_token stop = {})
        = 0;
    /// From now on these serve, all at once: every read sees the old ones or the new ones. A version that is read for
    /// decisions is refused unless the processor already decides with its domain. Errors NotFound, NotReady (not caught
    /// up with what serves), InvalidArgument, DomainFault (it stopped), LedgerReadOnly, DiskFull, IoError.
    [[nodiscard]] virtual Result<void> promote(const std::vector<ViewVersionId> &ids) = 0;
    /// The version that served before serves again; returns which. Errors as promote(), NotFound (none was kept).
    [[nodiscard]] virtual Result<ViewVersionId> rollback(const std::string &view) = 0;
};

} // namespace commander
