// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QLabel>

class QFrame;

namespace commander::ui {

/// Text styles that the style sheet knows.
enum class LabelRole { Body, Muted, Small, Caption, Heading, Title, Value };

[[nodiscard]] QLabel *makeLabel(LabelRole role, const QString &text = {}, QWidget *parent = nullptr);
/// A line across, in the border colour.
[[nodiscard]] QFrame *makeLine(QWidget *parent = nullptr);

/// An icon in the flow of a layout that follows the theme. Decoration: hidden from assistive technology unless named.
class IconLabel final : public QLabel {
    Q_OBJECT
public:
    IconLabel(Theme &theme, const QString &icon, int size, QWidget *parent = nullptr);
    /// An empty name shows nothing.
    void setIcon(const QString &icon);
    /// One of the theme's tones; Text when never set.
    void setTone(Theme::Tone tone);

private:
    void redraw();

    Theme &m_theme;
    QString m_icon;
    Theme::Tone m_tone = Theme::Tone::Text;
    int m_size;
};

} // namespace commander::ui
