// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty_state.h"

#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace commander::ui {

namespace {
constexpr int iconSize = 44;
constexpr int bodyWidthMax = 460;
} // namespace

EmptyState::EmptyState(Theme &theme, const QString &icon, QWidget *parent)
    : QWidget(parent), m_icon(new IconLabel(theme, icon, iconSize)), m_title(makeLabel(LabelRole::Heading)),
      m_body(makeLabel(LabelRole::Muted)), m_action(new QPushButton)
{
    m_icon->setTone(Theme::Tone::TextMuted);
    m_title->setAlignment(Qt::AlignCenter);
    m_body->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_body->setWordWrap(true);
    m_body->setMaximumWidth(bodyWidthMax);
    m_body->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    m_action->hide();

    // Between stretches, not aligned: an aligned label would not tell its height for the width it gets.
    auto *bodyRow = new QHBoxLayout;
    bodyRow->addStretch(1);
    bodyRow->addWidget(m_body, 1000);
    bodyRow->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(10);
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addLayout(bodyRow);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &EmptyState::acted);
}

void EmptyState::setTexts(const QString &title, const QString &body)
{
    m_title->setText(title);
    m_body->setText(body);
}

void EmptyState::setAction(const QString &label)
{
    m_action->setText(label);
    m_action->setAccessibleName(label);
    m_action->setVisible(!label.isEmpty());
}

} // namespace commander::ui
