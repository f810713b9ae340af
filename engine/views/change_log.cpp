// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/change_log.h"

#include <algorithm>

namespace commander {

using viewformat::ChangeForm;

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

LoggedChange changeIn(const Statement &row, int column)
{
    LoggedChange change;
    change.sequence = row.integer(column);
    change.form = static_cast<ChangeForm>(row.integer(column + 1));
    change.body = row.text(column + 2);
    change.origins = row.blob(column + 3);
    return change;
}

bool startsAnew(ChangeForm form)
{
    return form != ChangeForm::Patch;
}

Error missing(std::string what)
{
    return {ErrorCode::LedgerDamaged,
            "the views file is damaged: " + std::move(what),
            {},
            "Reopen the workspace: the file is then built anew from the ledger.",
            {}};
}

} // namespace

Result<ChangeLog> ChangeLog::open(Database &database)
{
    ChangeLog log;
    const auto prepare = [&database](Statement &statement, std::string_view sql) -> Result<void> {
        auto prepared = database.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        statement = std::move(*prepared);
        return {};
    };
    Result<void> ready = prepare(log.m_key, "SELECT number, created, live FROM keys WHERE view = ?1 AND key = ?2");
    if (ready)
        ready = prepare(log.m_keyText, "SELECT key FROM keys WHERE number = ?1");
    if (ready) {
        ready = prepare(log.m_back,
                        "SELECT sequence, form, body, origins FROM changes WHERE key = ?1 AND sequence <= ?2 "
                        "ORDER BY sequence DESC");
    }
    if (ready) {
        ready = prepare(log.m_at,
                        "SELECT key, sequence, form, body, origins FROM changes WHERE sequence BETWEEN ?1 AND ?2 "
                        "ORDER BY sequence");
    }
    if (ready)
        ready = prepare(log.m_origin, "SELECT event, command, action, recorded_at FROM changes WHERE sequence = ?1");
    if (ready) {
        ready = prepare(log.m_keysFrom,
                        "SELECT key, number, created, live FROM keys WHERE view = ?1 AND key >= ?2 "
                        "ORDER BY key LIMIT ?3");
    }
    if (!ready)
        return fail(ready.error());
    return log;
}

Result<std::optional<KeyRow>> ChangeLog::key(std::size_t view, std::string_view key)
{
    const ResetAtEnd reset(m_key);
    m_key.bind(1, static_cast<std::int64_t>(view)).bind(2, key);
    const auto row = m_key.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::nullopt;
    return KeyRow{m_key.integer(0), {static_cast<std::uint64_t>(m_key.integer(1))}, m_key.integer(2) != 0};
}

Result<std::string> ChangeLog::keyText(std::int64_t number)
{
    const ResetAtEnd reset(m_keyText);
    m_keyText.bind(1, number);
    const auto row = m_keyText.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(missing("a key is not there"));
    return std::string(m_keyText.text(0));
}

Result<DocumentState> ChangeLog::stateAt(std::int64_t key, std::int64_t sequence, Origins origins)
{
    std::vector<LoggedChange> changes;
    {
        const ResetAtEnd reset(m_back);
        m_back.bind(1, key).bind(2, sequence);
        for (;;) {
            const auto row = m_back.step();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            changes.push_back(changeIn(m_back, 0));
            if (startsAnew(changes.back().form))
                break;
        }
    }
    DocumentState state;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (auto applied = applyLogged(state, *change, origins); !applied)
            return fail(applied.error());
    }
    return state;
}

Result<std::vector<LoggedChange>> ChangeLog::before(std::int64_t key, std::int64_t sequence, std::size_t count)
{
    std::vector<LoggedChange> changes;
    const ResetAtEnd reset(m_back);
    m_back.bind(1, key).bind(2, sequence - 1);
    for (;;) {
        const auto row = m_back.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        changes.push_back(changeIn(m_back, 0));
        if (changes.size() > count && startsAnew(changes.back().form))
            break;
    }
    return changes;
}

Result<std::vector<ChangeLog::KeyedChange>> ChangeLog::at(Position position)
{
    std::vector<KeyedChange> changes;
    if (position > viewformat::positionMax)
        return changes;
    const ResetAtEnd reset(m_at);
    m_at.bind(1, viewformat::sequenceOf(position, 0, 0)).bind(2, viewformat::lastSequenceOf(position));
    for (;;) {
        const auto row = m_at.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        changes.push_back({m_at.integer(0), changeIn(m_at, 1)});
    }
    return changes;
}

Result<ChangeOrigin> ChangeLog::origin(std::int64_t sequence)
{
    // Kept once per event and view, in its first change.
    const ResetAtEnd reset(m_origin);
    m_origin.bind(1, viewformat::sequenceOf(viewformat::positionOf(sequence), viewformat::viewOf(sequence), 0));
    const auto row = m_origin.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(missing("the origin of a change is not there"));
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
            break;
        keys.push_back(
            {std::string(m_keysFrom.text(0)),
             {m_keysFrom.integer(1), {static_cast<std::uint64_t>(m_keysFrom.integer(2))}, m_keysFrom.integer(3) != 0}});
    }
    return keys;
}

} // namespace commander
