// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_builder.h"

#include "values/json_validity.h"
#include "values/sabotage.h"
#include "values/upcasting.h"
#include "views/field_value.h"
#include "views/sabotaged_build.h"

#include <commander/limits.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace commander {

using viewformat::ChangeForm;

namespace {

Error faultOf(std::string what)
{
    return {ErrorCode::DomainFault, std::move(what), {}, {}, {}};
}

Result<void> runFold(const Domain &domain, const ViewSpec &spec, const ParsedRecord &event, DocumentFold &documents)
{
    try {
        return foldEvent(domain, spec, event, documents);
    } catch (const std::exception &thrown) { // a domain is not our code: its mistakes stop its view only
        return fail(faultOf(std::string("the fold threw: ") + thrown.what()));
    }
}

} // namespace

ViewBuilder::ViewBuilder(ViewFile file, Options options, bool ordered)
    : m_folds(std::move(options.folds)), m_asleep(std::move(options.asleep)), m_ordered(ordered),
      m_paused(m_folds.size()), m_skipped(m_folds.size()), m_file(std::move(file)), m_cache(options.cacheBytes)
{
    for (std::size_t view = 0; view < m_folds.size(); ++view) {
        if (isAsleep(view)) // like a view that has stopped, but for this run only
            m_file.views[view].error = "its fold is not known here";
        m_paused[view] = options.paused.contains(m_folds[view].spec.name);
        for (const auto &[event, position] : options.skipped[m_folds[view].spec.name])
            skip(view, event, position);
        for (const auto &action : m_folds[view].spec.events) {
            auto &bound = m_viewsOfAction[action];
            if (bound.empty() || bound.back() != view) // once, however often the view names it
                bound.push_back(view);
        }
    }
}

Result<std::unique_ptr<ViewBuilder>> ViewBuilder::create(ViewFile file, Options options, Ledger &ledger)
{
    std::unique_ptr<ViewBuilder> builder(
        new ViewBuilder(std::move(file), std::move(options), ledger.traits().totalOrder));
    if (auto prepared = builder->prepare(); !prepared)
        return fail(prepared.error());
    return builder;
}

