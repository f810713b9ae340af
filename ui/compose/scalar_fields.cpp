// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/scalar_fields.h"

#include "models/format.h"

#include <algorithm>
#include <QAbstractItemView>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>

namespace commander::ui {

namespace {

// A line edit is no place for more, and would lose line ends.
constexpr qsizetype lineLengthMax = 4096;

QString shownText(const Json &value)
{
    if (const auto *text = value.asString())
        return toText(*text);
    if (const auto *number = value.asNumber())
        return toText(number->lexeme);
    return toText(writeJson(value));
}

} // namespace

TextField::TextField(Theme &theme, const SchemaField &schema, QWidget *parent)
    : FormField(theme, schema, parent), m_edit(new QLineEdit)
{
    m_edit->setMaxLength(int(lineLengthMax));
    if (schema.type != SchemaField::Type::Text)
        m_edit->setFont(theme.monospace());
    if (schema.fallback)
        m_edit->setPlaceholderText(tr("%1 when left out").arg(toText(*schema.fallback)));
    frame(m_edit, m_edit);
    connect(m_edit, &QLineEdit::textEdited, this, &TextField::take);
}

void TextField::setValue(const Json *value)
{
    m_value = value ? std::optional(*value) : std::nullopt;
    const QString text = value ? shownText(*value) : QString();
    const bool fits = text.size() <= lineLengthMax && !text.contains(u'\n') && !text.contains(u'\r');
    m_edit->setReadOnly(!fits);
    m_edit->setToolTip(fits ? QString() : tr("Long texts and texts of several lines are edited as JSON"));
    const QString shown = fits ? text : text.left(200).simplified() + u'…';
    if (m_edit->text() != shown)
        m_edit->setText(shown);
}

void TextField::take(const QString &text)
{
    m_value = text.isEmpty() ? std::nullopt : std::optional(read(text));
    Q_EMIT edited();
}

Json TextField::read(const QString &text) const
{
    const std::string bytes = toUtf8(text);
    if (m_schema.type == SchemaField::Type::Text)
        return Json(bytes);
    // What is no number goes out as a text, and the engine says what it thinks of it.
    auto parsed = parseJson(bytes);
    if (parsed && (m_schema.type == SchemaField::Type::Any || parsed->isNumber()))
        return std::move(*parsed);
    return Json(bytes);
}

ChoiceField::ChoiceField(Theme &theme, const SchemaField &schema, QWidget *parent)
    : FormField(theme, schema, parent), m_box(new QComboBox)
{
    m_choices = schema.type == SchemaField::Type::Boolean ? std::vector{Json(true), Json(false)} : schema.choices;
    m_box->addItem(tr("not stated"));
    for (const auto &choice : m_choices)
        m_box->addItem(shownText(choice));
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setMinimumContentsLength(16);
    frame(m_box, m_box);
    m_box->view()->setAccessibleName(tr("Values of %1").arg(label()));
    connect(m_box, &QComboBox::activated, this, [this](int row) {
        if (row <= int(m_choices.size()))
            m_value = row == 0 ? std::nullopt : std::optional(m_choices[std::size_t(row) - 1]);
        Q_EMIT edited();
    });
}

void ChoiceField::setValue(const Json *value)
{
    m_value = value ? std::optional(*value) : std::nullopt;
    const QSignalBlocker quiet(m_box);
    while (m_box->count() > int(m_choices.size()) + 1)
        m_box->removeItem(m_box->count() - 1);
    const auto found
        = value ? std::find(m_choices.begin(), m_choices.end(), *value) - m_choices.begin() : std::ptrdiff_t{-1};
    if (value && found == std::ptrdiff_t(m_choices.size()))
        m_box->addItem(shownText(*value)); // not allowed, but there
    m_box->setCurrentIndex(int(found) + 1);
}

} // namespace commander::ui
