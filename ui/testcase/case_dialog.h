// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "testcase/case_builder.h"
#include "theme/theme.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace commander::ui {

/// Shows the test that a recorded command makes, lets it be named, and saves it.
class CaseDialog final : public QDialog {
    Q_OBJECT
public:
    CaseDialog(EngineLink &link, Theme &theme, const Record &command, QWidget *parent = nullptr);
    [[nodiscard]] const TestCaseDraft &draft() const { return m_draft; }
    /// Writes the file whole or not at all; what went wrong otherwise.
    [[nodiscard]] QString saveTo(const QString &path) const;

private:
    void build();
    void take(const Result<TestCaseDraft> &draft);
    void askWhere();

    EngineLink &m_link;
    const Uuid m_command;
    TestCaseDraft m_draft;
    Ask m_ask;
    QTimer m_typing;
    QLineEdit *m_name;
    QLabel *m_note;
    QLabel *m_problem;
    QPlainTextEdit *m_text;
    QPushButton *m_copy;
    QPushButton *m_save;
};

} // namespace commander::ui
