// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_lister.h"

#include "views/field_value.h"
#include "views/view_format.h"

#include <commander/limits.h>

#include <algorithm>
#include <map>

namespace commander {

namespace {

constexpr std::size_t keysAtOnce = 256;
constexpr std::uint64_t scannedMax = 50'000; ///< documents read for one page of a list with conditions

std::int64_t sequenceAt(std::optional<Position> at)
{
    return at ? viewformat::lastSequenceOf(*at) : viewformat::sequenceMax;
}

} // namespace

Result<Document> documentOf(ViewConnection &connection, const ListedView &view, std::string key,
                            const DocumentState &state)
{
    const auto origin = connection.log.origin(state.sequence);
    if (!origin)
        return fail(origin.error());
    return Document{view.name,      view.version,
                    std::move(key), viewformat::positionOf(state.sequence),
                    origin->event,  writeJson(*state.document)};
}

Result<DocumentList> DocumentLister::run()
{
    if (auto prepared = prepare(); !prepared)
        return fail(prepared.error());
    auto listed = [this] {
        if (m_request.sort)
            return m_at ? listSortedPast() : listSorted();
        const auto *const range = m_at ? nullptr : searchable();
        return range ? listByField(*range) : listKeys();
    }();
    if (!listed)
        return fail(listed.error());
    m_list.indexed = !m_reads;
    if (m_request.sort && m_list.nextKey)
        m_list.nextValue = m_lastValue;
    return std::move(m_list);
}

Result<void> DocumentLister::prepare()
{
    if (m_request.limit < 1 || m_request.limit > limits::pageRowsMax) {
        return fail(ErrorCode::InvalidArgument, "limit must be 1 to " + std::to_string(limits::pageRowsMax),
                    "limit " + std::to_string(m_request.limit));
    }
    auto ranges = compileConditions(m_request.where);
    if (!ranges)
        return fail(ranges.error());
    m_ranges = std::move(*ranges);
    const auto position
        = m_connection.database.queryInteger("SELECT position FROM views WHERE id = " + std::to_string(m_view.number));
    if (!position)
        return fail(position.error());
    // What is asked of the present or the future is the present: it has the indexes.
    if (m_request.at && m_request.at->value < static_cast<std::uint64_t>(*position))
        m_at = m_request.at;
    m_sequence = sequenceAt(m_at);
    if (m_request.sort) {
        const auto found = std::find(m_view.indexes.begin(), m_view.indexes.end(), m_request.sort->pointer);
        if (found == m_view.indexes.end()) {
            return fail(ErrorCode::InvalidArgument, "view " + m_view.name + " cannot be sorted by this field",
                        "sort " + m_request.sort->pointer, "Name the field among the view's indexes.");
        }
        m_sortField = static_cast<std::size_t>(found - m_view.indexes.begin());
        m_cursorValue = fieldValue(nullptr);
        if (m_request.afterValue) {
            const auto value = parseJson(*m_request.afterValue);
            if (!value)
                return fail(value.error());
            m_cursorValue = fieldValue(&*value);
        }
    }
    return {};
}

const FieldRange *DocumentLister::searchable() const
{
    const FieldRange *best = nullptr;
    for (const auto &range : m_ranges) {
        const bool indexed
            = std::find(m_view.indexes.begin(), m_view.indexes.end(), range.pointer) != m_view.indexes.end();
        if (indexed && !range.isNotEqual && (!best || (range.isEqual && !best->isEqual)))
            best = &range;
    }
    return best;
}

bool DocumentLister::isExhausted() const noexcept
{
    return m_reads && m_list.scanned >= scannedMax;
}

Result<void> DocumentLister::checkStop() const
{
    if (m_stop.stop_requested())
        return fail(ErrorCode::Cancelled, "cancelled", m_view.name);
    return {};
}

Result<bool> DocumentLister::take(const std::string &key, const KeyRow &row)
{
    auto state = m_connection.log.stateAt(row, m_sequence, Origins::Ignore);
    if (!state)
        return fail(state.error());
    ++m_list.scanned;
    if (!state->document)
        return true;
    const bool matches = matchesAll(m_ranges, *state->document);
    if (matches && isFull())
        return false;
    if (m_request.sort) {
        const auto *const value = resolvePointer(*state->document, m_request.sort->pointer);
        m_lastValue = value ? std::optional(writeJson(*value)) : std::nullopt;
    }
    if (!matches)
        return true;
    auto document = documentOf(m_connection, m_view, key, *state);
    if (!document)
        return fail(document.error());
    m_list.documents.push_back(std::move(*document));
    return true;
}

Result<void> DocumentLister::listKeys()
{
    m_reads = !m_ranges.empty();
    auto from = std::max(m_request.prefix, m_request.afterKey.value_or(std::string()));
    auto skip = m_request.afterKey;
    for (;;) {
        if (auto going = checkStop(); !going)
            return going;
        auto keys = m_connection.log.keysFrom(m_view.number, from, keysAtOnce);
        if (!keys)
            return fail(keys.error());
        for (auto &[key, row] : *keys) {
            if (!key.starts_with(m_request.prefix))
                return {};
            // Most that have no document then are known without a look at their changes.
            if (key == skip || (m_at ? row.created > *m_at : !row.live))
                continue;
            if (isExhausted()) {
                m_list.nextKey = std::move(skip);
                return {};
            }
            auto taken = take(key, row);
            if (!taken)
                return fail(taken.error());
            if (!*taken) {
                m_list.nextKey = m_list.documents.back().key;
                return {};
            }
            skip = key;
        }
        if (keys->size() < keysAtOnce)
            return {};
        from = keys->back().key;
        skip = from;
    }
}

Result<void> DocumentLister::listByField(const FieldRange &range)
{
    m_reads = m_ranges.size() > 1;
    const auto found = std::find(m_view.indexes.begin(), m_view.indexes.end(), range.pointer);
    const auto place = viewformat::fieldPlace(m_view.number, static_cast<std::size_t>(found - m_view.indexes.begin()));
    // One value: the index has its keys in order. Many: SQLite keeps the first few of them.
    auto keys = m_connection.database.prepare("SELECT key FROM fields WHERE place = ?1 AND "
                                              + std::string(range.isEqual ? "value = ?2" : "value >= ?2 AND value < ?3")
                                              + " AND key >= ?4 AND key > ?5 ORDER BY key LIMIT "
                                              + std::to_string(m_request.limit + keysAtOnce));
    if (!keys)
        return fail(keys.error());
    auto after = m_request.afterKey;
    for (;;) {
        if (auto going = checkStop(); !going)
            return going;
        keys->bind(1, place).bindBlob(2, range.low).bind(4, m_request.prefix);
        if (!range.isEqual)
            keys->bindBlob(3, range.high);
        const auto bound = after;
        if (bound)
            keys->bind(5, *bound);
        else
            keys->bind(5, std::string_view()); // every key but the empty one
        std::size_t seen = 0;
        for (;; ++seen) {
            const auto there = keys->step();
            if (!there)
                return fail(there.error());
            if (!*there)
                break;
            const std::string key(keys->text(0));
            if (!key.starts_with(m_request.prefix))
                return {};
            if (isExhausted()) {
                m_list.nextKey = std::move(after);
                return {};
            }
            const auto row = m_connection.log.key(m_view.number, key);
            if (!row)
                return fail(row.error());
            if (*row) {
                auto taken = take(key, **row);
                if (!taken)
                    return fail(taken.error());
                if (!*taken) {
                    m_list.nextKey = m_list.documents.back().key;
                    return {};
                }
            }
            after = key;
        }
        keys->reset();
        if (seen < m_request.limit + keysAtOnce)
            return {};
    }
}

Result<void> DocumentLister::listSorted()
{
    const bool down = m_request.sort->descending;
    // Conditions on the sort field become part of the search, all others need the documents.
    std::string low;
    std::string high(1, static_cast<char>(FieldType::Other) + 1);
    for (const auto &range : m_ranges) {
        if (range.pointer != m_request.sort->pointer || range.isNotEqual) {
            m_reads = true;
            continue;
        }
        low = std::max(low, range.low);
        high = std::min(high, range.high);
    }
    m_reads = m_reads || !m_request.prefix.empty();
    if (m_request.afterKey) {
        if (down)
            high = std::min(high, m_cursorValue + '\0');
        else
            low = std::max(low, m_cursorValue);
    }
    auto fields = m_connection.database.prepare(
        "SELECT value, key FROM fields WHERE place = ?1 AND value >= ?2 AND value < ?3 ORDER BY "
        + std::string(down ? "value DESC, key DESC" : "value, key"));
    if (!fields)
        return fail(fields.error());
    fields->bind(1, viewformat::fieldPlace(m_view.number, m_sortField)).bindBlob(2, low).bindBlob(3, high);
    std::optional<std::string> last;
    for (;;) {
        if (auto going = checkStop(); !going)
            return going;
        const auto there = fields->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        const std::string key(fields->text(1));
        if (!key.starts_with(m_request.prefix) || (m_request.afterKey && precedesCursor(fields->blob(0), key)))
            continue;
        if (isExhausted()) {
            m_list.nextKey = std::move(last);
            return {};
        }
        const auto row = m_connection.log.key(m_view.number, key);
        if (!row)
            return fail(row.error());
        if (!*row)
            continue;
        auto taken = take(key, **row);
        if (!taken)
            return fail(taken.error());
        if (!*taken) {
            m_list.nextKey = std::move(last);
            return {};
        }
        last = key;
    }
}

bool DocumentLister::precedesCursor(std::string_view value, std::string_view key) const
{
    const auto order
        = value.compare(m_cursorValue) != 0 ? value.compare(m_cursorValue) : key.compare(*m_request.afterKey);
    return m_request.sort->descending ? order >= 0 : order <= 0;
}

// Every key is looked at once; only the places of the next few documents are kept.
Result<void> DocumentLister::listSortedPast()
{
    m_reads = true;
    const auto before
        = [down = m_request.sort->descending](const auto &a, const auto &b) { return down ? b < a : a < b; };
    std::map<std::pair<std::string, std::string>, KeyRow, decltype(before)> best(before);
    auto from = m_request.prefix;
    std::optional<std::string> skip;
    for (bool more = true; more;) {
        if (auto going = checkStop(); !going)
            return going;
        auto keys = m_connection.log.keysFrom(m_view.number, from, keysAtOnce);
        if (!keys)
            return fail(keys.error());
        more = keys->size() == keysAtOnce;
        for (auto &[key, row] : *keys) {
            if (!key.starts_with(m_request.prefix)) {
                more = false;
                break;
            }
            if (key == skip || row.created > *m_at)
                continue;
            const auto state = m_connection.log.stateAt(row, m_sequence, Origins::Ignore);
            if (!state)
                return fail(state.error());
            ++m_list.scanned;
            if (!state->document || !matchesAll(m_ranges, *state->document))
                continue;
            auto value = fieldValue(resolvePointer(*state->document, m_request.sort->pointer));
            if (m_request.afterKey && precedesCursor(value, key))
                continue;
            best.emplace(std::pair(std::move(value), key), row);
            if (best.size() > m_request.limit + 1)
                best.erase(std::prev(best.end()));
        }
        if (more) {
            from = keys->back().key;
            skip = from;
        }
    }
    const auto scanned = m_list.scanned;
    for (const auto &[place, row] : best) {
        auto taken = take(place.second, row);
        if (!taken)
            return fail(taken.error());
        if (!*taken)
            m_list.nextKey = m_list.documents.back().key;
    }
    m_list.scanned = scanned;
    return {};
}

} // namespace commander
