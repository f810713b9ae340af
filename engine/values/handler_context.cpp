// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/sabotage.h"

#include <commander/domain.h>

namespace commander {

HandlerContext HandlerContext::ofReaction(const Uuid &event, std::string_view domain, Timestamp now)
{
    return {uuid5(event, "reaction/" + std::string(domain)), now};
}

Uuid HandlerContext::newId()
{
    if (sabotaged(Saboteur::IdsNotDerived))
        m_source = uuid5(m_source, std::to_string(sabotageNoise()));
    return uuid5(m_source, "data/" + std::to_string(++m_count));
}

} // namespace commander
