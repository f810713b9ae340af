// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/time_window.h"

#include <optional>
#include <QFrame>

class QLabel;
class QPushButton;

namespace commander::ui {

/// Floats over the chart while a range is chosen: says which, how many records it holds, shows them, clears it.
class RangeBar final : public QFrame {
    Q_OBJECT
public:
    explicit RangeBar(Theme &theme, QWidget *parent);

    void setRange(TimeWindow range);
    /// Nothing while it is being counted; `exact` is false when further filters leave out some of them.
    void setCount(std::optional<qulonglong> count, bool exact);

Q_SIGNALS:
    void showWanted();
    void zoomWanted();
    void clearWanted();

private:
    QLabel *m_span;
    QPushButton *m_show;
};

} // namespace commander::ui
