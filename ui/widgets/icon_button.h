// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <functional>
#include <QTimer>
#include <QToolButton>

namespace commander::ui {

/// A small tool button with one of our icons, a tool tip and an accessible name. Follows the theme.
class IconButton : public QToolButton {
    Q_OBJECT
public:
    /// `name` is read by assistive technology and shown as the tool tip.
    IconButton(Theme &theme, const QString &icon, const QString &name, QWidget *parent = nullptr);
    void setIconName(const QString &icon);
    void setName(const QString &name);
    void setTone(Theme::Tone tone);

private:
    void redraw();

    Theme &m_theme;
    QString m_icon;
    Theme::Tone m_tone = Theme::Tone::TextMuted;
};

/// Copies what `text` gives when pressed, and says for a moment that it did.
class CopyButton final : public IconButton {
    Q_OBJECT
public:
    CopyButton(Theme &theme, const QString &name, std::function<QString()> text, QWidget *parent = nullptr);

Q_SIGNALS:
    void copied(const QString &text);

private:
    std::function<QString()> m_text;
    QTimer m_back;
};

} // namespace commander::ui
