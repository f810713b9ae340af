// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QWidget>
#include <vector>

namespace commander::ui {

/// The last values of one number as a small filled line, newest at the right, scaled from zero to its own maximum.
class Sparkline final : public QWidget {
    Q_OBJECT
public:
    Sparkline(Theme &theme, Theme::Tone tone, std::size_t capacity, QWidget *parent = nullptr);
    void push(double value);
    [[nodiscard]] double maximum() const;
    [[nodiscard]] QSize sizeHint() const override { return {120, 36}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    Theme::Tone m_tone;
    std::size_t m_capacity;
    std::vector<double> m_values; ///< oldest first
};

} // namespace commander::ui
