// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/record.h>

#include <QFrame>

class QLabel;

namespace commander::ui {

class CodeBox;
class IconLabel;

/// What became of a command: its status in a word, and the domain's or the engine's reason.
class OutcomeBox final : public QFrame {
    Q_OBJECT
public:
    explicit OutcomeBox(Theme &theme, QWidget *parent = nullptr);
    void setOutcome(const CommandOutcome &outcome);

private:
    void restyle();

    Theme &m_theme;
    CommandStatus m_status = CommandStatus::Accepted;
    IconLabel *m_icon;
    QLabel *m_title;
    QLabel *m_detail;
    QLabel *m_codeTitle;
    CodeBox *m_code; ///< where it failed, or the reason's details
};

} // namespace commander::ui
