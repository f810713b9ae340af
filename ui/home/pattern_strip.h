// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QWidget>
#include <vector>

namespace commander::ui {

/// The pattern in one picture: how a command travels, with what has passed each station so far.
class PatternStrip final : public QWidget {
    Q_OBJECT
public:
    explicit PatternStrip(Theme &theme, QWidget *parent = nullptr);
    /// Counts under the stations: commands, events, documents; and the newest position.
    void setCounts(std::uint64_t commands, std::uint64_t position, std::uint64_t events, std::uint64_t documents);
    [[nodiscard]] QSize sizeHint() const override { return {900, 104}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {600, 104}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Station {
        QString icon;
        QString name;
        QString does;
        QString count;
        Theme::Tone tone;
    };
    Theme &m_theme;
    std::vector<Station> m_stations;
};

} // namespace commander::ui
