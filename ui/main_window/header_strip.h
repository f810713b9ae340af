// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_meter.h"
#include "theme/theme.h"

#include <commander/rest_status.h>

#include <functional>
#include <QFrame>

class QLabel;

namespace commander::ui {

class CopyButton;
class ElidedLabel;
class IconButton;
class IconLabel;

/// Which workspace this is, where its REST interface answers, and how it is doing.
class HeaderStrip final : public QFrame {
    Q_OBJECT
public:
    HeaderStrip(EngineMeter &meter, Theme &theme, std::function<RestStatus()> restStatus, QWidget *parent = nullptr);

private:
    [[nodiscard]] QWidget *makeWorkspace();
    [[nodiscard]] QWidget *makeAddress();
    [[nodiscard]] QWidget *makeCounter(QLabel *value, const QString &caption);
    void refresh();
    void showMode();

    EngineMeter &m_meter;
    Theme &m_theme;
    std::function<RestStatus()> m_restStatus;
    ElidedLabel *m_name;
    QLabel *m_note;
    IconLabel *m_addressIcon;
    ElidedLabel *m_address;
    QLabel *m_addressNote;
    CopyButton *m_copy;
    QLabel *m_head;
    QLabel *m_rate;
    IconButton *m_mode;
};

} // namespace commander::ui
