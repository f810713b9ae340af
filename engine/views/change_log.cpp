// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/change_log.h"

#include "values/sabotage.h"

#include <commander/limits.h>

#include <algorithm>
#include <utility>

namespace commander {

namespace {

/// Leaves no statement open behind an early return: an open one would hold its snapshot.
class ResetAtEnd {
public:
    explicit ResetAtEnd(Statement &statement) : m_statement(statement) { }
    ~ResetAtEnd() { m_statement.reset(); }
    ResetAtEnd(const ResetAtEnd &) = delete;
    ResetAtEnd &operator=(const ResetAtEnd &) = delete;

private:
    Statement &m_statement;
};

Error damaged(std::string what)
{
    return {ErrorCode::LedgerDamaged,
            "the views file is damaged: " + std::move(what),
            {},
            "Reopen the workspace: the file is then built anew from the ledger.",
            {}};
}

Error missing(std::int64_t sequence)
{
    return damaged("the change " + std::to_string(viewformat::ordinalOf(sequence)) + " of view "
                   + std::to_string(viewformat::viewOf(sequence)) + " at position "
                   + std::to_string(viewformat::positionOf(sequence).value) + " is not there");
}

KeyRow keyIn(const Statement &row, int column)
{
    return {row.integer(column),
            {static_cast<std::uint64_t>(row.integer(column + 1))},
            row.integer(column + 2) != 0,
            row.integer(column + 3)};
}

} // namespace

Result<ChangeLog> ChangeLog::open(Database &database)
{
    ChangeLog log;
    const std::pair<Statement *, std::string_view> statements[] = {
        {&log.m_key, "SELECT number, created, live, head FROM keys WHERE view = ?1 AND key = ?2"},
        {&log.m_keyText, "SELECT key FROM keys WHERE number = ?1"},
        {&log.m_body, "SELECT body FROM changes WHERE place = ?1"},
        {&log.m_at, "SELECT place, body FROM changes WHERE place BETWEEN ?1 AND ?2 ORDER BY place"},
        {&log.m_origin, "SELECT event, command, action, recorded_at FROM changes WHERE place = ?1"},
        {&log.m_keysFrom,
         "SELECT key, number, created, live, head FROM keys WHERE view = ?1 AND key >= ?2 ORDER BY key LIMIT ?3"},
    };
    for (const auto &[statement, sql] : statements) {
        auto prepared = database.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        *statement = std::move(*prepared);
    }
    return log;
}

Result<std::optional<KeyRow>> ChangeLog::key(std::size_t view, std::string_view key)
{
    const ResetAtEnd reset(m_key);
    m_key.bind(1, static_cast<std::int64_t>(view)).bind(2, key);
    const auto row = m_key.step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(keyIn(m_key, 0)) : std::nullopt;
}

Result<std::string> ChangeLog::keyText(std::int64_t number)
{
    const ResetAtEnd reset(m_keyText);
    m_keyText.bind(1, number);
    const auto row = m_keyText.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(damaged("a key is not there"));
    return std::string(m_keyText.text(0));
}

Result<LoggedChange> ChangeLog::read(std::int64_t sequence)
{
    const ResetAtEnd reset(m_body);
    m_body.bind(1, viewformat::placeOf(sequence));
    const auto row = m_body.step();
    if (!row)
        return fail(row.error());
    auto change = *row ? findLogged(m_body.blob(0), sequence) : std::nullopt;
    if (!change)
        return fail(missing(sequence));
    return std::move(*change);
}

Result<std::optional<LoggedChange>> ChangeLog::seek(std::int64_t head, std::int64_t sequence)
{
    while (head != 0) {
        auto change = read(head);
        if (!change)
            return fail(change.error());
        const bool unseen = sabotaged(Saboteur::StateOneChangeEarly)
            && viewformat::positionOf(change->sequence) == viewformat::positionOf(sequence);
        if (change->sequence <= sequence && !unseen)
            return std::move(*change);
        head = change->previous;
        if (!change->isWhole())
            continue;
        // Ranks get smaller, so this ends: jump to the oldest known whole form that is still too new.
        const auto skip
            = std::find_if(change->skips.rbegin(), change->skips.rend(), [sequence](auto s) { return s > sequence; });
        if (skip != change->skips.rend())
            head = *skip;
    }
    return std::nullopt;
}

Result<DocumentState> ChangeLog::replay(LoggedChange newest, Origins origins)
{
    std::vector<LoggedChange> changes;
    changes.push_back(std::move(newest));
    while (!changes.back().isWhole()) {
        // The builder never writes more between two whole forms: the patches and a removal.
        if (changes.back().previous == 0 || changes.size() > limits::patchesPerFullDocument + 2)
            return fail(damaged("a document has no beginning"));
        auto change = read(changes.back().previous);
        if (!change)
            return fail(change.error());
        changes.push_back(std::move(*change));
    }
    DocumentState state;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (auto applied = applyLogged(state, *change, origins); !applied)
            return fail(applied.error());
    }
    return state;
}

