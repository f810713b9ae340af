// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/selection.h"
#include "models/format.h"
#include "theme/theme.h"

#include <functional>
#include <QWidget>

class QHBoxLayout;

namespace commander::ui {

/// The filter in words, one chip a part, each with a cross to take it away. Hidden when there is no filter.
class FilterChips final : public QWidget {
    Q_OBJECT
public:
    FilterChips(Selection &selection, Theme &theme, QWidget *parent = nullptr);
    void setTimeStyle(TimeStyle style);

private:
    void rebuild();
    /// `without` takes this part out of a filter.
    void addChip(const QString &text, std::function<void(RecordFilter &)> without);
    void addRangeChips(const RecordFilter &filter);

    Selection &m_selection;
    Theme &m_theme;
    TimeStyle m_timeStyle = TimeStyle::Local;
    QHBoxLayout *m_row;
};

} // namespace commander::ui
