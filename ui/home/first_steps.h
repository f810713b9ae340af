// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace commander::ui {

class CodeBox;
class IconLabel;

/// What to do on a first visit: a line to copy into a terminal, or a button that does the same.
class FirstSteps final : public QWidget {
    Q_OBJECT
public:
    FirstSteps(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    /// An empty address: REST does not listen.
    void setBaseUrl(const QString &baseUrl);
    void setReadOnly(bool readOnly);
    [[nodiscard]] static QString curlLine(const QString &baseUrl);

private:
    void sendTransfer();
    void showReceipt(const Result<CommandReceipt> &receipt);
    void watchResult();
    void showOutcome(const CommandOutcome &outcome);

    EngineLink &m_link;
    Selection &m_selection;
    CodeBox *m_curl;
    QLabel *m_intro;
    QLabel *m_noRest;
    QPushButton *m_send;
    IconLabel *m_stateIcon;
    QLabel *m_state;
    QPushButton *m_lineage;
    Uuid m_sent; ///< command whose result is awaited or shown
    bool m_waiting = false;
    Ask m_ask;
};

} // namespace commander::ui
