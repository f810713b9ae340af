// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/time_ticks.h"
#include "models/utc_zone.h"

#include <algorithm>
#include <array>
#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

namespace commander::ui {

namespace {

constexpr std::int64_t ms = 1'000;
constexpr std::int64_t s = 1'000 * ms;
constexpr std::int64_t minute = 60 * s;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::array tickSteps{10 * ms,    20 * ms,     50 * ms,     100 * ms,    200 * ms, 500 * ms, 1 * s,
                               2 * s,      5 * s,       10 * s,      15 * s,      30 * s,   minute,   2 * minute,
                               5 * minute, 10 * minute, 15 * minute, 30 * minute, hour,     2 * hour, 3 * hour,
                               6 * hour,   12 * hour,   day,         2 * day,     7 * day};
constexpr std::array monthSteps{1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200};

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::TimeTicks)
};

QDateTime utc(std::int64_t micros)
{
    const auto rest = micros % ms;
    return QDateTime::fromMSecsSinceEpoch((micros - (rest < 0 ? rest + ms : rest)) / ms, utcZone);
}

std::int64_t microsOf(const QDate &date)
{
    return QDateTime(date, QTime(0, 0), utcZone).toMSecsSinceEpoch() * ms;
}

QString dayText(const QDate &date)
{
    return QLocale().toString(date, Texts::tr("d MMM yyyy"));
}

QString clockFormat(std::int64_t step)
{
    if (step < s)
        return QStringLiteral("HH:mm:ss.zzz");
    return step < minute ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm");
}

/// Ticks of a fixed length, and a context for each day.
TimeScale clockScale(TimeWindow window, std::int64_t step)
{
    TimeScale scale;
    const auto format = clockFormat(step);
    for (auto time = window.from - window.from % step; time < window.to; time += step) {
        if (time < window.from)
            continue;
        const auto when = utc(time);
        scale.ticks.push_back(
            {time, step < day ? when.toString(format) : QLocale().toString(when.date(), Texts::tr("d MMM"))});
    }
    if (step < day) {
        for (auto date = utc(window.from).date(); microsOf(date) < window.to; date = date.addDays(1))
            scale.contexts.push_back({microsOf(date), dayText(date)});
    } else {
        for (auto year = utc(window.from).date().year(); microsOf(QDate(year, 1, 1)) < window.to; ++year)
            scale.contexts.push_back({microsOf(QDate(year, 1, 1)), QString::number(year)});
    }
    return scale;
}

/// Ticks at first days of months: months have no fixed length.
TimeScale monthScale(TimeWindow window, int months)
{
    TimeScale scale;
    const auto start = utc(window.from).date();
    const auto startMonth = (start.year() * 12 + start.month() - 1) / months * months;
    for (auto month = startMonth;; month += months) {
        const QDate date(month / 12, month % 12 + 1, 1);
        const auto time = microsOf(date);
        if (!date.isValid() || time >= window.to)
            break;
        if (time >= window.from)
            scale.ticks.push_back(
                {time, months < 12 ? QLocale().toString(date, Texts::tr("MMM")) : QString::number(date.year())});
    }
    if (months < 12) {
        for (auto year = start.year(); microsOf(QDate(year, 1, 1)) < window.to; ++year)
            scale.contexts.push_back({microsOf(QDate(year, 1, 1)), QString::number(year)});
    }
    return scale;
}

} // namespace

TimeScale timeScale(TimeWindow window, int ticksMax)
{
    if (window.isEmpty() || ticksMax < 1)
        return {};
    for (const auto step : tickSteps) {
        if (window.width() / step < ticksMax)
            return clockScale(window, step);
    }
    for (const auto months : monthSteps) {
        if (window.width() / (months * 30 * day) < ticksMax)
            return monthScale(window, months);
    }
    return monthScale(window, monthSteps.back());
}

QString timeText(std::int64_t micros, std::int64_t binMicros)
{
    const auto when = utc(micros);
    return Texts::tr("%1, %2").arg(dayText(when.date()), when.toString(clockFormat(std::min(binMicros, minute))));
}

QString spanText(TimeWindow window, std::int64_t binMicros)
{
    const auto from = utc(window.from);
    const auto to = utc(window.to);
    const auto format = clockFormat(std::min(binMicros, minute));
    if (from.date() == to.date())
        return Texts::tr("%1, %2 – %3").arg(dayText(from.date()), from.toString(format), to.toString(format));
    return Texts::tr("%1 – %2").arg(timeText(window.from, binMicros), timeText(window.to, binMicros));
}

QString durationText(std::int64_t micros)
{
    if (micros < ms)
        return Texts::tr("%1 µs").arg(micros);
    if (micros < s)
        return Texts::tr("%1 ms").arg(
            QLocale().toString(static_cast<double>(micros) / ms, 'f', micros < 10 * ms ? 1 : 0));
    if (micros < minute)
        return Texts::tr("%1 s").arg(QLocale().toString(static_cast<double>(micros) / s, 'f',
                                                        micros % s == 0       ? 0
                                                            : micros < 10 * s ? 2
                                                                              : 1));
    if (micros < hour && micros % minute < s)
        return Texts::tr("%1 min").arg(micros / minute);
    if (micros < hour)
        return Texts::tr("%1 min %2 s").arg(micros / minute).arg(micros % minute / s);
    if (micros < day && micros % hour < minute)
        return Texts::tr("%1 h").arg(micros / hour);
    if (micros < day)
        return Texts::tr("%1 h %2 min").arg(micros / hour).arg(micros % hour / minute);
    if (micros % day < hour)
        return Texts::tr("%1 d").arg(micros / day);
    return Texts::tr("%1 d %2 h").arg(micros / day).arg(micros % day / hour);
}

} // namespace commander::ui
