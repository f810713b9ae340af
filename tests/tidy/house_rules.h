// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

/// The rules that no compiler checks, as functions from a file to its offences ("line 12: …").
namespace houserules {

/// `path` is relative to the top of the source tree, e.g. "engine/views/view_store.cpp".
[[nodiscard]] QStringList check(const QString &path, const QString &text);

/// Longest file allowed without a reason in the list below.
inline constexpr int linesMax = 400;

} // namespace houserules
