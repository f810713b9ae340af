// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "home/bank_day_player.h"
#include "theme/theme.h"

#include <deque>
#include <functional>
#include <QString>
#include <QTimer>

namespace commander {

class Console;

/// Plays the demo in the console and saves a picture of every page, light and dark, then ends the program. The exit
/// code says whether every picture was written.
class DemoShots : public QObject {
    Q_OBJECT
public:
    DemoShots(Console &console, QString folder);
    void start();

private:
    /// One step; the next follows when the engine has caught up and no page waits for an answer.
    using Step = std::function<void()>;

    void planSteps();
    void tick();
    [[nodiscard]] bool isSettled();
    void shoot(const QString &name);
    void shootPages(const QString &prefix);
    void shootTalk();
    void addShot(std::deque<Step> &shots, ui::Selection::Page page, const QString &name, ui::Theme::Mode mode);
    void sendTalk(); ///< the founding talk's transfer, as it stands there
    void playDay();
    void selectLargeTransfer();
    void askOverRest(); ///< so that the page of the server has something to show
    void selectAccount(const std::string &key);
    void leave(const QString &problem = {});

    Console &m_console;
    const QString m_folder;
    ui::BankDayPlayer m_player;
    ui::Ask m_ask;
    std::deque<Step> m_steps;
    QTimer m_timer;
    int m_quietTicks = 0;
    int m_asking = 0; ///< requests on their way
};

} // namespace commander
