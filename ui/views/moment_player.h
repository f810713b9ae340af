// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"

#include <QTimer>

namespace commander::ui {

/// Moves the selection's moment: a step from change to change, one change after the other while playing, to a time. GUI
/// thread only.
class MomentPlayer final : public QObject {
    Q_OBJECT
public:
    MomentPlayer(EngineLink &link, Selection &selection, QObject *parent = nullptr);

    void step(int direction);
    void goToTime(Timestamp time);
    void setPlaying(bool playing);
    [[nodiscard]] bool isPlaying() const { return m_playing; }

Q_SIGNALS:
    void playingChanged(bool playing);
    void failed(const commander::Error &error);

private:
    void take(Result<std::optional<Position>> moment);

    // Constant after construction
    EngineLink &m_link;
    Selection &m_selection;

    // GUI thread only
    bool m_playing = false;
    QTimer m_beat;
    Ask m_ask;
};

} // namespace commander::ui
