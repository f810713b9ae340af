// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <string>

namespace commander {

/// errno as an Error: NotFound, DiskFull or IoError, with the path and what can be done about it.
[[nodiscard]] tl::unexpected<Error> failErrno(int error, const char *what, const std::string &path);

} // namespace commander
