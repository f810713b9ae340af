// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/range_bar.h"

#include "timeline/time_ticks.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace commander::ui {

RangeBar::RangeBar(Theme &theme, QWidget *parent)
    : QFrame(parent), m_span(makeLabel(LabelRole::Body)), m_show(new QPushButton)
{
    setProperty("card", true);
    setAccessibleName(tr("Chosen range"));
    m_show->setProperty("primary", true);
    auto *zoom = new IconButton(theme, QStringLiteral("zoom-in"), tr("Zoom to this range"));
    auto *clear = new IconButton(theme, QStringLiteral("close"), tr("Clear the range"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 6, 6);
    row->setSpacing(8);
    row->addWidget(m_span);
    row->addWidget(m_show);
    row->addWidget(zoom);
    row->addWidget(clear);
    connect(m_show, &QPushButton::clicked, this, &RangeBar::showWanted);
    connect(zoom, &QToolButton::clicked, this, &RangeBar::zoomWanted);
    connect(clear, &QToolButton::clicked, this, &RangeBar::clearWanted);
    setCount({}, true);
}

void RangeBar::setRange(TimeWindow range)
{
    m_span->setText(tr("%1 UTC · %2").arg(spanText(range, range.width() / 100), durationText(range.width())));
    adjustSize();
}

void RangeBar::setCount(std::optional<qulonglong> count, bool exact)
{
    QString text;
    if (!exact)
        text = tr("Show matching records in Ledger");
    else if (!count)
        text = tr("Show in Ledger");
    else if (*count == 1)
        text = tr("Show 1 record in Ledger");
    else
        text = tr("Show %1 records in Ledger").arg(QLocale().toString(*count));
    m_show->setText(text);
    m_show->setAccessibleName(text);
    adjustSize();
}

} // namespace commander::ui
