// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_meter.h"
#include "theme/theme.h"

#include <array>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace commander::ui {

class Card;
class IconLabel;
class Sparkline;

/// The state of the engine in four cards: growth, commands, outcomes, and whether everything keeps up.
class MetricCards final : public QWidget {
    Q_OBJECT
public:
    MetricCards(EngineMeter &meter, Theme &theme, QWidget *parent = nullptr);

private:
    struct Line {
        IconLabel *icon;
        QLabel *value;
    };
    struct Trend {
        QLabel *value;
        QLabel *note;
        Sparkline *curve;
    };
    [[nodiscard]] Trend addTrend(const QString &heading, Theme::Tone tone);
    [[nodiscard]] Card *addCard(const QString &heading);
    [[nodiscard]] Line addLine(QGridLayout &grid, const QString &icon, Theme::Tone tone, const QString &label);
    void refresh();

    EngineMeter &m_meter;
    Theme &m_theme;
    Trend m_records;
    Trend m_commands;
    std::array<Line, 3> m_outcomes; ///< succeeded, rejected, failed
    std::array<Line, 3> m_lags;     ///< processor, index, views
    QLabel *m_commits;
};

} // namespace commander::ui
