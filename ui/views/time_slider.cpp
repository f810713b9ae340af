// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/time_slider.h"

#include "models/format.h"
#include "models/utc_zone.h"
#include "views/position_spin_box.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <algorithm>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>

namespace commander::ui {

int SliderScale::stepOf(Position position) const noexcept
{
    const auto inside = std::clamp<std::uint64_t>(position.value, 1, std::max<std::uint64_t>(head.value, 1));
    if (head.value <= stepsMax)
        return static_cast<int>(inside);
    const auto share = static_cast<long double>(inside - 1) / static_cast<long double>(head.value - 1);
    return 1 + static_cast<int>(share * static_cast<long double>(stepsMax - 1));
}

Position SliderScale::positionAt(int step) const noexcept
{
    const auto inside = static_cast<std::uint64_t>(std::clamp(step, 1, std::max(steps(), 1)));
    if (head.value <= stepsMax || inside == 1)
        return {inside};
    if (inside == stepsMax)
        return head;
    const auto share = static_cast<long double>(inside - 1) / static_cast<long double>(stepsMax - 1);
    return {1 + static_cast<std::uint64_t>(share * static_cast<long double>(head.value - 1))};
}

TimeSlider::TimeSlider(Theme &theme, QWidget *parent) : QFrame(parent)
{
    setProperty("card", true);
    setAccessibleName(tr("Moment that all views show"));
    build(theme);
    showMoment();
}

void TimeSlider::build(Theme &theme)
{
    m_back = new IconButton(theme, QStringLiteral("previous"), {});
    m_play = new IconButton(theme, QStringLiteral("play"), {});
    m_forward = new IconButton(theme, QStringLiteral("next"), {});
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setAccessibleName(tr("Position"));
    m_slider->setAccessibleDescription(
        tr("Left and right move by one position, Page up and Page down by a hundredth."));
    m_slider->setTracking(true);
    m_slider->setMinimumWidth(160);
    m_position = new PositionSpinBox(tr("Exact position"));
    m_of = makeLabel(LabelRole::Muted);
    m_time = new QDateTimeEdit;
    m_time->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    m_time->setTimeSpec(Qt::UTC);
    m_time->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_time->setKeyboardTracking(false);
    m_time->setAccessibleName(tr("Exact time, UTC"));
    m_time->setToolTip(tr("Exact time, UTC: shows everything recorded up to then"));
    m_live = new QPushButton;
    m_live->setIconSize({14, 14});

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(6);
    row->addWidget(m_back);
    row->addWidget(m_play);
    row->addWidget(m_forward);
    row->addSpacing(6);
    row->addWidget(m_slider, 1);
    row->addSpacing(6);
    row->addWidget(makeLabel(LabelRole::Muted, QStringLiteral("#")));
    row->addWidget(m_position);
    row->addWidget(m_of);
    row->addSpacing(6);
    row->addWidget(m_time);
    row->addWidget(makeLabel(LabelRole::Muted, tr("UTC")));
    row->addSpacing(6);
    row->addWidget(m_live);

    connect(m_back, &QToolButton::clicked, this, [this] { Q_EMIT stepWanted(-1); });
    connect(m_forward, &QToolButton::clicked, this, [this] { Q_EMIT stepWanted(1); });
    connect(m_play, &QToolButton::clicked, this, [this] { Q_EMIT playWanted(!m_playing); });
    connect(m_slider, &QSlider::valueChanged, this,
            [this](int step) { Q_EMIT momentWanted(SliderScale{m_head}.positionAt(step)); });
    connect(m_position, &PositionSpinBox::valueChosen, this,
            [this](Position position) { Q_EMIT momentWanted(position); });
    connect(m_time, &QDateTimeEdit::dateTimeChanged, this,
            [this](const QDateTime &time) { Q_EMIT timeWanted(Timestamp{time.toMSecsSinceEpoch() * 1000}); });
    connect(m_live, &QPushButton::clicked, this, [this] { Q_EMIT momentWanted(std::nullopt); });
    setStepsChanges(false);
    setPlaying(false);
}

Position TimeSlider::shown() const
{
    return std::min(m_moment.value_or(m_head), std::max(m_head, Position{1}));
}

void TimeSlider::setHead(Position head)
{
    if (head == m_head)
        return;
    m_head = head;
    showMoment();
}

void TimeSlider::setMoment(std::optional<Position> moment)
{
    m_moment = moment;
    showMoment();
}

void TimeSlider::showMoment()
{
    const SliderScale scale{m_head};
    const bool empty = m_head == Position{0};
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(1, std::max(1, scale.steps()));
    m_slider->setSingleStep(1);
    m_slider->setPageStep(std::max(1, scale.steps() / 100));
    m_slider->setValue(scale.stepOf(shown()));
    m_position->setMaximum(m_head);
    m_position->setValue(shown());
    m_of->setText(tr("of %1").arg(formatCount(m_head.value)));
    const bool live = !m_moment;
    m_live->setText(live ? tr("Live") : tr("Back to live"));
    m_live->setAccessibleName(live ? tr("Live: showing the newest state") : tr("Back to live"));
    m_live->setEnabled(!live);
    m_live->setProperty("primary", !live);
    m_live->setMinimumWidth(
        std::max(m_live->minimumWidth(), m_live->fontMetrics().horizontalAdvance(tr("Back to live")) + 44));
    m_live->style()->unpolish(m_live);
    m_live->style()->polish(m_live);
    for (QWidget *each :
         {static_cast<QWidget *>(m_slider), static_cast<QWidget *>(m_position), static_cast<QWidget *>(m_time),
          static_cast<QWidget *>(m_back), static_cast<QWidget *>(m_forward), static_cast<QWidget *>(m_play)})
        each->setEnabled(!empty);
}

void TimeSlider::setTime(std::optional<Timestamp> time)
{
    const QSignalBlocker quiet(m_time);
    if (time && !m_time->hasFocus())
        m_time->setDateTime(QDateTime::fromMSecsSinceEpoch(time->micros / 1000, utcZone));
}

void TimeSlider::setPlaying(bool playing)
{
    m_playing = playing;
    m_play->setIconName(playing ? QStringLiteral("pause") : QStringLiteral("play"));
    m_play->setName(playing ? tr("Pause") : tr("Play: one change after the other"));
}

void TimeSlider::setStepsChanges(bool changes)
{
    m_back->setName(changes ? tr("Previous change of this document") : tr("Previous position"));
    m_forward->setName(changes ? tr("Next change of this document") : tr("Next position"));
}

} // namespace commander::ui
