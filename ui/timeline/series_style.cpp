// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/series_style.h"

#include "models/format.h"

#include <optional>
#include <QCoreApplication>

namespace commander::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::SeriesStyle)
};

std::optional<RecordKind> kindNamed(const QString &name)
{
    for (const auto kind : {RecordKind::Command, RecordKind::Event, RecordKind::Result}) {
        if (name == toText(recordKindName(kind)))
            return kind;
    }
    return {};
}

} // namespace

QString SeriesStyle::name(const DensitySeries &series) const
{
    if (series.name.isEmpty())
        return m_folded > 0 ? Texts::tr("Others (%1)").arg(formatCount(m_folded)) : Texts::tr("(none)");
    if (m_groupBy == HistogramRequest::GroupBy::Kind) {
        switch (kindNamed(series.name).value_or(RecordKind{})) {
        case RecordKind::Command:
            return Texts::tr("Commands");
        case RecordKind::Event:
            return Texts::tr("Events");
        case RecordKind::Result:
            return Texts::tr("Results");
        }
    }
    return series.name;
}

QColor SeriesStyle::color(const DensitySeries &series) const
{
    if (series.name.isEmpty() && m_folded > 0)
        return m_theme.tint(m_theme.color(Theme::Tone::TextMuted), 0.5);
    if (m_groupBy == HistogramRequest::GroupBy::Kind) {
        if (const auto kind = kindNamed(series.name))
            return m_theme.kindColor(*kind);
    }
    return m_theme.seriesColor(series.color);
}

} // namespace commander::ui
