// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest_page/rest_control.h"
#include "theme/theme.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace commander::ui {

class CodeBox;

/// Writes one request, sends it, and shows the answer.
class RequestDialog final : public QDialog {
    Q_OBJECT
public:
    RequestDialog(RestControl &control, Theme &theme, QWidget *parent = nullptr);

private:
    void send();
    void take(const RestAnswer &answer);
    void updateParts();

    RestControl &m_control;
    QComboBox *m_method;
    QLineEdit *m_path;
    QPlainTextEdit *m_body;
    QLabel *m_bodyLabel;
    QPushButton *m_send;
    QLabel *m_status;
    CodeBox *m_answer;
};

} // namespace commander::ui
