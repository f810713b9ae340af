// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/time.h>

#include <QString>
#include <string>
#include <string_view>

namespace commander::ui {

/// How the console writes times.
enum class TimeStyle { Local, Utc, Relative };

[[nodiscard]] QString toText(std::string_view utf8);
[[nodiscard]] std::string toUtf8(const QString &text);

[[nodiscard]] QString formatCount(std::uint64_t count); ///< with the locale's separators
[[nodiscard]] QString formatBytes(std::uint64_t bytes);
[[nodiscard]] QString formatRate(double perSecond); ///< "0", "0.4", "12", "1,204"

[[nodiscard]] Timestamp currentTime();
/// For a table cell: the time of day when it is the same day as `now`, else with the date.
[[nodiscard]] QString formatTime(Timestamp time, TimeStyle style, Timestamp now);
/// With date and zone; for Relative the local time follows in brackets.
[[nodiscard]] QString formatTimeLong(Timestamp time, TimeStyle style, Timestamp now);
/// "UTC", the local zone's name, or an empty text for Relative.
[[nodiscard]] QString zoneName(TimeStyle style, Timestamp when);

/// The part of an id that tells neighbours apart: ids made at about the same time begin alike.
[[nodiscard]] QString shortId(const Uuid &id);

/// The first `charactersMax` characters of JSON on one line, for a preview.
[[nodiscard]] QString previewText(std::string_view json, int charactersMax);

/// 'text' for a POSIX shell, quotes and all.
[[nodiscard]] QString shellQuoted(const QString &text);

} // namespace commander::ui
