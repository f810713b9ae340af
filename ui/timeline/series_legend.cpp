// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/series_legend.h"

#include <QHeaderView>
#include <QLocale>
#include <QPainter>
#include <QSignalBlocker>

namespace commander::ui {

namespace {

constexpr int nameRole = Qt::UserRole;

QIcon swatch(const QColor &color)
{
    QPixmap picture(12, 12);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(1, 1, 10, 10), 2.5, 2.5);
    return picture;
}

} // namespace

SeriesLegend::SeriesLegend(Theme &theme, QWidget *parent) : QTreeWidget(parent), m_theme(theme)
{
    setColumnCount(2);
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setIndentation(0);
    setIconSize({12, 12});
    setProperty("flat", true);
    setProperty("legend", true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideRight);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    setAccessibleName(tr("Layers of the chart"));
    setAccessibleDescription(tr("Space switches a layer off or on, Return shows it alone."));
    connect(this, &QTreeWidget::itemChanged, this, &SeriesLegend::takeCheck);
    connect(this, &QTreeWidget::itemActivated, this, &SeriesLegend::isolate);
}

void SeriesLegend::setDensity(const Density &density, const SeriesStyle &style)
{
    const QSignalBlocker quiet(this);
    const QLocale locale;
    // Rows are reused in place, so that neither the focus nor the scroll position jumps while counts grow.
    while (topLevelItemCount() > static_cast<int>(density.series.size()))
        delete takeTopLevelItem(topLevelItemCount() - 1);
    for (int row = 0; row < static_cast<int>(density.series.size()); ++row) {
        // The top of the list is the top of the stack.
        const auto &series = density.series[density.series.size() - 1 - static_cast<std::size_t>(row)];
        auto *item = topLevelItem(row);
        if (!item) {
            item = new QTreeWidgetItem(this);
            item->setSizeHint(0, QSize(0, 26));
            item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        }
        item->setData(0, nameRole, series.name);
        item->setText(0, style.name(series));
        item->setToolTip(0, style.name(series));
        item->setIcon(0, swatch(style.color(series)));
        item->setCheckState(0, m_hidden.contains(series.name) ? Qt::Unchecked : Qt::Checked);
        item->setText(1, locale.toString(static_cast<qulonglong>(series.total)));
        item->setForeground(1, m_theme.color(Theme::Tone::TextMuted));
    }
    viewport()->update();
}

void SeriesLegend::takeCheck(QTreeWidgetItem *item)
{
    const auto name = item->data(0, nameRole).toString();
    const bool hide = item->checkState(0) == Qt::Unchecked;
    if (hide == m_hidden.contains(name))
        return;
    if (hide)
        m_hidden.insert(name);
    else
        m_hidden.remove(name);
    Q_EMIT hiddenChanged(m_hidden);
}

void SeriesLegend::isolate(QTreeWidgetItem *item)
{
    const auto name = item->data(0, nameRole).toString();
    QSet<QString> others;
    for (int row = 0; row < topLevelItemCount(); ++row)
        others.insert(topLevelItem(row)->data(0, nameRole).toString());
    others.remove(name);
    m_hidden = m_hidden == others ? QSet<QString>() : others;
    {
        const QSignalBlocker quiet(this);
        for (int row = 0; row < topLevelItemCount(); ++row) {
            auto *each = topLevelItem(row);
            each->setCheckState(0, m_hidden.contains(each->data(0, nameRole).toString()) ? Qt::Unchecked : Qt::Checked);
        }
    }
    viewport()->update();
    Q_EMIT hiddenChanged(m_hidden);
}

} // namespace commander::ui
