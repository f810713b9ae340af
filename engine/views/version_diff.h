// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/view_versions.h>

#include <stop_token>

namespace commander {

/// Walks the documents of two readers side by side, at `request.at` (which must be there), by key.
[[nodiscard]] Result<VersionDiffPage> diffVersions(ViewReader &from, ViewReader &to, const VersionDiffRequest &request,
                                                   std::stop_token stop);

} // namespace commander
