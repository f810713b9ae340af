// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QTimeZone>

namespace commander::ui {

/// UTC for QDateTime, as each version of Qt wants it named: later ones warn of Qt::UTC, 6.4 knows no other cheap one.
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
inline constexpr auto utcZone = QTimeZone::UTC;
#else
inline constexpr auto utcZone = Qt::UTC;
#endif

} // namespace commander::ui
