// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/time.h>

#include <QDialog>
#include <variant>

class QLabel;
class QLineEdit;
class QPushButton;

namespace commander::ui {

/// Asks where to go: a position, a record's id, or a time.
class GotoDialog final : public QDialog {
    Q_OBJECT
public:
    using Target = std::variant<std::monostate, Position, Uuid, Timestamp>;
    explicit GotoDialog(QWidget *parent = nullptr);
    [[nodiscard]] Target target() const { return m_target; }

    /// "18,442", an id, "2016-05-20T14:33:28Z", or "14:33" today (local). Nothing when it is none of them.
    [[nodiscard]] static Target read(const QString &text);

private:
    void check();

    QLineEdit *m_edit;
    QLabel *m_hint;
    QPushButton *m_go;
    Target m_target;
};

} // namespace commander::ui
