// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "models/record_columns.h"
#include "theme/theme.h"

#include <QTimer>
#include <QWidget>
#include <vector>

class QLabel;

namespace commander::ui {

class ActivityRow;

/// The newest records, newest first. A press selects one.
class ActivityList final : public QWidget {
    Q_OBJECT
public:
    ActivityList(EngineLink &link, Theme &theme, QWidget *parent = nullptr);
    void setActive(bool active);

Q_SIGNALS:
    void chosen(const commander::Uuid &id);

private:
    void load();
    void show(std::vector<RecordRow> rows);

    EngineLink &m_link;
    Theme &m_theme;
    std::vector<ActivityRow *> m_rows;
    QLabel *m_empty;
    QTimer m_pace; ///< a few times a second is enough for the eye
    Ask m_ask;
    bool m_active = false;
};

} // namespace commander::ui
