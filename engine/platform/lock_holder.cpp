// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/lock_holder.h"

#include <cerrno>
#include <unistd.h>

namespace commander {

std::string lockHolder()
{
    return "pid " + std::to_string(::getpid()) + " (" + program_invocation_short_name + ")";
}

} // namespace commander
