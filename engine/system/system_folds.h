// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

namespace commander::system {

/// The folds of the three views; any event of the system domain may come.
void foldWaiting(const ParsedRecord &event, DocumentFold &documents);
void foldParked(const ParsedRecord &event, DocumentFold &documents);
void foldDeadLetters(const ParsedRecord &event, DocumentFold &documents);

} // namespace commander::system
