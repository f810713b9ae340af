// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace commander::ui {

class IconLabel;

/// What a page shows when it has nothing to show: why, and what to do about it.
class EmptyState final : public QWidget {
    Q_OBJECT
public:
    EmptyState(Theme &theme, const QString &icon, QWidget *parent = nullptr);
    void setTexts(const QString &title, const QString &body);
    /// An empty label hides the button.
    void setAction(const QString &label);

Q_SIGNALS:
    void acted();

private:
    IconLabel *m_icon;
    QLabel *m_title;
    QLabel *m_body;
    QPushButton *m_action;
};

} // namespace commander::ui
