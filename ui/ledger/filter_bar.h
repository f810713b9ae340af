// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "models/format.h"
#include "theme/theme.h"

#include <commander/filter.h>

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QSettings;

namespace commander::ui {

class CheckMenu;
class FilterEdit;
class TimeRangePanel;

/// Edits the shared filter. The filter itself is the truth: whoever sets it, the bar shows it.
class FilterBar final : public QWidget {
    Q_OBJECT
public:
    FilterBar(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    void focusSearch();
    /// Narrows the filter by one more condition.
    void add(FilterNode condition);
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);
    void setTimeStyle(TimeStyle style) { m_timeStyle = style; }

private:
    QPushButton *addMenuButton(const QString &label);
    void setUpExpression();
    void showProblem(const QString &problem);
    void setUpKinds();
    void setUpNames(const QString &label, std::vector<std::string> RecordFilter::*names,
                    Result<std::vector<NameCount>> (RecordReader::*question)());
    void setUpStatus();
    void setUpTime();
    void showFilter();
    template <class Change> void change(Change apply);

    EngineLink &m_link;
    Selection &m_selection;
    TimeStyle m_timeStyle = TimeStyle::Local;
    FilterEdit *m_expression;
    QLabel *m_problem;
    QHBoxLayout *m_row;
    Ask m_askNames[2];
    std::size_t m_nameMenus = 0;
};

} // namespace commander::ui
