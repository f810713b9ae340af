// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <memory>
#include <string>
#include <vector>

namespace commander {

/// Lets versions from folders decide a part of the keys: each text is NAME=DIR:PERCENT, and the domain of the folder
/// says whose commands they are. Built-in domains are split in the options, installed ones by the loader that comes
/// back, which takes the place of that of the options and must outlive the engine. Errors InvalidArgument, those of
/// loadDomainFolder() and makeSplitDomain().
[[nodiscard]] Result<std::unique_ptr<DomainLoader>> splitDomains(OpenOptions &options,
                                                                 const std::vector<std::string> &variants);

} // namespace commander
