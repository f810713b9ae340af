// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QWidget>

class QHBoxLayout;

namespace commander::ui {

/// A few choices side by side, exactly one of them taken. Arrow keys move between them.
class SegmentedControl final : public QWidget {
    Q_OBJECT
public:
    /// `name` is what assistive technology says of the whole.
    SegmentedControl(const QString &name, const QStringList &choices, QWidget *parent = nullptr);
    [[nodiscard]] int current() const;
    void setCurrent(int index);

Q_SIGNALS:
    void chosen(int index); ///< by the user or by setCurrent()

private:
    QButtonGroup m_group;
};

} // namespace commander::ui
