// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/what_if_run.h"

#include "experiments/command_edits.h"
#include "experiments/previewer.h"
#include "experiments/progress_meter.h"
#include "views/field_changes.h"

namespace commander {

namespace {

constexpr int outcomeRows = 0;
constexpr int documentRows = 1;
constexpr std::size_t touchedMax = 512;

std::string writeDocumentDifference(const std::string &view, const std::string &key,
                                    const std::vector<FieldChange> &fields)
{
    OutcomeDifference difference; // the same shape, for rows that only this file reads
    difference.action = view;
    difference.recorded = key;
    difference.fields = fields;
    return writeDifference(difference);
}

} // namespace

WhatIfRun::WhatIfRun(const Candidate::World &world, std::unique_ptr<Candidate> candidate, const WhatIfRequest &request)
    : m_world(world), m_comparer(request.rules), m_candidate(std::move(candidate))
{
}

Result<void> WhatIfRun::begin(const WhatIfRequest &request, std::stop_token stop)
{
    const auto from = decisionBoundary(m_world.ledger, request.from);
    if (!from)
        return fail(from.error());
    const auto to = decisionBoundary(m_world.ledger, request.to.value_or(Position{~std::uint64_t{0}}));
    if (!to)
        return fail(to.error());
    if (*to < *from)
        return fail(ErrorCode::InvalidArgument, "the branch ends before it begins");
    m_summary.from = m_last = *from;
    m_summary.to = *to;
    if (from->value > 0) {
        const auto last = m_world.ledger.readAt(*from, 1);
        if (!last)
            return fail(last.error());
        if (!last->empty())
            m_summary.chain = last->front()->chain;
    }
    return m_candidate->bringTo(*from, {}, stop);
}

Result<void> WhatIfRun::run(const WhatIfRequest &request, std::stop_token stop)
{
    if (auto begun = begin(request, stop); !begun)
        return begun;
    auto edits = checkEdits(request.edits, m_world.ledger, m_candidate->domains(), m_summary.from, m_summary.to);
    if (!edits)
        return fail(std::move(edits.error()));
    ProgressMeter meter(request.onProgress, ExperimentProgress::Phase::Commands, m_summary.from, m_summary.to);
    Position at = m_summary.from;
    DecisionReplay replay({.domains = m_candidate->domains(),
                           .views = m_candidate->views(),
                           .state = CandidateState::Own,
                           .from = m_summary.from,
                           .edits = std::move(*edits),
                           .onDecided = [&](const DecisionReplay::Decided &decided) {
                               meter.at(at, decided.records ? 1 : 0);
                               return stop.stop_requested() ? fail(ErrorCode::Cancelled, "stopped") : take(decided);
                           }});
    auto walked = walkDecisions(m_world.ledger, m_summary.from, m_summary.to, stop, [&](const DecisionGroup &group) {
        at = group.result ? group.result->position : group.events.back()->position;
        return replay.take(group);
    });
    if (!walked)
        return walked;
    if (auto finished = replay.finish(); !finished)
        return finished;
    meter.tell();
    if (auto flushed = m_candidate->views().flush(); !flushed)
        return flushed;
    m_summary.outcomes = m_comparer.comparison();
    m_summary.viewFaults = m_candidate->views().faults();
    return compareDocuments(request.onProgress, stop);
}

Result<void> WhatIfRun::take(const DecisionReplay::Decided &decided)
{
    std::optional<Outcome> recorded;
    std::optional<Outcome> branch;
    if (decided.recorded)
        recorded = decided.recorded->outcome();
    if (decided.records)
        branch = outcomeOf(*decided.records);
    if (branch) {
        if (auto appended = append(*decided.command); !appended)
            return appended;
        for (const auto &record : *decided.records) {
            if (record.kind == RecordKind::Command) // stands where it is decided
                continue;
            if (auto appended = append(simulatedRecord(record, decided.command->recordedAt)); !appended)
                return appended;
        }
    }
    m_diverged = m_diverged || !recorded || !branch || !identical(*recorded, *branch)
        || !m_candidate->views().faults().empty();
    if (m_diverged && decided.recorded) {
        if (auto touched = touchReal(*decided.recorded); !touched)
            return touched;
    }
    const auto position = decided.recorded ? decided.recorded->command->position : m_last;
    const auto difference
        = m_comparer.compare(*decided.command, position, recorded ? &*recorded : nullptr, branch ? &*branch : nullptr);
    if (!difference)
        return {};
    return m_candidate->store().appendRow(outcomeRows, m_outcomeRows++, writeDifference(*difference));
}

Result<void> WhatIfRun::append(Record record)
{
    record.position = m_last = m_last.next();
    auto &offset = m_offsets[record.topic];
    record.offset = offset;
    offset = offset.next();
    record.salt = {}; // so that the same branch always has the same hashes
    record.leaf = recordLeaf(record);
    record.chain = m_summary.chain = chainNext(m_summary.chain, record.leaf);
    ++m_summary.records;
    return m_candidate->store().append(record);
}

Result<void> WhatIfRun::touchReal(const DecisionGroup &group)
{
    if (group.events.empty())
        return {};
    if (auto there = awaitViews(m_world.views, group.events.back()->position, {}); !there)
        return there;
    for (const auto &event : group.events) {
        const auto changes = m_world.views.changesAt(event->position);
        if (!changes)
            return fail(changes.error());
        for (const auto &change : *changes) {
            const auto *view = m_candidate->domains().findView(change.view);
            if (!view)
                continue;
            if (auto touched = m_candidate->store().touch(view->index, change.key); !touched)
                return touched;
        }
    }
    return {};
}

Result<void> WhatIfRun::compareDocuments(const OnExperimentProgress &tell, std::stop_token stop)
{
    if (auto there = awaitViews(m_world.views, m_summary.to, stop); !there)
        return there;
    ProgressMeter meter(tell, ExperimentProgress::Phase::Documents, m_summary.from, m_summary.to);
    std::optional<ScratchStore::Touched> last;
    for (;;) {
        auto page = m_candidate->store().touched(last ? &*last : nullptr, touchedMax);
        if (!page)
            return fail(page.error());
        if (page->empty())
            break;
        for (const auto &touched : *page) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "stopped");
            if (auto compared = compareDocument(touched); !compared)
                return compared;
            meter.at(m_summary.from);
        }
        last = std::move(page->back());
    }
    meter.at(m_summary.to);
    meter.tell();
    return {};
}

