// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/commands.h>

#include <QString>

namespace commander::ui {

/// A line for a POSIX shell that sends the command to `baseUrl` and waits for its result.
[[nodiscard]] QString curlSubmitLine(const QString &baseUrl, const CommandDraft &draft);
/// A line that follows what the command causes, or everything of its action when it has no id of its own.
[[nodiscard]] QString curlFollowLine(const QString &baseUrl, const CommandDraft &draft);

} // namespace commander::ui
