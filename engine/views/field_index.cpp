// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/field_index.h"

#include "views/view_format.h"

#include <algorithm>
#include <utility>

namespace commander {

Result<FieldIndex> FieldIndex::open(Database &database)
{
    FieldIndex index;
    auto insert = database.prepare("INSERT INTO fields (place, value, key) VALUES (?1, ?2, ?3)");
    if (!insert)
        return fail(insert.error());
    index.m_insert = std::move(*insert);
    auto remove = database.prepare("DELETE FROM fields WHERE place = ?1 AND value = ?2 AND key = ?3");
    if (!remove)
        return fail(remove.error());
    index.m_delete = std::move(*remove);
    return index;
}

Result<void> FieldIndex::update(std::size_t view, std::string_view key, const std::vector<std::string> &before,
                                const std::vector<std::string> &after)
{
    for (std::size_t field = 0; field < std::max(before.size(), after.size()); ++field) {
        if (field < before.size() && field < after.size() && before[field] == after[field])
            continue;
        for (const auto &[statement, values] : {std::pair{&m_delete, &before}, {&m_insert, &after}}) {
            if (field >= values->size())
                continue;
            statement->bind(1, viewformat::fieldPlace(view, field)).bindBlob(2, (*values)[field]).bind(3, key);
            if (auto done = statement->run(); !done)
                return done;
        }
    }
    return {};
}

} // namespace commander
