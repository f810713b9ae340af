// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/record_window_model.h"
#include "theme/theme.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace commander::ui {

class IconLabel;

/// Says what the table shows: how many records, how far was searched, why it stopped; and lets one stop or go on.
class SearchStrip final : public QWidget {
    Q_OBJECT
public:
    SearchStrip(RecordWindowModel &model, EngineLink &link, Theme &theme, QWidget *parent = nullptr);
    void setProblem(const QString &problem); ///< reading failed; empty clears
    void refresh();

private:
    [[nodiscard]] QString describe() const;

    RecordWindowModel &m_model;
    EngineLink &m_link;
    QString m_problem;
    IconLabel *m_icon;
    QLabel *m_text;
    QToolButton *m_action;
};

} // namespace commander::ui
