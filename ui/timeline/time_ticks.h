// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "timeline/time_window.h"

#include <QString>
#include <vector>

namespace commander::ui {

/// A round time on the axis and its short label, e.g. "14:30".
struct TimeTick {
    std::int64_t time = 0;
    QString label;
};

/// Where the wider context begins that the short labels leave out, e.g. "20 May 2016". The first one starts at or
/// before the window's left edge, so that its label can stick there.
struct TimeContext {
    std::int64_t from = 0;
    QString label;
};

struct TimeScale {
    std::vector<TimeTick> ticks;
    std::vector<TimeContext> contexts;
};

/// Round UTC times for a window, at most `ticksMax` of them.
[[nodiscard]] TimeScale timeScale(TimeWindow window, int ticksMax);

/// UTC, as exact as a bin of this width needs: "20 May 2016, 14:33:28.902".
[[nodiscard]] QString timeText(std::int64_t micros, std::int64_t binMicros);
/// "14:33:28 – 14:33:30" when both are on one day, else with both days; UTC.
[[nodiscard]] QString spanText(TimeWindow window, std::int64_t binMicros);
/// "1 min 10 s", two units at most.
[[nodiscard]] QString durationText(std::int64_t micros);

} // namespace commander::ui
