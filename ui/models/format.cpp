// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/format.h"
#include "models/utc_zone.h"

#include <cmath>
#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::Format)
};

constexpr std::int64_t microsPerSecond = 1'000'000;

QDateTime dateTime(Timestamp time, TimeStyle style)
{
    // Rounded down, so that a record never seems to be from the next millisecond.
    const std::int64_t millis = time.micros >= 0 ? time.micros / 1000 : -((-time.micros + 999) / 1000);
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(millis, utcZone);
    return style == TimeStyle::Utc ? utc : utc.toLocalTime();
}

QString relative(Timestamp time, Timestamp now)
{
    const std::int64_t seconds = (now.micros - time.micros) / microsPerSecond;
    if (seconds < 0)
        return Texts::tr("in the future");
    if (seconds < 2)
        return Texts::tr("just now");
    if (seconds < 60)
        return Texts::tr("%1 s ago").arg(seconds);
    if (seconds < 3600)
        return Texts::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 86'400)
        return Texts::tr("%1 h ago").arg(seconds / 3600);
    return Texts::tr("%1 d ago").arg(QLocale().toString(qlonglong(seconds / 86'400)));
}

} // namespace

QString toText(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

std::string toUtf8(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.constData(), std::size_t(bytes.size())};
}

QString formatCount(std::uint64_t count)
{
    return QLocale().toString(qulonglong(count));
}

QString formatBytes(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(qint64(bytes), bytes < 1024 ? 0 : 1, QLocale::DataSizeTraditionalFormat);
}

QString formatRate(double perSecond)
{
    const QLocale locale;
    if (perSecond >= 10.0)
        return locale.toString(qlonglong(std::llround(perSecond)));
    if (perSecond < 0.05)
        return locale.toString(0);
    return locale.toString(perSecond, 'f', 1);
}

Timestamp currentTime()
{
    return {QDateTime::currentMSecsSinceEpoch() * 1000};
}

QString formatTime(Timestamp time, TimeStyle style, Timestamp now)
{
    if (style == TimeStyle::Relative)
        return relative(time, now);
    const QDateTime when = dateTime(time, style);
    if (when.date() == dateTime(now, style).date())
        return when.toString(u"HH:mm:ss.zzz");
    return when.toString(u"yyyy-MM-dd HH:mm:ss");
}

QString formatTimeLong(Timestamp time, TimeStyle style, Timestamp now)
{
    const TimeStyle absolute = style == TimeStyle::Relative ? TimeStyle::Local : style;
    const QString text
        = dateTime(time, absolute).toString(u"yyyy-MM-dd HH:mm:ss.zzz") + u' ' + zoneName(absolute, time);
    return style == TimeStyle::Relative ? u"%1 (%2)"_s.arg(relative(time, now), text) : text;
}

QString zoneName(TimeStyle style, Timestamp when)
{
    switch (style) {
    case TimeStyle::Utc:
        return u"UTC"_s;
    case TimeStyle::Local:
        return dateTime(when, TimeStyle::Local).timeZoneAbbreviation();
    case TimeStyle::Relative:
        break;
    }
    return {};
}

QString shortId(const Uuid &id)
{
    if (id.isNull())
        return {};
    return u'…' + toText(id.text()).right(8);
}

QString previewText(std::string_view json, int charactersMax)
{
    // A character takes at most four bytes; cutting inside one only replaces the last.
    const bool cut = json.size() > std::size_t(charactersMax) * 4;
    QString text = toText(json.substr(0, std::size_t(charactersMax) * 4)).simplified();
    if (text.size() > charactersMax || cut) {
        text.truncate(charactersMax);
        text += u'…';
    }
    return text;
}

QString shellQuoted(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\'', u"'\\''"_s);
    return u'\'' + escaped + u'\'';
}

} // namespace commander::ui
