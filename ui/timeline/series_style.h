// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/density.h"

namespace commander::ui {

/// What a layer is called and which colour it has, by what the stack is grouped by.
class SeriesStyle {
public:
    explicit SeriesStyle(const Theme &theme) : m_theme(theme) { }
    void setGroupBy(HistogramRequest::GroupBy groupBy) { m_groupBy = groupBy; }
    [[nodiscard]] HistogramRequest::GroupBy groupBy() const { return m_groupBy; }
    void setFolded(std::size_t folded) { m_folded = folded; } ///< names in the nameless layer

    [[nodiscard]] QString name(const DensitySeries &series) const;
    [[nodiscard]] QColor color(const DensitySeries &series) const;

private:
    const Theme &m_theme;
    HistogramRequest::GroupBy m_groupBy = HistogramRequest::GroupBy::Topic;
    std::size_t m_folded = 0;
};

} // namespace commander::ui
