// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace_tokens.h"

#include <commander/file_system.h>

namespace commander {

std::shared_ptr<AccessTokens> workspaceTokens(const std::string &ledgerPath)
{
    static SystemFileSystem files;
    static const SystemClock clock;
    static SystemRandom random;
    return AccessTokens::open(AccessTokens::pathFor(ledgerPath), files, clock, random);
}

} // namespace commander
