// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/time_range_panel.h"

#include "models/format.h"
#include "models/utc_zone.h"
#include "widgets/labels.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QGridLayout>
#include <QPushButton>

namespace commander::ui {

namespace {
constexpr std::int64_t microsPerSecond = 1'000'000;
} // namespace

std::optional<Timestamp> TimeRangePanel::Bound::value() const
{
    if (!used->isChecked())
        return std::nullopt;
    return Timestamp{time->dateTime().toMSecsSinceEpoch() * 1000};
}

void TimeRangePanel::Bound::set(std::optional<Timestamp> value, bool utc) const
{
    used->setChecked(value.has_value());
    time->setEnabled(value.has_value());
    time->setTimeSpec(utc ? Qt::UTC : Qt::LocalTime);
    const QDateTime shown = QDateTime::fromMSecsSinceEpoch(value.value_or(currentTime()).micros / 1000, utcZone);
    time->setDateTime(utc ? shown : shown.toLocalTime());
}

TimeRangePanel::TimeRangePanel(QWidget *parent) : QWidget(parent)
{
    m_from = makeBound(tr("From"));
    m_to = makeBound(tr("Before"));
    auto *apply = new QPushButton(tr("Apply"));
    apply->setProperty("primary", true);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(10, 8, 10, 8);
    grid->setSpacing(8);
    grid->addWidget(m_from.used, 0, 0);
    grid->addWidget(m_from.time, 0, 1, 1, 2);
    grid->addWidget(m_to.used, 1, 0);
    grid->addWidget(m_to.time, 1, 1, 1, 2);
    grid->addWidget(apply, 2, 2);
    grid->addWidget(makeLine(), 3, 0, 1, 3);
    const std::pair<QString, std::int64_t> quick[]
        = {{tr("Last 5 minutes"), 300}, {tr("Last hour"), 3600}, {tr("Last 24 hours"), 86'400}};
    int column = 0;
    for (const auto &[label, seconds] : quick) {
        auto *button = new QPushButton(label);
        connect(button, &QPushButton::clicked, this, [this, s = seconds] { applyLast(s); });
        grid->addWidget(button, 4, column++);
    }
    connect(apply, &QPushButton::clicked, this, [this] { Q_EMIT applied(m_from.value(), m_to.value()); });
}

void TimeRangePanel::show(std::optional<Timestamp> from, std::optional<Timestamp> to, bool utc)
{
    m_from.set(from, utc);
    m_to.set(to, utc);
}

TimeRangePanel::Bound TimeRangePanel::makeBound(const QString &label)
{
    Bound bound{new QCheckBox(label), new QDateTimeEdit};
    bound.time->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    bound.time->setAccessibleName(label);
    connect(bound.used, &QCheckBox::toggled, bound.time, &QWidget::setEnabled);
    return bound;
}

void TimeRangePanel::applyLast(std::int64_t seconds)
{
    Q_EMIT applied(Timestamp{currentTime().micros - seconds * microsPerSecond}, std::nullopt);
}

} // namespace commander::ui
