// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/node_item.h"

#include "models/format.h"

#include <QCoreApplication>
#include <QCursor>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>

namespace commander::ui {

namespace {

constexpr double cardWidth = 226;
constexpr double padding = 11;
constexpr double stripe = 4;
constexpr double iconSize = 14;
constexpr double radius = 7;
constexpr double stackShift = 5; ///< how far the cards behind a group stand out

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::NodeItem)
};

QFont smallFont()
{
    auto font = QGuiApplication::font();
    font.setPointSizeF(font.pointSizeF() * 0.9);
    return font;
}

QFont weighted(QFont font, QFont::Weight weight)
{
    font.setWeight(weight);
    return font;
}

} // namespace

NodeItem::Metrics NodeItem::Metrics::of(const QFont &font)
{
    auto little = font;
    little.setPointSizeF(font.pointSizeF() * 0.9);
    return {QFontMetricsF(little).height() + 2, QFontMetricsF(font).height() + 4, QFontMetricsF(little).height() + 1};
}

QSizeF NodeItem::sizeOf(const NodeText &text, bool group, const Metrics &metrics)
{
    auto height = 2 * padding - 4 + metrics.row + metrics.title;
    for (const auto &line : {text.detail, text.place, text.warning})
        height += line.isEmpty() ? 0 : metrics.row;
    if (!text.fields.empty() && !group)
        height += 4 + metrics.fieldRow * static_cast<double>(text.fields.size() + (text.moreFields > 0 ? 1 : 0));
    return {cardWidth, height};
}

NodeItem::NodeItem(std::size_t index, const Theme &theme, NodeText text, QColor color, QColor statusColor,
                   std::size_t count, const QSizeF &size, const Metrics &metrics)
    : m_index(index), m_theme(theme), m_text(std::move(text)), m_count(count), m_size(size), m_metrics(metrics),
      m_color(color), m_statusColor(statusColor)
{
    setCacheMode(QGraphicsItem::NoCache);
    setCursor(Qt::PointingHandCursor);
    setToolTip(spokenText());
}

QString NodeItem::spokenText() const
{
    QStringList parts{m_count > 1 ? Texts::tr("%1 times %2: %3").arg(formatCount(m_count), m_text.kind, m_text.title)
                                  : Texts::tr("%1: %2", "kind: name").arg(m_text.kind, m_text.title)};
    for (const auto &part : {m_text.status, m_text.detail, m_text.place, m_text.warning}) {
        if (!part.isEmpty() && part != m_text.title)
            parts << part;
    }
    for (const auto &field : m_text.fields)
        parts << Texts::tr("%1 %2: %3 → %4").arg(field.name, changeWord(field.kind), field.before, field.after);
    if (m_text.moreFields > 0)
        parts << Texts::tr("and %1 more").arg(formatCount(m_text.moreFields));
    return parts.join(QLatin1Char('\n'));
}

void NodeItem::setCurrent(bool current)
{
    if (current == m_current)
        return;
    m_current = current;
    setZValue(current ? 2 : 1);
    update();
}

void NodeItem::setColors(const QColor &color, const QColor &statusColor)
{
    m_color = color;
    m_statusColor = statusColor;
    update();
}

QRectF NodeItem::boundingRect() const
{
    return card().adjusted(-4, -4, 4 + stackShift * 2, 4 + stackShift * 2);
}

void NodeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing, true);
    const auto surface = m_theme.color(Theme::Tone::Surface);
    const QPen border(m_theme.color(Theme::Tone::Border), 1);
    if (m_count > 1) {
        for (const auto shift : {stackShift * 2, stackShift}) {
            painter->setPen(border);
            painter->setBrush(m_theme.color(Theme::Tone::SurfaceAlt));
            painter->drawRoundedRect(card().translated(shift, shift).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        }
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_color);
    painter->drawRoundedRect(card(), radius, radius);
    painter->setBrush(surface);
    painter->drawRoundedRect(card().adjusted(stripe, 1, -1, -1), radius - 2, radius - 2);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(m_current ? QPen(m_theme.color(Theme::Tone::Accent), 2.5) : border);
    painter->drawRoundedRect(m_current ? card().adjusted(-2, -2, 2, 2) : card().adjusted(0.5, 0.5, -0.5, -0.5),
                             m_current ? radius + 2 : radius, m_current ? radius + 2 : radius);

    QRectF row(stripe + padding, padding - 3, m_size.width() - stripe - 2 * padding, m_metrics.row);
    paintHead(*painter, row);
    const auto little = smallFont();
    const QFontMetricsF metrics(little);
    painter->setFont(little);
    const auto line = [&](const QString &text, const QColor &color) {
        if (text.isEmpty())
            return;
        painter->setPen(color);
        painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(text, Qt::ElideRight, row.width()));
        row.translate(0, m_metrics.row);
    };
    line(m_text.detail, m_theme.color(Theme::Tone::TextMuted));
    line(m_text.place, m_theme.color(Theme::Tone::TextMuted));
    if (!m_text.warning.isEmpty()) {
        const auto warning = m_theme.color(Theme::Tone::Warning);
        m_theme.icon(QStringLiteral("warning"), warning)
            .paint(painter, QRectF(row.left(), row.top() + 1, iconSize, iconSize).toRect());
        row.adjust(iconSize + 5, 0, 0, 0);
        line(m_text.warning, warning);
        row.adjust(-iconSize - 5, 0, 0, 0);
    }
    if (m_count == 1)
        paintFields(*painter, row);
}

