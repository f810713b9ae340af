// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/version_text.h"

#include "models/format.h"

#include <algorithm>
#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::VersionText)
};

QString stateWord(ViewVersionState state)
{
    switch (state) {
    case ViewVersionState::Building:
        return Texts::tr("Building");
    case ViewVersionState::Ready:
        return Texts::tr("Ready");
    case ViewVersionState::Serving:
        return Texts::tr("Serving");
    case ViewVersionState::Kept:
        return Texts::tr("Kept to go back to");
    case ViewVersionState::Waiting:
        return Texts::tr("Waiting for its fold");
    case ViewVersionState::Stopped:
        return Texts::tr("Stopped");
    case ViewVersionState::Paused:
        return Texts::tr("Paused");
    }
    return {};
}
} // namespace

QString stateText(const ViewVersionStatus &version)
{
    const QString word = stateWord(version.state);
    return version.decides ? Texts::tr("%1, decides", "a state of a version").arg(word) : word;
}

QString positionText(const ViewVersionStatus &version)
{
    const QString position = formatCount(version.position.value);
    if (version.state != ViewVersionState::Building || version.head.value == 0)
        return position;
    const auto share = std::min<std::uint64_t>(100, version.position.value * 100 / version.head.value);
    return Texts::tr("%1 of %2 (%3 %)").arg(position, formatCount(version.head.value)).arg(share);
}

QString speedText(const ViewVersionStatus &version)
{
    if (version.state != ViewVersionState::Building)
        return {};
    const QString rate = Texts::tr("%1 records a second").arg(formatRate(version.recordsPerSecond));
    if (!version.remaining)
        return rate;
    const auto seconds = (version.remaining->count() + 999) / 1000;
    const QString left = seconds < 60 ? Texts::tr("%1 s left").arg(seconds)
                                      : Texts::tr("%1 min %2 s left").arg(seconds / 60).arg(seconds % 60);
    return u"%1, %2"_s.arg(rate, left);
}

QString stateIcon(ViewVersionState state)
{
    switch (state) {
    case ViewVersionState::Building:
    case ViewVersionState::Waiting:
    case ViewVersionState::Paused:
        return u"clock"_s;
    case ViewVersionState::Ready:
        return u"check"_s;
    case ViewVersionState::Serving:
        return u"play"_s;
    case ViewVersionState::Kept:
        return u"history"_s;
    case ViewVersionState::Stopped:
        return u"failed"_s;
    }
    return {};
}

Theme::Tone stateTone(ViewVersionState state)
{
    switch (state) {
    case ViewVersionState::Building:
    case ViewVersionState::Waiting:
    case ViewVersionState::Paused:
        return Theme::Tone::Pending;
    case ViewVersionState::Ready:
    case ViewVersionState::Serving:
        return Theme::Tone::Succeeded;
    case ViewVersionState::Kept:
        return Theme::Tone::TextMuted;
    case ViewVersionState::Stopped:
        return Theme::Tone::Failed;
    }
    return Theme::Tone::Text;
}

QString rowKindText(VersionRow::Kind kind)
{
    switch (kind) {
    case VersionRow::Kind::Added:
        return Texts::tr("added");
    case VersionRow::Kind::Removed:
        return Texts::tr("removed");
    case VersionRow::Kind::Changed:
        return Texts::tr("changed");
    }
    return {};
}

Theme::Tone rowTone(VersionRow::Kind kind)
{
    switch (kind) {
    case VersionRow::Kind::Added:
        return Theme::Tone::Added;
    case VersionRow::Kind::Removed:
        return Theme::Tone::Removed;
    case VersionRow::Kind::Changed:
        return Theme::Tone::Change;
    }
    return Theme::Tone::Change;
}

} // namespace commander::ui
