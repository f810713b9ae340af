// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/document_cache.h"
#include "views/field_index.h"
#include "views/fold_overlay.h"
#include "views/view_file.h"

#include <commander/record.h>
#include <commander/views.h>

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace commander {

/// Events that a view leaves out, and where they stand.
using SkippedEvents = std::map<Uuid, Position>;

/// Folds events into views and writes what changes. One transaction holds the document changes, the views' positions
/// and the file's, so that after any crash the file stands exactly at one record. Used by one thread at a time.
class ViewBuilder {
public:
    struct Options {
        std::vector<FoldBinding> folds;
        std::set<std::string> asleep;                      ///< of these views no fold is known: they stay as they are
        std::set<std::string> paused = {};                 ///< by name: these fold nothing until setPaused()
        std::map<std::string, SkippedEvents> skipped = {}; ///< by name: what each leaves out
        std::size_t cacheBytes = 48u * 1024u * 1024u;
    };
    /// The ledger must outlive the builder.
    [[nodiscard]] static Result<std::unique_ptr<ViewBuilder>> create(ViewFile file, Options options, Ledger &ledger);

    /// Folds the next records; begins a transaction if none is open. An event that a fold cannot take stops that view,
    /// not the builder. After an Error nothing of the open transaction remains, and the builder must not be used again.
    [[nodiscard]] Result<void> take(std::span<const RecordPtr> records);
    /// From the next take() on; follow the ledger from start() again.
    void setPaused(std::size_t view, bool paused) { m_paused[view] = paused; }
    /// The view leaves the event out; if it stopped there it goes on. The same.
    void skip(std::size_t view, const Uuid &event, Position position);
    /// A view that stopped tries the event again. The same.
    void retry(std::size_t view) { m_file.views[view].error.clear(); }
    /// Records taken in since the last commit.
    [[nodiscard]] std::size_t uncommitted() const noexcept { return m_uncommitted; }
    [[nodiscard]] Result<void> commit();

    /// Views as of the last take(): publish it after commit().
    [[nodiscard]] std::vector<ViewStatus> views() const;
    [[nodiscard]] Position taken() const noexcept { return m_file.head.position; }
    /// Where the ledger must be followed from.
    [[nodiscard]] FollowFrom start() const;

private:
    ViewBuilder(ViewFile file, Options options, bool ordered);
    [[nodiscard]] bool rests(std::size_t view) const { return m_paused[view] || !m_file.views[view].error.empty(); }
    [[nodiscard]] bool isAsleep(std::size_t view) const { return m_asleep.contains(m_folds[view].spec.name); }
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> takeAll(std::span<const RecordPtr> records);
    [[nodiscard]] Result<void> takeEvent(const Record &event, Position position);
    [[nodiscard]] Result<void> fold(std::size_t view, const ParsedRecord &event, Position position);
    void stopView(std::size_t view, const Record &event, Position position, const Error &error);
    void advance(const Record &last, Position position);

    /// A change, ready to be written.
    struct Prepared {
        FoldOverlay::Pending *pending = nullptr;
        viewformat::ChangeForm form = viewformat::ChangeForm::Removed;
        std::string body;
        LeafOrigins origins;
    };
    [[nodiscard]] Result<std::vector<Prepared>> prepareChanges(std::vector<FoldOverlay::Pending> &pending,
                                                               Position position) const;
    [[nodiscard]] Result<void> writeChanges(std::size_t view, std::vector<Prepared> &changes, const Record &event,
                                            Position position);
    /// Gives the document its next state and appends the change to the row.
    void makeReal(std::size_t view, Prepared &change, std::int64_t sequence);
    [[nodiscard]] Result<void> writeKeys();

    // Constant after construction
    const std::vector<FoldBinding> m_folds;
    const std::set<std::string> m_asleep;
    const bool m_ordered; ///< else positions count the events in the order in which they came
    std::unordered_map<std::string_view, std::vector<std::size_t>> m_viewsOfAction;

    // Used by the thread that follows the ledger
    std::vector<bool> m_paused;           ///< by view
    std::vector<SkippedEvents> m_skipped; ///< by view
    ViewFile m_file;
    ChangeLog m_log;
    FieldIndex m_fields;
    DocumentCache m_cache;
    Statement m_begin;
    Statement m_commit;
    Statement m_rollback;
    Statement m_insertChange;
    Statement m_insertKey;
    Statement m_updateKey;
    Statement m_updateView;
    Statement m_updateState;
    Statement m_updateSource;
    std::vector<CachedDocument *> m_dirty; ///< their keys' rows are written once in a while, not at every change
    std::string m_row;                     ///< of the fold at work
    std::size_t m_uncommitted = 0;
    bool m_open = false;
};

} // namespace commander
