// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/change_seeker.h"

namespace commander::ui {

namespace {

/// A document without any change is no fault here: it is simply not there.
Result<std::vector<DocumentChange>> newest(ViewReader &views, const Selection::DocumentKey &document, Position before,
                                           std::size_t limit)
{
    auto changes = views.history(document.view, document.key, before, limit);
    if (!changes && changes.error().code == ErrorCode::NotFound)
        return std::vector<DocumentChange>();
    return changes;
}

} // namespace

Result<std::optional<Position>> changeAt(ViewReader &views, const Selection::DocumentKey &document, Position at)
{
    const auto changes = newest(views, document, at.next(), 1);
    if (!changes)
        return fail(changes.error());
    return changes->empty() ? std::nullopt : std::optional(changes->front().position);
}

Result<std::optional<Position>> momentBefore(ViewReader &views, const Selection::DocumentKey &document, Position at)
{
    const auto changes = newest(views, document, at.next(), 2);
    if (!changes)
        return fail(changes.error());
    if (changes->size() == 2)
        return std::optional(changes->back().position);
    if (changes->size() == 1 && changes->front().position.value > 1)
        return std::optional(Position{changes->front().position.value - 1});
    return std::optional<Position>();
}

Result<std::optional<Position>> changeAfter(ViewReader &views, const Selection::DocumentKey &document, Position at,
                                            Position head)
{
    auto last = changeAt(views, document, head);
    if (!last)
        return fail(last.error());
    if (!*last || **last <= at)
        return std::optional<Position>();
    // Between `low` (no change after `at` up to here) and `high` (a change) lies the first change.
    auto low = at.value;
    auto high = **last;
    while (high.value - low > 1) {
        const Position middle{low + (high.value - low) / 2};
        const auto found = changeAt(views, document, middle);
        if (!found)
            return fail(found.error());
        if (*found && **found > at)
            high = **found;
        else
            low = middle.value;
    }
    return std::optional(high);
}

} // namespace commander::ui
