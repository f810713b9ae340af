// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QWidget>

namespace commander::test {

/// Class and object names of the controls below `root` that assistive technology could not name.
inline QStringList controlsWithoutName(const QWidget &root)
{
    QStringList nameless;
    for (const auto *widget : root.findChildren<QWidget *>()) {
        // Parts that Qt makes inside its own controls, and what is put away until it has a text.
        if (widget->objectName().startsWith(QLatin1String("qt_")) || widget->isHidden())
            continue;
        const bool inside = qobject_cast<const QAbstractSpinBox *>(widget->parentWidget())
            || qobject_cast<const QLineEdit *>(widget->parentWidget())
            || qobject_cast<const QAbstractItemView *>(widget->parentWidget());
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool control = button || qobject_cast<const QAbstractItemView *>(widget)
            || qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget)
            || qobject_cast<const QComboBox *>(widget)
            || (qobject_cast<const QAbstractSlider *>(widget) && widget->focusPolicy() != Qt::NoFocus);
        // Qt takes a button's text for its name.
        if (!control || inside || !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()))
            continue;
        const auto *parent = widget->parentWidget();
        nameless << QStringLiteral("%1 %2 (in %3 %4, %5)")
                        .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                             QLatin1String(parent ? parent->metaObject()->className() : "nothing"),
                             parent ? parent->accessibleName() : QString(), widget->toolTip());
    }
    return nameless;
}

} // namespace commander::test
