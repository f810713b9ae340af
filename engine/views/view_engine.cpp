// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_engine.h"

#include "ledger/ledger_follower.h"
#include "views/view_builder.h"
#include "views/view_file.h"
#include "views/view_format.h"
#include "views/view_progress.h"
#include "views/view_store.h"

#include <commander/limits.h>

#include <set>
#include <utility>

namespace commander {

namespace {

constexpr std::size_t transactionRecordsMax = 8 * limits::followerBatchMax; ///< in one commit while catching up
constexpr std::chrono::milliseconds faultLookInterval{500};

Result<void> checkFolds(const std::vector<FoldBinding> &folds)
{
    if (folds.size() > viewformat::viewsMax) {
        return fail(ErrorCode::InvalidArgument,
                    "more than " + std::to_string(viewformat::viewsMax) + " views in one workspace",
                    std::to_string(folds.size()) + " views");
    }
    std::set<std::string_view> names;
    for (const auto &[domain, spec] : folds) {
        if (!names.insert(spec.name).second) {
            return fail(ErrorCode::InvalidArgument, "two views have the same name", spec.name,
                        "Rename the view of domain " + domain->description().name + ".");
        }
        if (spec.indexes.size() > viewformat::indexesMax) {
            return fail(ErrorCode::InvalidArgument,
                        "a view indexes more than " + std::to_string(viewformat::indexesMax) + " fields", spec.name);
        }
        for (const auto &pointer : spec.indexes) {
            if (!pointer.empty() && !pointer.starts_with('/'))
                return fail(ErrorCode::InvalidArgument, "an indexed field is no JSON pointer",
                            spec.name + ": " + pointer, "Begin it with a slash.");
        }
    }
    return {};
}

std::vector<TopicPartition> eventSources(const std::vector<FoldBinding> &folds)
{
    std::set<TopicPartition> sources;
    for (const auto &fold : folds)
        sources.insert({fold.domain->description().eventsTopic, 0});
    return {sources.begin(), sources.end()};
}

std::vector<ListedView> storeViews(const std::vector<FoldBinding> &folds)
{
    std::vector<ListedView> views;
    views.reserve(folds.size());
    for (const auto &fold : folds)
        views.push_back({fold.spec.name, fold.spec.version, fold.spec.indexes, views.size()});
    return views;
}

} // namespace

Result<std::unique_ptr<ViewEngine>> ViewEngine::open(Options options)
{
    if (auto checked = checkFolds(options.folds); !checked)
        return fail(checked.error());
    if (options.sources.empty())
        options.sources = eventSources(options.folds);
    auto file = openViewFile(
        {options.path, options.ledger, options.fileSystem, options.folds, options.sources, options.pageCacheBytes});
    if (!file)
        return fail(file.error());
    auto reason = file->rebuilt;
    auto builder = ViewBuilder::create(
        std::move(*file), {options.folds, options.asleep, options.paused, options.skipped, options.documentCacheBytes},
        options.ledger);
    if (!builder)
        return fail(builder.error());
    return std::unique_ptr<ViewEngine>(new ViewEngine(std::move(options), std::move(reason), std::move(*builder)));
}

ViewEngine::ViewEngine(Options options, std::string rebuildReason, std::unique_ptr<ViewBuilder> builder)
    : m_options(std::move(options)), m_rebuildReason(std::move(rebuildReason)),
      m_progress(std::make_shared<ViewProgress>()),
      m_store(std::make_unique<ViewStore>(
          ViewStore::Options{.path = m_options.path,
                             .vfs = m_options.fileSystem.sqliteVfs(),
                             .views = storeViews(m_options.folds),
                             .progress = m_progress,
                             .onDamage = [this] { (void)condemnViewFile(m_options.path, m_options.fileSystem); }})),
      m_builder(std::move(builder)),
      m_follower(std::make_unique<LedgerFollower>(
          m_options.ledger, "cmd-views", limits::followerBatchMax,
          [this](std::span<const RecordPtr> records) { return take(records); }, derivedPace))
{
    m_progress->publish(m_builder->views(), m_builder->taken());
}

ViewEngine::~ViewEngine()
{
    stop();
}

Result<void> ViewEngine::start()
{
    return m_follower->start(m_builder->start());
}

Result<void> ViewEngine::adjust(const std::function<void(ViewBuilder &)> &change)
{
    const std::scoped_lock lock(m_adjusting);
    if (m_stopped)
        return fail(ErrorCode::ShuttingDown, "the views are closing");
    if (m_failed) {
        const auto why = faults();
        return fail(ErrorCode::Conflict, why.empty() ? "folding has stopped" : why.front(), m_options.path,
                    "Reset the view: it is built again in a file of its own.");
    }
    m_follower->stop();
    if (m_failed) // in the batch that was still in work
        return fail(ErrorCode::Conflict, "folding has stopped", m_options.path);
    change(*m_builder);
    if (auto committed = commit(); !committed) {
        failed(committed.error());
        return committed;
    }
    return m_follower->start(m_builder->start());
}

Result<void> ViewEngine::setPaused(std::size_t view, bool paused)
{
    return adjust([view, paused](ViewBuilder &builder) { builder.setPaused(view, paused); });
}

Result<void> ViewEngine::skip(std::size_t view, const Uuid &event, Position position)
{
    return adjust([&](ViewBuilder &builder) { builder.skip(view, event, position); });
}

Result<void> ViewEngine::retry(std::size_t view)
{
    return adjust([view](ViewBuilder &builder) { builder.retry(view); });
}

void ViewEngine::hold(bool held)
{
    m_follower->hold(held);
}

void ViewEngine::stop()
{
    const std::scoped_lock lock(m_adjusting);
    m_stopped = true;
    m_follower->stop();
    if (!m_failed) {
        // What is lost when this fails is folded again at the next open.
        if (auto committed = commit(); !committed)
            failed(committed.error());
    }
    m_progress->close();
}

ViewReader &ViewEngine::reader()
{
    return *m_store;
}

Position ViewEngine::position() const
{
    return m_progress->position();
}

std::optional<Position> ViewEngine::positionOf(std::size_t view) const
{
    return m_progress->positionOf(view);
}

Result<std::optional<std::string>> ViewEngine::currentDocument(const std::string &view, const std::string &key)
{
    return m_store->current(view, key);
}

bool ViewEngine::waitFor(Position position, std::stop_token stop)
{
    // A follower that cannot read the ledger any more tells nobody, so look now and then.
    while (!stop.stop_requested() && !m_progress->isClosed()) {
        if (m_progress->waitFor(position, faultLookInterval, stop))
            return true;
        if (!m_follower->fault().empty())
            break;
    }
    return m_progress->position() >= position;
}

std::vector<std::string> ViewEngine::faults() const
{
    std::vector<std::string> faults;
    if (auto fault = m_follower->fault(); !fault.empty())
        faults.push_back(std::move(fault));
    return faults;
}

bool ViewEngine::hasFailed() const
{
    return m_hasFailed || !m_follower->fault().empty();
}

Result<void> ViewEngine::take(std::span<const RecordPtr> records)
{
    auto taken = takeAndCommit(records);
    if (!taken)
        failed(taken.error());
    return taken;
}

Result<void> ViewEngine::takeAndCommit(std::span<const RecordPtr> records)
{
    if (auto taken = m_builder->take(records); !taken)
        return taken;
    if (m_builder->uncommitted() < transactionRecordsMax && farBehind(records.back()->position))
        return {};
    return commit();
}

// Far behind, nobody waits for the last batch, and larger transactions write the same pages less often. The records
// that are still to come are in the ledger, so the next batch follows at once and the transaction does not stay open.
bool ViewEngine::farBehind(Position taken)
{
    if (!m_options.ledger.traits().totalOrder)
        return false;
    const auto head = m_options.ledger.head();
    return head && head->position.value > taken.value + 2 * limits::followerBatchMax;
}

Result<void> ViewEngine::commit()
{
    if (auto committed = m_builder->commit(); !committed)
        return committed;
    const auto before = m_progress->position();
    m_progress->publish(m_builder->views(), m_builder->taken());
    if (const auto now = m_progress->position(); now != before && m_options.onProgress)
        m_options.onProgress(now);
    return {};
}

void ViewEngine::failed(const Error &error)
{
    m_failed = true;
    m_hasFailed = true;
    if (error.code == ErrorCode::LedgerDamaged)
        (void)condemnViewFile(m_options.path,
                              m_options.fileSystem); // if this fails too, the next open meets the damage again
    m_progress->close();
    if (m_options.onProgress) // nobody waits for it any more
        m_options.onProgress(m_progress->position());
}

} // namespace commander