void NodeItem::paintHead(QPainter &painter, QRectF &row) const
{
    const auto little = smallFont();
    const auto strong = weighted(little, QFont::DemiBold);
    const auto iconRect
        = [&](double x) { return QRectF(x, row.center().y() - iconSize / 2, iconSize, iconSize).toRect(); };
    m_theme.icon(m_text.icon, m_color).paint(&painter, iconRect(row.left()));
    painter.setFont(strong);
    painter.setPen(m_color);
    painter.drawText(row.adjusted(iconSize + 5, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_text.kind);

    auto right = row.right();
    if (m_count > 1) {
        const auto badge = Texts::tr("×%1").arg(formatCount(m_count));
        const auto width = QFontMetricsF(strong).horizontalAdvance(badge) + 14;
        const QRectF pill(right - width, row.top(), width, row.height());
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.tint(m_color, 0.16));
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
        painter.setPen(m_color);
        painter.drawText(pill, Qt::AlignCenter, badge);
        right = pill.left() - 6;
    }
    if (!m_text.status.isEmpty() && m_text.status != m_text.title) {
        painter.setFont(little);
        const auto width = QFontMetricsF(little).horizontalAdvance(m_text.status);
        painter.setPen(m_statusColor);
        painter.drawText(QRectF(right - width, row.top(), width, row.height()), Qt::AlignVCenter | Qt::AlignLeft,
                         m_text.status);
        m_theme.icon(m_text.statusIcon, m_statusColor).paint(&painter, iconRect(right - width - iconSize - 4));
    }
    row.translate(0, m_metrics.row);

    QRectF titleRow(row.left(), row.top(), row.width(), m_metrics.title);
    painter.setFont(weighted(QGuiApplication::font(), QFont::DemiBold));
    painter.setPen(m_theme.color(Theme::Tone::Text));
    if (!m_text.status.isEmpty() && m_text.status == m_text.title) {
        // A result's title is its status: the icon says it without colour.
        m_theme.icon(m_text.statusIcon, m_statusColor)
            .paint(&painter, QRectF(row.left(), titleRow.center().y() - iconSize / 2, iconSize, iconSize).toRect());
        painter.setPen(m_statusColor);
        titleRow.adjust(iconSize + 5, 0, 0, 0);
    }
    painter.drawText(titleRow, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetricsF(painter.font()).elidedText(m_text.title, Qt::ElideMiddle, titleRow.width()));
    row.translate(0, m_metrics.title);
}

void NodeItem::paintFields(QPainter &painter, QRectF &row) const
{
    if (m_text.fields.empty())
        return;
    const auto little = smallFont();
    const QFontMetricsF metrics(little);
    painter.setPen(m_theme.color(Theme::Tone::Border));
    painter.drawLine(QPointF(row.left(), row.top() + 1), QPointF(row.right(), row.top() + 1));
    row = QRectF(row.left(), row.top() + 4, row.width(), m_metrics.fieldRow);
    painter.setFont(little);
    for (const auto &field : m_text.fields) {
        const auto sign = field.kind == FieldLine::Kind::Added ? QStringLiteral("+")
            : field.kind == FieldLine::Kind::Removed           ? QStringLiteral("−")
                                                               : QStringLiteral("~");
        const auto tone = field.kind == FieldLine::Kind::Added ? Theme::Tone::Added
            : field.kind == FieldLine::Kind::Removed           ? Theme::Tone::Removed
                                                               : Theme::Tone::Change;
        painter.setPen(m_theme.color(tone));
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft, sign);
        const auto nameWidth = std::min(metrics.horizontalAdvance(field.name), row.width() * 0.45);
        painter.setPen(m_theme.color(Theme::Tone::TextMuted));
        painter.drawText(row.adjusted(12, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         metrics.elidedText(field.name, Qt::ElideLeft, nameWidth));
        const auto value = field.kind == FieldLine::Kind::Added ? field.after
            : field.kind == FieldLine::Kind::Removed            ? field.before
                                                     : QStringLiteral("%1 → %2").arg(field.before, field.after);
        painter.setPen(m_theme.color(Theme::Tone::Text));
        painter.drawText(row.adjusted(12 + nameWidth + 8, 0, 0, 0), Qt::AlignVCenter | Qt::AlignRight,
                         metrics.elidedText(value, Qt::ElideMiddle, row.width() - nameWidth - 20));
        row.translate(0, m_metrics.fieldRow);
    }
    if (m_text.moreFields > 0) {
        painter.setPen(m_theme.color(Theme::Tone::TextMuted));
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft,
                         Texts::tr("+%1 more").arg(formatCount(m_text.moreFields)));
    }
}

} // namespace commander::ui