Result<void> ViewBuilder::prepare()
{
    auto log = ChangeLog::open(m_file.database);
    if (!log)
        return fail(log.error());
    m_log = std::move(*log);
    auto fields = FieldIndex::open(m_file.database);
    if (!fields)
        return fail(fields.error());
    m_fields = std::move(*fields);
    const std::pair<Statement *, std::string_view> statements[] = {
        {&m_begin, "BEGIN IMMEDIATE"},
        {&m_commit, "COMMIT"},
        {&m_rollback, "ROLLBACK"},
        {&m_insertChange,
         "INSERT INTO changes (place, event, command, action, recorded_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
        {&m_insertKey, "INSERT INTO keys (number, live, head, view, key, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
        {&m_updateKey, "UPDATE keys SET live = ?2, head = ?3 WHERE number = ?1"},
        {&m_updateView, "UPDATE views SET position = ?2, documents = ?3, keys = ?4, error = ?5 WHERE id = ?1"},
        {&m_updateState, "UPDATE state SET position = ?1, chain = ?2, record = ?3"},
        {&m_updateSource, "UPDATE sources SET next = ?3 WHERE topic = ?1 AND partition = ?2"},
    };
    for (const auto &[statement, sql] : statements) {
        auto made = m_file.database.prepare(sql);
        if (!made)
            return fail(made.error());
        *statement = std::move(*made);
    }
    return {};
}

Result<void> ViewBuilder::take(std::span<const RecordPtr> records)
{
    if (records.empty())
        return {};
    auto taken = takeAll(records);
    if (!taken && m_open) {
        m_open = false;
        if (auto undone = m_rollback.run(); !undone)
            return fail(undone.error());
    }
    return taken;
}

Result<void> ViewBuilder::takeAll(std::span<const RecordPtr> records)
{
    std::vector<RecordPtr> mixed;
    if (sabotaged(Saboteur::UnorderedFold))
        records = mixed = mixedUp(records);
    if (!m_open) {
        if (auto begun = m_begin.run(); !begun)
            return begun;
        m_open = true;
    }
    for (const auto &record : records) {
        const auto position = m_ordered ? record->position : m_file.head.position.next();
        if (position > viewformat::positionMax) {
            return fail(ErrorCode::LimitExceeded, "the ledger is longer than the views file can tell",
                        "position " + std::to_string(position.value));
        }
        if (record->kind == RecordKind::Event) {
            if (auto folded = takeEvent(*record, position); !folded)
                return folded;
        }
        if (!m_ordered)
            advance(*record, position);
    }
    if (m_ordered)
        advance(*records.back(), records.back()->position);
    m_uncommitted += records.size();
    return {};
}

Result<void> ViewBuilder::takeEvent(const Record &event, Position position)
{
    const auto bound = m_viewsOfAction.find(event.action);
    if (bound == m_viewsOfAction.end())
        return {};
    const auto wants = [this, position](std::size_t view) {
        return !rests(view) && (m_file.views[view].position < position || sabotaged(Saboteur::FollowerRepeats));
    };
    if (std::none_of(bound->second.begin(), bound->second.end(), wants))
        return {};
    const auto data = parseJson(event.data);
    for (const auto view : bound->second) {
        if (!wants(view) || m_skipped[view].contains(event.id))
            continue;
        if (!data)
            stopView(view, event, position, data.error());
        else if (auto folded = fold(view, {event, *data}, position); !folded)
            return folded;
    }
    if (m_cache.isFull()) {
        if (auto written = writeKeys(); !written)
            return written;
        m_cache.trim();
    }
    return {};
}

Result<void> ViewBuilder::fold(std::size_t view, const ParsedRecord &event, Position position)
{
    if (sabotaged(Saboteur::ReactionsWhileBuilding))
        reactAgain(*m_folds[view].domain, event);
    FoldOverlay overlay(view, m_cache, m_log);
    const auto folded = runFold(*m_folds[view].domain, m_folds[view].spec, event, overlay);
    if (overlay.readError())
        return fail(*overlay.readError());
    if (!folded) {
        stopView(view, event.record, position, folded.error());
        return {};
    }
    // All of them are checked before the first is written: an event is in a view wholly or not at all.
    auto changes = prepareChanges(overlay.pending(), position);
    if (!changes) {
        stopView(view, event.record, position, changes.error());
        return {};
    }
    return writeChanges(view, *changes, event.record, position);
}

Result<std::vector<ViewBuilder::Prepared>> ViewBuilder::prepareChanges(std::vector<FoldOverlay::Pending> &pending,
                                                                       Position position) const
{
    std::vector<Prepared> changes;
    changes.reserve(pending.size());
    for (auto &item : pending) {
        const auto &state = item.entry->state;
        Prepared change;
        change.pending = &item;
        if (!item.document) {
            if (state.document)
                changes.push_back(std::move(change));
            continue;
        }
        auto step = state.document ? stepBetween(*state.document, state.origins, *item.document, position.value)
                                   : stepFromNothing(*item.document, position.value);
        if (step.tooDeep)
            return fail(faultOf("the fold made a document deeper than " + std::to_string(limits::jsonDepthMax) + ": "
                                + std::string(item.entry->key)));
        if (state.document && step.patch.empty())
            continue; // nothing changed
        const bool asPatch
            = state.document && state.patches < limits::patchesPerFullDocument && step.patch.size() < state.fullBytes;
        // A fold can build numbers, strings and members that are no JSON; they must not get into the file.
        const auto fault = asPatch ? std::move(step.fault) : jsonFaultOf(*item.document);
        if (!fault.empty())
            return fail(
                faultOf("the fold made a document that is no JSON (" + fault + "): " + std::string(item.entry->key)));
        if (asPatch) {
            change.form = ChangeForm::Patch;
            change.body = std::move(step.patch);
        } else {
            change.form = state.document ? ChangeForm::Full : ChangeForm::Created;
            change.body.reserve(state.fullBytes);
            appendJson(change.body, *item.document);
        }
        change.origins = std::move(step.origins);
        changes.push_back(std::move(change));
    }
    if (changes.size() > viewformat::changesPerFoldMax)
        return fail(
            faultOf("the fold changed more than " + std::to_string(viewformat::changesPerFoldMax) + " documents"));
    return changes;
}

Result<void> ViewBuilder::writeChanges(std::size_t view, std::vector<Prepared> &changes, const Record &event,
                                       Position position)
{
    if (changes.empty())
        return {};
    m_row.clear();
    const auto first = viewformat::sequenceOf(position, view, 0);
    for (std::size_t ordinal = 0; ordinal < changes.size(); ++ordinal)
        makeReal(view, changes[ordinal], first + static_cast<std::int64_t>(ordinal));
    m_insertChange.bind(1, viewformat::placeOf(first)).bind(2, event.id).bind(4, event.action);
    m_insertChange.bind(3, sabotaged(Saboteur::WrongCommandBlamed) ? event.id : event.parent);
    return m_insertChange.bind(5, event.recordedAt.micros).bindBlob(6, m_row).run();
}

void ViewBuilder::makeReal(std::size_t view, Prepared &change, std::int64_t sequence)
{
    auto &entry = *change.pending->entry;
    auto &state = entry.state;
    auto &row = m_file.views[view];
    if (change.form == ChangeForm::Created)
        ++row.documents;
    else if (change.form == ChangeForm::Removed)
        --row.documents;
    if (entry.number == 0) {
        entry.number = viewformat::keyNumber(view, ++row.keys);
        entry.created = viewformat::positionOf(sequence);
    }

    if (!entry.dirty) // what the file holds of it until the next writeKeys()
        entry.fields = fieldValues(m_folds[view].spec.indexes, state.json());

    LoggedChange logged;
    logged.sequence = sequence;
    logged.key = entry.number;
    logged.previous = state.sequence;
    logged.form = change.form;
    logged.body = std::move(change.body);
    if (logged.isWhole()) {
        logged.rank = state.rank + 1;
        logged.skips = std::move(state.skips);
        logged.origins = writeOrigins(change.origins, viewformat::positionOf(sequence).value);
    }
    appendLogged(m_row, logged);

    if (logged.isWhole()) {
        state.rank = logged.rank;
        state.skips = skipsAfter(logged);
        state.fullBytes = logged.body.size();
        state.patches = 0;
    } else if (change.form == ChangeForm::Patch) {
        ++state.patches;
    }
    state.sequence = sequence;
    state.document = std::move(change.pending->document);
    state.origins = std::move(change.origins);
    if (!entry.dirty)
        m_dirty.push_back(&entry);
    entry.dirty = true;
}

// In order of their numbers: neighbours share pages.
Result<void> ViewBuilder::writeKeys()
{
    std::sort(m_dirty.begin(), m_dirty.end(), [](const auto *a, const auto *b) { return a->number < b->number; });
    for (auto *const entry : m_dirty) {
        auto &statement = entry->stored ? m_updateKey : m_insertKey;
        statement.bind(1, entry->number)
            .bind(2, std::int64_t{entry->state.document.has_value()})
            .bind(3, entry->state.sequence);
        if (!entry->stored) {
            statement.bind(4, entry->number & 0xff).bind(5, entry->key);
            statement.bind(6, static_cast<std::int64_t>(entry->created.value));
        }
        if (auto done = statement.run(); !done)
            return done;
        const auto view = static_cast<std::size_t>(entry->number & 0xff);
        const auto fields = fieldValues(m_folds[view].spec.indexes, entry->state.json());
        if (auto done = m_fields.update(view, entry->key, entry->fields, fields); !done)
            return done;
        entry->fields.clear();
        entry->stored = true;
        entry->dirty = false;
    }
    m_dirty.clear();
    return {};
}

Result<void> ViewBuilder::commit()
{
    if (!m_open)
        return {};
    m_open = false;
    if (auto done = writeKeys(); !done)
        return done;
    for (std::size_t i = 0; i < m_file.views.size(); ++i) {
        if (isAsleep(i))
            continue;
        const auto &view = m_file.views[i];
        m_updateView.bind(1, static_cast<std::int64_t>(i)).bind(2, static_cast<std::int64_t>(view.position.value));
        if (auto done = m_updateView.bind(3, view.documents).bind(4, view.keys).bind(5, view.error).run(); !done)
            return done;
    }
    for (const auto &[source, next] : m_file.sources) {
        m_updateSource.bind(1, source.topic).bind(2, std::int64_t{source.partition});
        if (auto done = m_updateSource.bind(3, static_cast<std::int64_t>(next.value)).run(); !done)
            return done;
    }
    const auto &head = m_file.head;
    m_updateState.bind(1, static_cast<std::int64_t>(head.position.value))
        .bindBlob(2, std::span(head.chain))
        .bind(3, head.record);
    if (auto done = m_updateState.run(); !done)
        return done;
    if (auto done = m_commit.run(); !done)
        return done;
    m_uncommitted = 0;
    return {};
}

} // namespace commander
