// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "main_window/page.h"
#include "operations/waiting_commands.h"
#include "theme/theme.h"

#include <QTimer>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace commander::ui {

class Banner;
class ConsumersPanel;
class OutcomeBox;

/// What waits in this workspace: commands whose time has not come, and sequences that stand still behind a fault; and
/// what can be done about them; and everything that follows the ledger. Everything done here is a command of its own in
/// the ledger.
class OperationsPage final : public Page {
    Q_OBJECT
public:
    OperationsPage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Operations"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("gear"); }
    void activate() override;
    void deactivate() override;

private:
    [[nodiscard]] QTreeWidget *makeTable(const QString &name, const QStringList &headers, int wide, const QString &none,
                                         QStackedWidget *&stack);
    [[nodiscard]] QWidget *makeScheduled();
    [[nodiscard]] QWidget *makeParked();
    [[nodiscard]] QPushButton *makeButton(const QString &text, const QString &tip, std::function<void()> act);
    void ask();
    void take(WaitingCommands waiting);
    void showScheduled();
    void showParked();
    void updateButtons();
    void showFault();
    [[nodiscard]] const ScheduledCommand *scheduled() const;
    [[nodiscard]] const ParkedSequence *parked() const;
    /// Sends a command of the engine's own about another one.
    void send(const char *action, const Uuid &command, const QString &done);
    void showRecord(const Uuid &command);

    WaitingCommands m_waiting;
    bool m_active = false;
    bool m_readOnly = false;
    QTimer m_news; ///< spaces answers to progress
    QTimer m_age;  ///< what is due comes nearer
    Ask m_ask;

    Banner *m_error;
    QLabel *m_said;
    QLabel *m_more;
    QStackedWidget *m_scheduledStack = nullptr;
    QStackedWidget *m_parkedStack = nullptr;
    QTreeWidget *m_scheduled = nullptr;
    QTreeWidget *m_parked = nullptr;
    OutcomeBox *m_fault;
    ConsumersPanel *m_consumers;
    std::vector<QPushButton *> m_scheduledButtons; ///< the first only looks, the others write
    std::vector<QPushButton *> m_parkedButtons;
};

} // namespace commander::ui
