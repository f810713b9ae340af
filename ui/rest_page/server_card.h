// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest_page/rest_control.h"
#include "theme/theme.h"
#include "widgets/card.h"

class QLabel;
class QPushButton;
class QSpinBox;

namespace commander::ui {

class CopyButton;
class IconLabel;

/// Where the server can be reached, whether it can, and who may come in; starts and stops it.
class ServerCard final : public Card {
    Q_OBJECT
public:
    ServerCard(RestControl &control, Theme &theme, QWidget *parent = nullptr);
    /// Shows the counters of now.
    void update();
    /// "Everybody on this machine…", said by whoever knows the tokens.
    void setAccess(const QString &text);

Q_SIGNALS:
    void composeWanted();

private:
    RestControl &m_control;
    IconLabel *m_icon;
    QLabel *m_url;
    QLabel *m_state;
    QLabel *m_access;
    CopyButton *m_copy;
    QSpinBox *m_port;
    QPushButton *m_compose;
    QPushButton *m_start;
    QPushButton *m_stop;
};

} // namespace commander::ui
