// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace commander::ui {

/// Everything that follows the ledger: where it stands, why it does not go on, and what can be done about it.
class ConsumersPanel final : public QWidget {
    Q_OBJECT
public:
    ConsumersPanel(EngineLink &link, Selection &selection, QWidget *parent = nullptr);
    /// Asks the engine again.
    void refresh(bool readOnly);
    void cancel();

Q_SIGNALS:
    void said(const QString &what);
    void failed(const QString &why);

private:
    using Act = std::function<Result<void>(Consumers &, const ConsumerRequest &)>;

    void take(std::vector<ConsumerStatus> consumers);
    void updateDetails();
    [[nodiscard]] const ConsumerStatus *current() const;
    /// Does it on a worker; `done` is what is said then.
    void act(Act act, const QString &done);
    void showEvent();

    EngineLink &m_link;
    Selection &m_selection;
    std::vector<ConsumerStatus> m_consumers;
    bool m_readOnly = false;
    bool m_acting = false;
    Ask m_ask;
    Ask m_askAct;
    Ask m_askEvent;
    QTreeWidget *m_table;
    QLabel *m_details;
    QLineEdit *m_reason;
    QPushButton *m_pause;
    QPushButton *m_resume;
    QPushButton *m_reset;
    QPushButton *m_skip;
    QPushButton *m_showEvent;
};

} // namespace commander::ui
