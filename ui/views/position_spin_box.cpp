// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/position_spin_box.h"

#include "models/format.h"

#include <algorithm>
#include <optional>
#include <QLineEdit>

namespace commander::ui {

PositionSpinBox::PositionSpinBox(const QString &name, QWidget *parent) : QAbstractSpinBox(parent)
{
    setAccessibleName(name);
    setToolTip(name);
    setAccelerated(true);
    setKeyboardTracking(false);
    setButtonSymbols(QAbstractSpinBox::NoButtons);
    lineEdit()->setAlignment(Qt::AlignRight);
    lineEdit()->setText(formatCount(m_value.value));
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
        if (const auto typed = read(lineEdit()->text()))
            choose({*typed});
        else
            setValue(m_value);
    });
}

std::optional<std::uint64_t> PositionSpinBox::read(const QString &text)
{
    // "#1,204", "1204" and "1 204" are all the same position.
    QString digits;
    for (const auto c : text) {
        if (c.isDigit())
            digits += c;
        else if (c.isLetter() || c == QLatin1Char('-'))
            return {};
    }
    bool fits = false;
    const auto value = digits.toULongLong(&fits);
    return fits ? std::optional<std::uint64_t>(value) : std::nullopt;
}

void PositionSpinBox::setMaximum(Position maximum)
{
    if (maximum == m_maximum)
        return;
    m_maximum = std::max(maximum, Position{1});
    updateGeometry();
}

void PositionSpinBox::setValue(Position value)
{
    m_value = std::clamp(value, Position{1}, m_maximum);
    const auto text = formatCount(m_value.value);
    if (lineEdit()->text() != text)
        lineEdit()->setText(text);
}

void PositionSpinBox::choose(Position value)
{
    const auto before = m_value;
    setValue(value);
    if (m_value != before)
        Q_EMIT valueChosen(m_value);
}

void PositionSpinBox::stepBy(int steps)
{
    const auto size = static_cast<std::uint64_t>(std::abs(static_cast<std::int64_t>(steps)));
    if (steps < 0)
        choose({m_value.value > size ? m_value.value - size : 1});
    else
        choose({m_value.value + size});
}

QValidator::State PositionSpinBox::validate(QString &input, int &) const
{
    if (input.isEmpty())
        return QValidator::Intermediate;
    const auto value = read(input);
    if (!value)
        return QValidator::Invalid;
    return *value >= 1 && *value <= m_maximum.value ? QValidator::Acceptable : QValidator::Intermediate;
}

void PositionSpinBox::fixup(QString &input) const
{
    const auto value = read(input);
    input = formatCount(value ? std::clamp(*value, std::uint64_t{1}, m_maximum.value) : m_value.value);
}

QSize PositionSpinBox::sizeHint() const
{
    ensurePolished();
    const auto digits = std::max<qsizetype>(formatCount(m_maximum.value).size(), 7);
    const auto width = fontMetrics().horizontalAdvance(QLatin1Char('8')) * static_cast<int>(digits + 1) + 24;
    return {width, lineEdit()->sizeHint().height() + 8};
}

QAbstractSpinBox::StepEnabled PositionSpinBox::stepEnabled() const
{
    StepEnabled steps = StepNone;
    if (m_value.value > 1)
        steps |= StepDownEnabled;
    if (m_value < m_maximum)
        steps |= StepUpEnabled;
    return steps;
}

} // namespace commander::ui
