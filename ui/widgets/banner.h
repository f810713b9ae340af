// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace commander::ui {

class IconLabel;

/// A strip across the page that cannot be overlooked: an icon, one sentence, and at most one thing to do about it.
class Banner final : public QFrame {
    Q_OBJECT
public:
    enum class Weight {
        Loud, ///< the whole strip in the tone: a mode that one must not forget
        Quiet ///< a tint of the tone
    };
    Banner(Theme &theme, Theme::Tone tone, Weight weight, const QString &icon, QWidget *parent = nullptr);
    void setText(const QString &text);
    /// An empty label hides the button.
    void setAction(const QString &label);

Q_SIGNALS:
    void acted();

private:
    void restyle();

    Theme &m_theme;
    Theme::Tone m_tone;
    Weight m_weight;
    IconLabel *m_icon;
    QLabel *m_text;
    QPushButton *m_action;
};

} // namespace commander::ui
