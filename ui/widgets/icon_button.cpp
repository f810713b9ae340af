// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/icon_button.h"

#include <QClipboard>
#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int iconPixels = 16;
constexpr int saidCopiedMs = 1200;
} // namespace

IconButton::IconButton(Theme &theme, const QString &icon, const QString &name, QWidget *parent)
    : QToolButton(parent), m_theme(theme), m_icon(icon)
{
    setIconSize({iconPixels, iconPixels});
    setFocusPolicy(Qt::TabFocus);
    setName(name);
    connect(&theme, &Theme::changed, this, &IconButton::redraw);
    redraw();
}

void IconButton::setIconName(const QString &icon)
{
    m_icon = icon;
    redraw();
}

void IconButton::setName(const QString &name)
{
    setToolTip(name);
    setAccessibleName(name);
}

void IconButton::setTone(Theme::Tone tone)
{
    m_tone = tone;
    redraw();
}

void IconButton::redraw()
{
    setIcon(m_theme.icon(m_icon, m_theme.color(m_tone)));
}

CopyButton::CopyButton(Theme &theme, const QString &name, std::function<QString()> text, QWidget *parent)
    : IconButton(theme, u"copy"_s, name, parent), m_text(std::move(text))
{
    m_back.setSingleShot(true);
    m_back.setInterval(saidCopiedMs);
    connect(&m_back, &QTimer::timeout, this, [this] {
        setIconName(u"copy"_s);
        setTone(Theme::Tone::TextMuted);
    });
    connect(this, &QToolButton::clicked, this, [this] {
        const QString value = m_text();
        QGuiApplication::clipboard()->setText(value);
        setIconName(u"check"_s);
        setTone(Theme::Tone::Succeeded);
        m_back.start();
        Q_EMIT copied(value);
    });
}

} // namespace commander::ui
