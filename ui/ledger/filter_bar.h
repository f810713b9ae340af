// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "models/format.h"
#include "theme/theme.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QPushButton;

namespace commander::ui {

class CheckMenu;
class TimeRangePanel;

/// Edits the shared filter. The filter itself is the truth: whoever sets it, the bar shows it.
class FilterBar final : public QWidget {
    Q_OBJECT
public:
    FilterBar(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    void focusSearch();
    void setTimeStyle(TimeStyle style) { m_timeStyle = style; }

private:
    QPushButton *addMenuButton(const QString &label);
    void setUpSearch(Theme &theme);
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
    QLineEdit *m_search;
    QTimer m_debounce;
    Ask m_askNames[2];
    std::size_t m_nameMenus = 0;
};

} // namespace commander::ui
