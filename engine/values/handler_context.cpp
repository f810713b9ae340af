// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/domain.h>

namespace commander {

Uuid HandlerContext::newId()
{
    return uuid5(m_command, "data/" + std::to_string(++m_count));
}

} // namespace commander
