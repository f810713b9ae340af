// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/banner.h"

#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

Banner::Banner(Theme &theme, Theme::Tone tone, Weight weight, const QString &icon, QWidget *parent)
    : QFrame(parent), m_theme(theme), m_tone(tone), m_weight(weight), m_icon(new IconLabel(theme, icon, 18)),
      m_text(makeLabel(LabelRole::Body)), m_action(new QPushButton)
{
    setObjectName(u"banner"_s);
    m_text->setWordWrap(true);
    m_icon->setTone(weight == Weight::Loud ? Theme::Tone::Surface : tone);
    m_action->hide();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 7, 16, 7);
    row->setSpacing(10);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    connect(m_action, &QPushButton::clicked, this, &Banner::acted);
    connect(&theme, &Theme::changed, this, &Banner::restyle);
    restyle();
}

void Banner::setText(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(text);
}

void Banner::setAction(const QString &label)
{
    m_action->setText(label);
    m_action->setAccessibleName(label);
    m_action->setVisible(!label.isEmpty());
}

void Banner::restyle()
{
    const QColor tone = m_theme.color(m_tone);
    const QColor surface = m_theme.color(Theme::Tone::Surface);
    if (m_weight == Weight::Loud) {
        setStyleSheet(u"#banner { background: %1; border: 0; } #banner QLabel { color: %2; font-weight: 600; }"
                      "#banner QPushButton { background: %2; color: %3; border-color: %2; font-weight: 600; }"
                      "#banner QPushButton:focus { border: 2px solid %3; }"_s.arg(
                          tone.name(), surface.name(), m_theme.color(Theme::Tone::Text).name()));
    } else {
        setStyleSheet(u"#banner { background: %1; border: 0; border-bottom: 1px solid %2; }"_s.arg(
            m_theme.tint(tone, 0.12).name(), m_theme.tint(tone, 0.4).name()));
    }
}

} // namespace commander::ui
