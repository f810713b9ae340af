// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QFrame>

class QPlainTextEdit;

namespace commander::ui {

class CopyButton;

/// A few lines of code in a box, to read, select and copy.
class CodeBox final : public QFrame {
    Q_OBJECT
public:
    /// `name` says what the code is, e.g. "curl line that transfers money".
    CodeBox(Theme &theme, const QString &name, QWidget *parent = nullptr);
    void setCode(const QString &code);
    /// More lines than these are scrolled; 0 = show all.
    void setLinesMax(int lines);
    [[nodiscard]] QString code() const { return m_code; }

Q_SIGNALS:
    void copied();

private:
    void fitHeight();

    QString m_code;
    int m_linesMax = 0;
    QPlainTextEdit *m_text;
    CopyButton *m_copy;
};

} // namespace commander::ui
