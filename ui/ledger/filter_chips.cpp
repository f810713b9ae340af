// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/filter_chips.h"

#include "models/words.h"

#include <commander/filter.h>

#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int namesShown = 2;
constexpr int textCharacters = 32;

QString shortened(const QString &text)
{
    return text.size() <= textCharacters ? text : text.left(textCharacters) + u'…';
}

QString joined(const std::vector<std::string> &names)
{
    QStringList shown;
    for (std::size_t i = 0; i < names.size() && i < namesShown; ++i)
        shown << shortened(toText(names[i]));
    QString text = shown.join(u", "_s);
    if (names.size() > namesShown)
        text += u" +%1"_s.arg(names.size() - namesShown);
    return text;
}

} // namespace

FilterChips::FilterChips(Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_selection(selection), m_theme(theme), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(6);
    setAccessibleName(tr("Active filters"));
    connect(&selection, &Selection::filterChanged, this, &FilterChips::rebuild);
    connect(&theme, &Theme::changed, this, &FilterChips::rebuild);
    rebuild();
}

void FilterChips::setTimeStyle(TimeStyle style)
{
    m_timeStyle = style == TimeStyle::Relative ? TimeStyle::Local : style;
    rebuild();
}

void FilterChips::rebuild()
{
    while (QLayoutItem *item = m_row->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // a chip may be what was pressed
        }
        delete item;
    }
    const RecordFilter &filter = m_selection.filter();
    setVisible(!filter.matchesAll());
    if (filter.matchesAll())
        return;

    if (!filter.kinds.empty()) {
        QStringList words;
        for (const RecordKind kind : filter.kinds)
            words << kindWord(kind);
        addChip(tr("Kind: %1").arg(words.join(u", "_s)), [](RecordFilter &f) { f.kinds.clear(); });
    }
    if (!filter.topics.empty())
        addChip(tr("Topic: %1").arg(joined(filter.topics)), [](RecordFilter &f) { f.topics.clear(); });
    if (!filter.actions.empty())
        addChip(tr("Action: %1").arg(joined(filter.actions)), [](RecordFilter &f) { f.actions.clear(); });
    if (!filter.actors.empty())
        addChip(tr("Actor: %1").arg(joined(filter.actors)), [](RecordFilter &f) { f.actors.clear(); });
    if (filter.status)
        addChip(tr("Status: %1").arg(statusWord(*filter.status)), [](RecordFilter &f) { f.status.reset(); });
    if (filter.key)
        addChip(tr("Key: %1").arg(shortened(toText(*filter.key))), [](RecordFilter &f) { f.key.reset(); });
    if (filter.parent)
        addChip(tr("Caused by: %1").arg(shortId(*filter.parent)), [](RecordFilter &f) { f.parent.reset(); });
    if (filter.correlation)
        addChip(tr("Chain: %1").arg(shortId(*filter.correlation)), [](RecordFilter &f) { f.correlation.reset(); });
    if (!filter.text.empty())
        addChip(tr("Text: “%1”").arg(shortened(toText(filter.text))), [](RecordFilter &f) { f.text.clear(); });
    if (filter.expression)
        addChip(tr("Expression: %1").arg(shortened(toText(filter.expression->text()))),
                [](RecordFilter &f) { f.expression.reset(); });
    addRangeChips(filter);

    auto *clear = new QToolButton;
    clear->setText(tr("Clear all"));
    clear->setAccessibleName(tr("Clear all filters"));
    connect(clear, &QToolButton::clicked, this, [this] { m_selection.setFilter({}); });
    m_row->addWidget(clear);
    m_row->addStretch(1);
}

void FilterChips::addRangeChips(const RecordFilter &filter)
{
    const auto time = [this](Timestamp t) { return formatTimeLong(t, m_timeStyle, currentTime()); };
    const auto clearTime = [](RecordFilter &f) { f.from = f.to = std::nullopt; };
    if (filter.from && filter.to)
        addChip(tr("Time: %1 to %2").arg(time(*filter.from), time(*filter.to)), clearTime);
    else if (filter.from)
        addChip(tr("Time: from %1").arg(time(*filter.from)), clearTime);
    else if (filter.to)
        addChip(tr("Time: before %1").arg(time(*filter.to)), clearTime);

    const RecordFilter all;
    const auto clearRange = [all](RecordFilter &f) {
        f.first = all.first;
        f.last = all.last;
    };
    if (filter.last != all.last)
        addChip(tr("Positions: %1 to %2").arg(formatCount(filter.first.value), formatCount(filter.last.value)),
                clearRange);
    else if (filter.first != all.first)
        addChip(tr("Positions: from %1").arg(formatCount(filter.first.value)), clearRange);
}

void FilterChips::addChip(const QString &text, std::function<void(RecordFilter &)> without)
{
    auto *chip = new QToolButton;
    chip->setProperty("chip", true);
    chip->setText(text);
    chip->setIcon(m_theme.icon(u"close"_s, m_theme.color(Theme::Tone::TextMuted)));
    chip->setIconSize({11, 11});
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setLayoutDirection(Qt::RightToLeft); // the cross stands behind the text
    chip->setToolTip(tr("Remove this filter"));
    chip->setAccessibleName(tr("Remove the filter %1").arg(text));
    connect(chip, &QToolButton::clicked, this, [this, without = std::move(without)] {
        RecordFilter filter = m_selection.filter();
        without(filter);
        m_selection.setFilter(std::move(filter));
    });
    m_row->addWidget(chip);
}

} // namespace commander::ui