Result<void> WhatIfRun::compareDocument(const ScratchStore::Touched &touched)
{
    const auto &view = m_candidate->domains().views()[touched.view].spec->name;
    auto real = ViewsPast(m_world.views, m_world.events, m_summary.to).document(view, touched.key);
    if (!real)
        return fail(real.error());
    auto branch = touched.json ? Result<std::optional<std::string>>(*touched.json)
                               : m_candidate->views().settledDocument(view, touched.key);
    if (!branch)
        return fail(branch.error());
    ++m_summary.documentsCompared;
    if (*real == *branch)
        return {};
    std::optional<Json> values[2];
    const std::optional<std::string> *const texts[] = {&*real, &*branch};
    for (std::size_t i = 0; i < 2; ++i) {
        if (!*texts[i])
            continue;
        auto value = parseJson(**texts[i]);
        if (!value)
            return fail(value.error());
        values[i] = std::move(*value);
    }
    const auto fields = fieldChanges(values[0] ? &*values[0] : nullptr, values[1] ? &*values[1] : nullptr);
    return m_candidate->store().appendRow(documentRows, m_summary.documentsDifferent++,
                                          writeDocumentDifference(view, touched.key, fields));
}

Result<std::vector<Record>> WhatIfRun::records(Position first, std::size_t max)
{
    const std::scoped_lock lock(m_mutex);
    return m_candidate->store().records(first, max);
}

Result<std::vector<OutcomeDifference>> WhatIfRun::outcomes(std::uint64_t skip, std::size_t max)
{
    const std::scoped_lock lock(m_mutex);
    const auto rows = m_candidate->store().rows(outcomeRows, skip, max);
    if (!rows)
        return fail(rows.error());
    std::vector<OutcomeDifference> out;
    for (const auto &row : *rows) {
        auto difference = readDifference(row);
        if (!difference)
            return fail(difference.error());
        out.push_back(std::move(*difference));
    }
    return out;
}

Result<std::vector<DocumentDifference>> WhatIfRun::documents(std::uint64_t skip, std::size_t max)
{
    const std::scoped_lock lock(m_mutex);
    const auto rows = m_candidate->store().rows(documentRows, skip, max);
    if (!rows)
        return fail(rows.error());
    std::vector<DocumentDifference> out;
    for (const auto &row : *rows) {
        auto difference = readDifference(row);
        if (!difference)
            return fail(difference.error());
        out.push_back({std::move(difference->action), std::move(difference->recorded), std::move(difference->fields)});
    }
    return out;
}

Result<std::string> WhatIfRun::document(const std::string &view, const std::string &key)
{
    const std::scoped_lock lock(m_mutex);
    auto text = m_candidate->views().settledDocument(view, key);
    if (!text)
        return fail(text.error());
    if (!*text)
        return fail(ErrorCode::NotFound, "the branch has no such document", view + "/" + key);
    return std::move(**text);
}

} // namespace commander
