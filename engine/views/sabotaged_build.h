// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>
#include <commander/ledger.h>

#include <algorithm>
#include <span>
#include <vector>

namespace commander {

/// For Saboteur::UnorderedFold: a batch in another order, but for its last record.
[[nodiscard]] inline std::vector<RecordPtr> mixedUp(std::span<const RecordPtr> records)
{
    std::vector<RecordPtr> mixed(records.begin(), records.end());
    std::reverse(mixed.begin(), mixed.end() - 1);
    return mixed;
}

/// For Saboteur::ReactionsWhileBuilding: lets a domain react to an event that is long past.
inline void reactAgain(const Domain &domain, const ParsedRecord &event)
{
    class Nothing final : public DocumentSource {
        [[nodiscard]] const Json *get(std::string_view, std::string_view) override { return nullptr; }
    } documents;
    auto context = HandlerContext::ofReaction(event.record.id, domain.description().name, event.record.time());
    static_cast<void>(domain.react(event, documents, context));
}

} // namespace commander
