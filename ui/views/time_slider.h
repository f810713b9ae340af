// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/ids.h>
#include <commander/time.h>

#include <optional>
#include <QFrame>

class QDateTimeEdit;
class QLabel;
class QPushButton;
class QSlider;

namespace commander::ui {

class IconButton;
class PositionSpinBox;

/// Maps positions to a slider's integers: one to one as long as they fit, else in equal parts. The ends are always
/// exact.
struct SliderScale {
    Position head{1};
    static constexpr std::uint64_t stepsMax = 1'000'000'000;

    [[nodiscard]] int steps() const noexcept { return static_cast<int>(head.value < stepsMax ? head.value : stepsMax); }
    [[nodiscard]] int stepOf(Position position) const noexcept;
    [[nodiscard]] Position positionAt(int step) const noexcept;
};

/// Chooses the moment that all views show: a slider over every position, exact entry of a position or a time, steps
/// from change to change, play, and the way back to live. It wishes; the page grants. GUI thread only.
class TimeSlider final : public QFrame {
    Q_OBJECT
public:
    explicit TimeSlider(Theme &theme, QWidget *parent = nullptr);

    void setHead(Position head);
    void setMoment(std::optional<Position> moment); ///< none = live
    void setTime(std::optional<Timestamp> time);    ///< when the shown position was recorded
    void setPlaying(bool playing);
    /// A document is shown, so steps go from change to change; else from position to position.
    void setStepsChanges(bool changes);

    [[nodiscard]] Position shown() const; ///< the moment, or the head when live

Q_SIGNALS:
    void momentWanted(const std::optional<commander::Position> &moment);
    void timeWanted(const commander::Timestamp &time);
    void stepWanted(int direction);
    void playWanted(bool play);

private:
    void build(Theme &theme);
    void showMoment();

    IconButton *m_back = nullptr;
    IconButton *m_play = nullptr;
    IconButton *m_forward = nullptr;
    QSlider *m_slider = nullptr;
    PositionSpinBox *m_position = nullptr;
    QLabel *m_of = nullptr;
    QDateTimeEdit *m_time = nullptr;
    QPushButton *m_live = nullptr;

    Position m_head{1};
    std::optional<Position> m_moment;
    bool m_playing = false;
};

} // namespace commander::ui
