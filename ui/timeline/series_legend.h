// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/series_style.h"

#include <QSet>
#include <QTreeWidget>

namespace commander::ui {

/// The layers of the stack with their colour and their count in the window; each can be switched off. Double click or
/// Return shows one alone, and all again the second time.
class SeriesLegend final : public QTreeWidget {
    Q_OBJECT
public:
    explicit SeriesLegend(Theme &theme, QWidget *parent = nullptr);

    void setDensity(const Density &density, const SeriesStyle &style);
    [[nodiscard]] const QSet<QString> &hiddenNames() const { return m_hidden; }

Q_SIGNALS:
    void hiddenChanged(const QSet<QString> &names);

private:
    void takeCheck(QTreeWidgetItem *item);
    void isolate(QTreeWidgetItem *item);

    Theme &m_theme;
    QSet<QString> m_hidden;
};

} // namespace commander::ui
