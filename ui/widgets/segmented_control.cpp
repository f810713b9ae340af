// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

SegmentedControl::SegmentedControl(const QString &name, const QStringList &choices, QWidget *parent) : QWidget(parent)
{
    setAccessibleName(name);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (int i = 0; i < choices.size(); ++i) {
        auto *button = new QToolButton;
        button->setText(choices[i]);
        button->setCheckable(true);
        button->setAccessibleName(u"%1: %2"_s.arg(name, choices[i]));
        button->setProperty("segment", true);
        button->setProperty("end", i == 0 ? u"first"_s : i + 1 == choices.size() ? u"last"_s : u"middle"_s);
        m_group.addButton(button, i);
        row->addWidget(button);
    }
    if (auto *first = m_group.button(0))
        first->setChecked(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&m_group, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked)
            Q_EMIT chosen(id);
    });
}

int SegmentedControl::current() const
{
    return m_group.checkedId();
}

void SegmentedControl::setCurrent(int index)
{
    if (auto *button = m_group.button(index))
        button->setChecked(true);
}

} // namespace commander::ui
