// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/error.h>
#include <commander/record.h>

#include <QString>

namespace commander::ui {

/// The console's words for what the engine sends as codes.
[[nodiscard]] QString kindWord(RecordKind kind);
[[nodiscard]] QString statusWord(CommandStatus status);
/// What happened and what to do, in one or two sentences.
[[nodiscard]] QString errorText(const Error &error);

} // namespace commander::ui
