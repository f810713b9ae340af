// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "home/bank_day_player.h"
#include "theme/theme.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace commander::ui {

class SegmentedControl;

/// "Play a day at the bank": starts it, shows how far it is, stops it.
class PlayCard final : public QWidget {
    Q_OBJECT
public:
    PlayCard(EngineLink &link, QWidget *parent = nullptr);
    void setReadOnly(bool readOnly);
    [[nodiscard]] BankDayPlayer &player() { return m_player; }

private:
    void toggle();
    void refresh();

    EngineLink &m_link;
    BankDayPlayer m_player;
    SegmentedControl *m_size;
    QPushButton *m_button;
    QProgressBar *m_bar;
    QLabel *m_state;
    bool m_readOnly = false;
};

} // namespace commander::ui
