// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace commander::ctl {

/// `commanderctl manual man` prints the man page, `manual bash` the completions for bash. Both are made of what every
/// subcommand says of itself with --help, so that they cannot say anything else. Gives the exit code.
[[nodiscard]] int printManual(const QStringList &arguments);

} // namespace commander::ctl
