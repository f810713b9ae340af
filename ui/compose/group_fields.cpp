// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/group_fields.h"

#include "models/format.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <algorithm>
#include <QFrame>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace commander::ui {

namespace {
// Every row is a handful of widgets: more of them would hold the window up.
constexpr std::size_t rowsMax = 50;
} // namespace

ObjectField::ObjectField(Theme &theme, const SchemaField &schema, QWidget *parent)
    : FormField(theme, schema, parent), m_more(makeLabel(LabelRole::Small))
{
    auto *box = new QFrame;
    auto *column = new QVBoxLayout(box);
    const bool nested = !schema.name.empty();
    if (nested)
        box->setProperty("inset", true);
    column->setContentsMargins(nested ? 12 : 0, nested ? 10 : 0, nested ? 12 : 0, nested ? 10 : 0);
    column->setSpacing(12);
    for (const auto &member : schema.members) {
        auto *field = FormField::make(theme, member, box);
        connect(field, &FormField::edited, this, &FormField::edited);
        column->addWidget(field);
        m_fields.push_back(field);
    }
    m_more->setWordWrap(true);
    m_more->hide();
    column->addWidget(m_more);
    frame(box, box);
}

void ObjectField::setValue(const Json *value)
{
    m_value = value ? std::optional(*value) : std::nullopt;
    int others = 0;
    const auto *members = value ? value->asObject() : nullptr;
    for (std::size_t i = 0; members && i < members->size(); ++i) {
        const auto known = [&](const SchemaField &field) { return field.name == (*members)[i].first; };
        others += std::none_of(m_schema.members.begin(), m_schema.members.end(), known);
    }
    for (auto *field : m_fields)
        field->setValue(value ? value->find(field->schema().name) : nullptr);
    m_more->setVisible(others > 0 || m_fields.empty());
    m_more->setText(others > 0 ? tr("%Ln more member(s) that the schema does not name: see the JSON", nullptr, others)
                               : tr("The schema names no members: write the JSON"));
}

std::optional<Json> ObjectField::value() const
{
    Json object = m_value && m_value->isObject() ? *m_value : Json::object();
    for (const auto *field : m_fields) {
        if (auto member = field->value())
            object.set(field->schema().name, std::move(*member));
        else
            object.erase(field->schema().name);
    }
    if (object.asObject()->empty() && !m_schema.required && !m_value)
        return std::nullopt;
    return object;
}

void ObjectField::showProblems(const std::vector<ErrorDetail> &problems, const std::string &pointer)
{
    bool missing = false;
    const bool own = std::any_of(problems.begin(), problems.end(),
                                 [&pointer](const ErrorDetail &problem) { return problem.pointer == pointer; });
    for (auto *field : m_fields) {
        field->showProblems(problems, pointer + '/' + escapePointerToken(field->schema().name));
        // The engine says of the object that a member is missing; people look for it at the member.
        if (own && field->schema().required && !field->value()) {
            field->setProblem(tr("This is required."));
            missing = true;
        }
    }
    if (missing)
        setProblem({});
    else
        FormField::showProblems(problems, pointer);
}

QWidget *ObjectField::firstProblem() const
{
    for (const auto *field : m_fields) {
        if (auto *control = field->firstProblem())
            return control;
    }
    return FormField::firstProblem();
}

ListField::ListField(Theme &theme, const SchemaField &schema, QWidget *parent)
    : FormField(theme, schema, parent), m_column(new QVBoxLayout), m_add(new QToolButton),
      m_note(makeLabel(LabelRole::Small))
{
    auto *box = new QFrame;
    box->setProperty("inset", true);
    m_add->setText(tr("Add an element"));
    m_add->setAccessibleName(tr("Add an element to %1").arg(label()));
    m_add->setProperty("link", true);
    m_note->hide();
    m_column->setSpacing(8);
    auto *all = new QVBoxLayout(box);
    all->setContentsMargins(12, 10, 12, 10);
    all->setSpacing(8);
    all->addLayout(m_column);
    all->addWidget(m_note);
    all->addWidget(m_add, 0, Qt::AlignLeft);
    frame(box, box);
    connect(m_add, &QToolButton::clicked, this, [this] {
        addRow(nullptr);
        m_rows.back().field->setFocus();
        Q_EMIT edited();
    });
}

void ListField::addRow(const Json *value)
{
    auto *row = new QWidget;
    auto *field = FormField::make(m_theme, m_schema.element.front(), row);
    field->setValue(value);
    auto *remove = new IconButton(m_theme, QStringLiteral("close"), tr("Take this element away"));
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    line->addWidget(field, 1);
    line->addWidget(remove, 0, Qt::AlignTop);
    m_column->addWidget(row);
    m_rows.push_back({row, field});
    connect(field, &FormField::edited, this, &FormField::edited);
    connect(remove, &QToolButton::clicked, this, [this, row] { removeRow(row); });
    m_add->setEnabled(m_rows.size() < rowsMax);
}

void ListField::removeRow(QWidget *widget)
{
    std::erase_if(m_rows, [widget](const Row &row) { return row.widget == widget; });
    widget->hide();
    widget->deleteLater(); // its button is being clicked
    m_add->setEnabled(true);
    Q_EMIT edited();
}

void ListField::clearRows()
{
    for (const Row &row : m_rows)
        delete row.widget;
    m_rows.clear();
}

void ListField::setValue(const Json *value)
{
    m_value = value ? std::optional(*value) : std::nullopt;
    const auto *elements = value ? value->asArray() : nullptr;
    m_shown = !value || (elements && elements->size() <= rowsMax);
    const std::size_t count = m_shown && elements ? elements->size() : 0;
    if (count == m_rows.size()) {
        for (std::size_t i = 0; i < count; ++i)
            m_rows[i].field->setValue(&(*elements)[i]);
    } else {
        clearRows();
        for (std::size_t i = 0; i < count; ++i)
            addRow(&(*elements)[i]);
    }
    m_add->setVisible(m_shown);
    m_note->setVisible(!m_shown);
    m_note->setText(elements
                        ? tr("%Ln element(s): too many for a form, edit them as JSON", nullptr, int(elements->size()))
                        : tr("Not a list: edit it as JSON"));
}

std::optional<Json> ListField::value() const
{
    if (!m_shown)
        return m_value;
    if (m_rows.empty() && !m_schema.required && !m_value)
        return std::nullopt;
    Json::Array elements;
    for (const Row &row : m_rows)
        elements.push_back(
            row.field->value().value_or(m_schema.element.front().type == SchemaField::Type::Text ? Json("") : Json()));
    return Json(std::move(elements));
}

void ListField::showProblems(const std::vector<ErrorDetail> &problems, const std::string &pointer)
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rows[i].field->showProblems(problems, pointer + '/' + std::to_string(i));
    FormField::showProblems(problems, pointer);
}

QWidget *ListField::firstProblem() const
{
    for (const Row &row : m_rows) {
        if (auto *control = row.field->firstProblem())
            return control;
    }
    return FormField::firstProblem();
}

} // namespace commander::ui
