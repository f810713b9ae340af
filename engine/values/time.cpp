// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/time.h>

#include <charconv>
#include <chrono>

namespace commander {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t microsPerSecond = 1'000'000;
constexpr std::int64_t secondsPerDay = 86'400;
constexpr std::int64_t microsPerDay = secondsPerDay * microsPerSecond;

constexpr std::int64_t dayNumber(int year, unsigned month, unsigned day)
{
    return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day))
        .time_since_epoch()
        .count();
}
// What the four digits of a year can say, in UTC.
constexpr std::int64_t microsMin = dayNumber(0, 1, 1) * microsPerDay;
constexpr std::int64_t microsMax = (dayNumber(9999, 12, 31) + 1) * microsPerDay - 1;

/// Takes `count` digits from the front of `text`; -1 when they are not there.
int takeDigits(std::string_view &text, std::size_t count)
{
    if (text.size() < count)
        return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view &text, char a, char b)
{
    if (text.empty() || (text.front() != a && text.front() != b))
        return false;
    text.remove_prefix(1);
    return true;
}

/// Reads ".123456789" when there is a point; the digits beyond microseconds are dropped. -1 when malformed.
std::int64_t takeFraction(std::string_view &text)
{
    if (!take(text, '.', '.'))
        return 0;
    constexpr std::size_t digitsMax = 9;
    std::int64_t micros = 0;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
        if (digits < 6)
            micros = micros * 10 + (text.front() - '0');
    }
    if (digits == 0 || digits > digitsMax)
        return -1;
    for (std::size_t i = digits; i < 6; ++i)
        micros *= 10;
    return micros;
}

/// Seconds east of UTC; nothing when malformed.
bool takeOffset(std::string_view &text, std::int64_t &seconds)
{
    if (take(text, 'Z', 'z')) {
        seconds = 0;
        return true;
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-'))
        return false;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const int hours = takeDigits(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ':', ':'))
        return false;
    const int minutes = takeDigits(text, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool parseMicros(std::string_view text, std::int64_t &micros)
{
    const int year = takeDigits(text, 4);
    if (year < 0 || !take(text, '-', '-'))
        return false;
    const int month = takeDigits(text, 2);
    if (month < 1 || month > 12 || !take(text, '-', '-'))
        return false;
    const int day = takeDigits(text, 2);
    if (day < 1 || !take(text, 'T', 't'))
        return false;
    const year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok())
        return false;
    const int hour = takeDigits(text, 2);
    if (hour < 0 || hour > 23 || !take(text, ':', ':'))
        return false;
    const int minute = takeDigits(text, 2);
    if (minute < 0 || minute > 59 || !take(text, ':', ':'))
        return false;
    const int second = takeDigits(text, 2);
    if (second < 0 || second > 60)
        return false;
    const std::int64_t fraction = takeFraction(text);
    std::int64_t offset = 0;
    if (fraction < 0 || !takeOffset(text, offset) || !text.empty())
        return false;
    const std::int64_t seconds
        = sys_days(date).time_since_epoch().count() * secondsPerDay + hour * 3600 + minute * 60 + second - offset;
    // POSIX time has no leap second: 23:59:60 UTC is the first second of the next day. Nowhere else is 60 a second.
    if (second == 60 && seconds % secondsPerDay != 0)
        return false;
    micros = seconds * microsPerSecond + fraction;
    return micros >= microsMin && micros <= microsMax;
}

void putDigits(char *to, int count, std::int64_t value)
{
    for (int i = count - 1; i >= 0; --i, value /= 10)
        to[i] = static_cast<char>('0' + value % 10);
}

} // namespace

Result<Timestamp> Timestamp::parse(std::string_view text)
{
    std::int64_t micros = 0;
    if (parseMicros(text, micros))
        return Timestamp{micros};
    std::string shown;
    for (const char c : text.substr(0, 40))
        shown.push_back(c >= ' ' && c <= '~' ? c : '?');
    return fail(ErrorCode::InvalidTime, "not an RFC 3339 timestamp", '"' + shown + '"',
                "Write it like 2016-05-20T14:33:28.902Z, with Z or an offset.");
}

std::string Timestamp::text() const
{
    if (micros < microsMin || micros > microsMax) // four digits cannot hold the year: say it plainly
        return std::to_string(micros) + "us";
    const std::chrono::sys_time<microseconds> time{microseconds(micros)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const std::int64_t millis = std::chrono::duration_cast<microseconds>(time - day).count() / 1000;
    char out[] = "0000-00-00T00:00:00.000Z";
    putDigits(out, 4, static_cast<int>(date.year()));
    putDigits(out + 5, 2, static_cast<unsigned>(date.month()));
    putDigits(out + 8, 2, static_cast<unsigned>(date.day()));
    putDigits(out + 11, 2, millis / 3'600'000);
    putDigits(out + 14, 2, millis / 60'000 % 60);
    putDigits(out + 17, 2, millis / 1000 % 60);
    putDigits(out + 20, 3, millis % 1000);
    return out;
}

} // namespace commander
