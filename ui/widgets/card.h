// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QHBoxLayout>
#include <QVBoxLayout>

class QLabel;

namespace commander::ui {

/// A raised box with an optional heading. Put the contents into body(), small controls into corner().
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString &heading = {}, QWidget *parent = nullptr);
    [[nodiscard]] QVBoxLayout *body() { return m_body; }
    [[nodiscard]] QHBoxLayout *corner() { return m_corner; } ///< at the right of the heading
    void setHeading(const QString &heading);

private:
    QLabel *m_heading;
    QHBoxLayout *m_corner;
    QVBoxLayout *m_body;
};

} // namespace commander::ui
