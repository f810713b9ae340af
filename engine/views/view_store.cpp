// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_store.h"

#include "views/field_changes.h"

#include <commander/limits.h>

#include <algorithm>
#include <map>
#include <utility>

namespace commander {

using viewformat::ChangeForm;

namespace {

constexpr std::size_t connectionsMax = 4; ///< readers at once; the next waits

std::int64_t sequenceAt(std::optional<Position> at)
{
    return at ? viewformat::lastSequenceOf(*at) : viewformat::sequenceMax;
}

Error noDocument(const std::string &view, const std::string &key, std::optional<Position> at = {})
{
    std::string where = view + "/" + key;
    if (at)
        where += " at position " + std::to_string(at->value);
    return {ErrorCode::NotFound, "no such document", std::move(where), {}, {}};
}

/// The key's row, or Error NotFound.
Result<KeyRow> findKey(ViewConnection &connection, std::size_t number, const std::string &view, const std::string &key)
{
    auto row = connection.log.key(number, key);
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(noDocument(view, key));
    return **row;
}

} // namespace

ViewStore::ViewStore(Options options)
    : m_options(std::move(options)), m_pool(m_options.path, m_options.vfs, connectionsMax)
{
}

Result<std::size_t> ViewStore::viewNumber(const std::string &view) const
{
    const auto found = std::find_if(m_options.views.begin(), m_options.views.end(),
                                    [&view](const ListedView &v) { return v.name == view; });
    if (found == m_options.views.end())
        return fail(ErrorCode::UnknownView, "no such view", view);
    return static_cast<std::size_t>(found - m_options.views.begin());
}

template <class Question>
auto ViewStore::ask(std::stop_token stop, Question question) -> decltype(question(std::declval<ViewConnection &>()))
{
    auto lease = m_pool.lease(stop);
    if (!lease)
        return fail(lease.error());
    auto &connection = *lease->operator->();
    if (auto begun = connection.begin.run(); !begun)
        return fail(begun.error());
    auto answer = [&] {
        const InterruptOnStop interrupt(connection.database, stop);
        return question(connection);
    }();
    if (auto ended = connection.end.run(); !ended && answer)
        return fail(ended.error());
    if (!answer && answer.error().code == ErrorCode::LedgerDamaged && m_options.onDamage)
        m_options.onDamage();
    return answer;
}

Result<Document> ViewStore::get(const std::string &view, const std::string &key, std::optional<Position> at)
{
    const auto number = viewNumber(view);
    if (!number)
        return fail(number.error());
    return ask({}, [&](ViewConnection &connection) -> Result<Document> {
        const auto row = findKey(connection, *number, view, key);
        if (!row)
            return fail(row.error());
        auto state = connection.log.stateAt(*row, sequenceAt(at), Origins::Ignore);
        if (!state)
            return fail(state.error());
        if (!state->document)
            return fail(noDocument(view, key, at));
        return documentOf(connection, m_options.views[*number], key, *state);
    });
}

Result<std::optional<std::string>> ViewStore::current(const std::string &view, const std::string &key)
{
    const auto number = viewNumber(view);
    if (!number)
        return fail(number.error());
    if (auto error = m_options.progress->errorOf(*number); !error.empty())
        return fail(ErrorCode::DomainFault, "view " + view + " has " + error, view + "/" + key,
                    "Mend the domain and reopen the workspace.");
    return ask({}, [&](ViewConnection &connection) -> Result<std::optional<std::string>> {
        const auto row = connection.log.key(*number, key);
        if (!row)
            return fail(row.error());
        if (!*row || !(*row)->live)
            return std::nullopt;
        const auto state = connection.log.stateOf((*row)->head, Origins::Ignore);
        if (!state)
            return fail(state.error());
        return state->document ? std::optional(writeJson(*state->document)) : std::nullopt;
    });
}

Result<DocumentList> ViewStore::list(const std::string &view, const DocumentListRequest &request, std::stop_token stop)
{
    const auto number = viewNumber(view);
    if (!number)
        return fail(number.error());
    return ask(stop, [&](ViewConnection &connection) {
        return DocumentLister(connection, m_options.views[*number], request, stop).run();
    });
}

Result<DocumentChange> ViewStore::changeOf(ViewConnection &connection, std::size_t view, std::string key,
                                           const LoggedChange &logged, const Json *before, const Json *after)
{
    const auto origin = connection.log.origin(logged.sequence);
    if (!origin)
        return fail(origin.error());
    DocumentChange change;
    change.view = m_options.views[view].name;
    change.version = m_options.views[view].version;
    change.key = std::move(key);
    change.position = viewformat::positionOf(logged.sequence);
    change.event = origin->event;
    change.fields = fieldChanges(before, after);
    change.created = logged.form == ChangeForm::Created;
    change.removed = logged.form == ChangeForm::Removed;
    return change;
}

Result<std::vector<DocumentChange>> ViewStore::history(const std::string &view, const std::string &key,
                                                       std::optional<Position> before, std::size_t limit)
{
    const auto number = viewNumber(view);
    if (!number)
        return fail(number.error());
    return ask({}, [&](ViewConnection &connection) -> Result<std::vector<DocumentChange>> {
        const auto row = findKey(connection, *number, view, key);
        if (!row)
            return fail(row.error());
        const bool bounded = before && *before <= viewformat::positionMax;
        const auto end = bounded ? viewformat::sequenceOf(*before, 0, 0) : viewformat::sequenceMax;
        const auto logged = connection.log.before(*row, end, limit);
        if (!logged)
            return fail(logged.error());

        std::vector<DocumentChange> changes;
        DocumentState state;
        for (auto i = logged->size(); i > 0; --i) { // oldest first: each is told by the state before it
            const auto &change = (*logged)[i - 1];
            const auto previous = state.document;
            if (auto applied = applyLogged(state, change, Origins::Ignore); !applied)
                return fail(applied.error());
            if (i > limit)
                continue;
            auto told = changeOf(connection, *number, key, change, previous ? &*previous : nullptr, state.json());
            if (!told)
                return fail(told.error());
            changes.push_back(std::move(*told));
        }
        std::reverse(changes.begin(), changes.end());
        return changes;
    });
}

Result<std::vector<FieldOrigin>> ViewStore::blame(const std::string &view, const std::string &key,
                                                  std::optional<Position> at)
{
    const auto number = viewNumber(view);
    if (!number)
        return fail(number.error());
    return ask({}, [&](ViewConnection &connection) -> Result<std::vector<FieldOrigin>> {
        const auto row = findKey(connection, *number, view, key);
        if (!row)
            return fail(row.error());
        const auto state = connection.log.stateAt(*row, sequenceAt(at), Origins::Keep);
        if (!state)
            return fail(state.error());
        if (!state->document)
            return fail(noDocument(view, key, at));

        std::vector<FieldOrigin> fields;
        forEachLeaf(*state->document, [&](std::string_view pointer, const Json &value) {
            FieldOrigin field;
            field.pointer = pointer;
            field.value = writeJson(value);
            field.position = {state->origins[fields.size()]};
            fields.push_back(std::move(field));
        });
        std::map<Position, ChangeOrigin> origins; // a document owes most fields to few events
        for (auto &field : fields) {
            auto known = origins.find(field.position);
            if (known == origins.end()) {
                auto origin = connection.log.origin(viewformat::sequenceOf(field.position, *number, 0));
                if (!origin)
                    return fail(origin.error());
                known = origins.emplace(field.position, std::move(*origin)).first;
            }
            field.event = known->second.event;
            field.command = known->second.command;
            field.action = known->second.action;
            field.recordedAt = known->second.recordedAt;
        }
        return fields;
    });
}

Result<std::vector<FieldChange>> ViewStore::diff(const std::string &view, const std::string &key, Position from,
                                                 Position to)
{
    const auto number = viewNumber(view);
    if (!number)
        return fail(number.error());
    return ask({}, [&](ViewConnection &connection) -> Result<std::vector<FieldChange>> {
        const auto row = findKey(connection, *number, view, key);
        if (!row)
            return fail(row.error());
        const auto before = connection.log.stateAt(*row, sequenceAt(from), Origins::Ignore);
        if (!before)
            return fail(before.error());
        const auto after = connection.log.stateAt(*row, sequenceAt(to), Origins::Ignore);
        if (!after)
            return fail(after.error());
        return fieldChanges(before->json(), after->json());
    });
}

Result<std::vector<DocumentChange>> ViewStore::changesAt(Position event)
{
    return ask({}, [&](ViewConnection &connection) -> Result<std::vector<DocumentChange>> {
        const auto logged = connection.log.at(event);
        if (!logged)
            return fail(logged.error());
        std::vector<DocumentChange> changes;
        changes.reserve(logged->size());
        for (const auto &step : *logged) {
            auto key = connection.log.keyText(step.key);
            if (!key)
                return fail(key.error());
            auto state = connection.log.stateOf(step.previous, Origins::Ignore);
            if (!state)
                return fail(state.error());
            const auto previous = state->document;
            if (auto applied = applyLogged(*state, step, Origins::Ignore); !applied)
                return fail(applied.error());
            auto change = changeOf(connection, viewformat::viewOf(step.sequence), std::move(*key), step,
                                   previous ? &*previous : nullptr, state->json());
            if (!change)
                return fail(change.error());
            changes.push_back(std::move(*change));
        }
        return changes;
    });
}

} // namespace commander
