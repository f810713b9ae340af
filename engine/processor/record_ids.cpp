// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/record_ids.h"

#include "values/sabotage.h"

#include <commander/derived_id.h>

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
        auto id = derivedId(source, attemptName(name, attempt));
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
        RecordPtr another;
        for (const auto &id : derivedIdsEver(source, attemptName(name, attempt))) {
            auto found = find(id);
            if (!found || (*found && isOurs(**found)))
                return found;
            if (*found)
                another = *found;
        }
        if (!another)
            return RecordPtr();
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