Result<DocumentState> ChangeLog::stateAt(const KeyRow &key, std::int64_t sequence, Origins origins)
{
    auto newest = seek(key.head, sequence);
    if (!newest)
        return fail(newest.error());
    return *newest ? replay(std::move(**newest), origins) : DocumentState();
}

Result<DocumentState> ChangeLog::stateOf(std::int64_t head, Origins origins)
{
    if (head == 0)
        return DocumentState();
    auto newest = read(head);
    if (!newest)
        return fail(newest.error());
    return replay(std::move(*newest), origins);
}

Result<std::vector<LoggedChange>> ChangeLog::before(const KeyRow &key, std::int64_t sequence, std::size_t count)
{
    std::vector<LoggedChange> changes;
    auto change = seek(key.head, sequence - 1);
    for (;;) {
        if (!change)
            return fail(change.error());
        if (!*change)
            return changes;
        changes.push_back(std::move(**change));
        const auto &last = changes.back();
        if (last.previous == 0 || (changes.size() > count && last.isWhole()))
            return changes;
        change = read(last.previous);
    }
}

Result<std::vector<LoggedChange>> ChangeLog::at(Position position)
{
    std::vector<LoggedChange> changes;
    if (position > viewformat::positionMax)
        return changes;
    const ResetAtEnd reset(m_at);
    m_at.bind(1, viewformat::placeOf(viewformat::sequenceOf(position, 0, 0)));
    m_at.bind(2, viewformat::placeOf(viewformat::lastSequenceOf(position)));
    for (;;) {
        const auto row = m_at.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return changes;
        const auto first = m_at.integer(0) << 16;
        const auto count = countLogged(m_at.blob(1));
        if (!count)
            return fail(missing(first));
        for (std::uint32_t ordinal = 0; ordinal < *count; ++ordinal) {
            auto change = findLogged(m_at.blob(1), first + ordinal);
            if (!change)
                return fail(missing(first + ordinal));
            changes.push_back(std::move(*change));
        }
    }
}

Result<ChangeOrigin> ChangeLog::origin(std::int64_t sequence)
{
    const ResetAtEnd reset(m_origin);
    m_origin.bind(1, viewformat::placeOf(sequence));
    const auto row = m_origin.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(missing(sequence));
    return ChangeOrigin{m_origin.uuid(0), m_origin.uuid(1), std::string(m_origin.text(2)),
                        Timestamp{m_origin.integer(3)}};
}

Result<std::vector<ChangeLog::ListedKey>> ChangeLog::keysFrom(std::size_t view, std::string_view from,
                                                              std::size_t count)
{
    std::vector<ListedKey> keys;
    keys.reserve(count);
    const ResetAtEnd reset(m_keysFrom);
    m_keysFrom.bind(1, static_cast<std::int64_t>(view)).bind(2, from).bind(3, static_cast<std::int64_t>(count));
    for (;;) {
        const auto row = m_keysFrom.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return keys;
        keys.push_back({std::string(m_keysFrom.text(0)), keyIn(m_keysFrom, 1)});
    }
}

} // namespace commander
