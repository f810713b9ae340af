// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/moment_player.h"

#include "views/change_seeker.h"

#include <algorithm>

namespace commander::ui {

namespace {
using namespace std::chrono_literals;
constexpr auto beat = 700ms; // long enough to read what changed
} // namespace

MomentPlayer::MomentPlayer(EngineLink &link, Selection &selection, QObject *parent)
    : QObject(parent), m_link(link), m_selection(selection)
{
    m_beat.setSingleShot(true);
    m_beat.setInterval(beat);
    connect(&m_beat, &QTimer::timeout, this, [this] { step(1); });
}

void MomentPlayer::step(int direction)
{
    const auto head = std::max(m_link.progress().viewed, Position{1});
    const auto from = std::min(m_selection.moment().value_or(head), head);
    const auto document = m_selection.document();
    if (!document) {
        const bool possible = direction < 0 ? from.value > 1 : from < head;
        take(possible ? std::optional(Position{direction < 0 ? from.value - 1 : from.value + 1}) : std::nullopt);
        return;
    }
    m_link.ask<std::optional<Position>>(
        m_ask,
        [document = *document, direction, from, head](Engine &engine, std::stop_token) {
            return direction < 0 ? momentBefore(engine.views(), document, from)
                                 : changeAfter(engine.views(), document, from, head);
        },
        [this](Result<std::optional<Position>> answer) { take(std::move(answer)); });
}

void MomentPlayer::goToTime(Timestamp time)
{
    setPlaying(false);
    m_link.ask<std::optional<Position>>(
        m_ask,
        [time](Engine &engine, std::stop_token) -> Result<std::optional<Position>> {
            // Everything recorded up to and including that millisecond.
            const auto next = engine.records().positionAt({time.micros + 1000});
            if (!next)
                return fail(next.error());
            return std::optional(Position{std::max<std::uint64_t>(next->value, 2) - 1});
        },
        [this](Result<std::optional<Position>> answer) { take(std::move(answer)); });
}

void MomentPlayer::take(Result<std::optional<Position>> moment)
{
    if (!moment) {
        setPlaying(false);
        Q_EMIT failed(moment.error());
        return;
    }
    if (!*moment) {
        setPlaying(false);
        return;
    }
    m_selection.setMoment(**moment);
    if (m_playing)
        m_beat.start();
}

void MomentPlayer::setPlaying(bool playing)
{
    if (playing == m_playing)
        return;
    m_playing = playing;
    m_beat.stop();
    Q_EMIT playingChanged(playing);
    if (!playing)
        return;
    // From live there is nothing ahead: play the whole story.
    if (!m_selection.moment())
        m_selection.setMoment(Position{1});
    step(1);
}

} // namespace commander::ui
