// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labels.h"

#include <QFrame>

namespace commander::ui {

namespace {

const char *roleName(LabelRole role)
{
    switch (role) {
    case LabelRole::Body:
        return "body";
    case LabelRole::Muted:
        return "muted";
    case LabelRole::Small:
        return "small";
    case LabelRole::Caption:
        return "caption";
    case LabelRole::Heading:
        return "heading";
    case LabelRole::Title:
        return "title";
    case LabelRole::Value:
        return "value";
    }
    return "body";
}

} // namespace

QLabel *makeLabel(LabelRole role, const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setProperty("role", QLatin1String(roleName(role)));
    label->setTextFormat(Qt::PlainText);
    return label;
}

QFrame *makeLine(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("line", true);
    line->setFixedHeight(1);
    return line;
}

IconLabel::IconLabel(Theme &theme, const QString &icon, int size, QWidget *parent)
    : QLabel(parent), m_theme(theme), m_icon(icon), m_size(size)
{
    setFixedSize(size, size);
    connect(&theme, &Theme::changed, this, &IconLabel::redraw);
    redraw();
}

void IconLabel::setIcon(const QString &icon)
{
    if (icon == m_icon)
        return;
    m_icon = icon;
    redraw();
}

void IconLabel::setTone(Theme::Tone tone)
{
    if (tone == m_tone)
        return;
    m_tone = tone;
    redraw();
}

void IconLabel::redraw()
{
    if (m_icon.isEmpty())
        clear();
    else
        setPixmap(m_theme.icon(m_icon, m_theme.color(m_tone)).pixmap(QSize(m_size, m_size), devicePixelRatioF()));
}

} // namespace commander::ui
