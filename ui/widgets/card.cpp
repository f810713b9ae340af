// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card.h"

#include "widgets/labels.h"

namespace commander::ui {

Card::Card(const QString &heading, QWidget *parent)
    : QFrame(parent), m_heading(makeLabel(LabelRole::Heading)), m_corner(new QHBoxLayout), m_body(new QVBoxLayout)
{
    setProperty("card", true);
    auto *head = new QHBoxLayout;
    head->addWidget(m_heading);
    head->addStretch(1);
    head->addLayout(m_corner);
    m_corner->setSpacing(4);
    m_body->setSpacing(10);

    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(16, 12, 16, 14);
    all->setSpacing(10);
    all->addLayout(head);
    all->addLayout(m_body, 1);
    setHeading(heading);
}

void Card::setHeading(const QString &heading)
{
    m_heading->setText(heading);
    m_heading->setVisible(!heading.isEmpty());
    setAccessibleName(heading);
}

} // namespace commander::ui
