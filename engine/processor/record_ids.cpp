// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/record_ids.h"

#include "values/sabotage.h"

namespace commander {

std::string attemptName(std::string_view name, int attempt)
{
    std::string text(name);
    return attempt == 1 ? text : text + '/' + std::to_string(attempt);
}

Result<RecordPtr> RecordIds::find(const Uuid &id)
{
    if (!m_ledger)
        return RecordPtr();
    auto found = m_ledger->find(id);
    if (!found && found.error().code == ErrorCode::NotFound)
        return RecordPtr();
    return found;
}

Result<Uuid> RecordIds::free(const Uuid &source, std::string_view name)
{
    for (int attempt = 1;; ++attempt) {
        auto id = uuid5(source, attemptName(name, attempt));
        if (sabotaged(Saboteur::ProgressLost))
            id = uuid5(id, std::to_string(sabotageNoise()));
        if (!m_careful)
            return id;
        const auto found = find(id);
        if (!found)
            return fail(found.error());
        if (!*found)
            return id;
    }
}

Result<RecordPtr> RecordIds::existing(const Uuid &source, std::string_view name, const IsOurs &isOurs)
{
    for (int attempt = 1;; ++attempt) {
        auto found = find(uuid5(source, attemptName(name, attempt)));
        if (!found || !*found || isOurs(**found))
            return found;
    }
}

Result<bool> RecordIds::taken(std::span<const RecordDraft> records)
{
    for (const auto &record : records) {
        const auto found = find(record.id);
        if (!found)
            return fail(found.error());
        if (*found)
            return true;
    }
    return false;
}

} // namespace commander
