// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/engine_meter.h"
#include "engine_link/selection.h"
#include "main_window/page.h"
#include "theme/theme.h"

#include <commander/rest_status.h>

#include <functional>

class QLabel;

namespace commander::ui {

class ActivityList;
class FirstSteps;
class PatternStrip;
class PlayCard;

/// The first thing one sees: what this is, how it is doing, and what to do next.
class HomePage final : public Page {
    Q_OBJECT
public:
    HomePage(EngineLink &link, Selection &selection, Theme &theme, std::function<RestStatus()> restStatus,
             QWidget *parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Home"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("home"); }
    void activate() override;
    void deactivate() override;
    [[nodiscard]] PlayCard &playCard() { return *m_play; }

private:
    void refresh();

    std::function<RestStatus()> m_restStatus;
    EngineMeter m_meter;
    QLabel *m_greeting;
    PatternStrip *m_pattern;
    FirstSteps *m_steps;
    PlayCard *m_play;
    ActivityList *m_activity;
};

} // namespace commander::ui
