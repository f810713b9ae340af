// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/form_field.h"

#include "compose/group_fields.h"
#include "compose/scalar_fields.h"
#include "models/format.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QStringList>
#include <QStyle>
#include <QVBoxLayout>

namespace commander::ui {

FormField *FormField::make(Theme &theme, const SchemaField &schema, QWidget *parent)
{
    switch (schema.type) {
    case SchemaField::Type::Boolean:
    case SchemaField::Type::Choice:
        return new ChoiceField(theme, schema, parent);
    case SchemaField::Type::Object:
        return new ObjectField(theme, schema, parent);
    case SchemaField::Type::List:
        return new ListField(theme, schema, parent);
    case SchemaField::Type::Text:
    case SchemaField::Type::Number:
    case SchemaField::Type::Integer:
    case SchemaField::Type::Any:
        break;
    }
    return new TextField(theme, schema, parent);
}

FormField::FormField(Theme &theme, SchemaField schema, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_schema(std::move(schema))
{
}

QString FormField::label() const
{
    return toText(m_schema.name.empty() ? m_schema.title : m_schema.name);
}

void FormField::frame(QWidget *control, QWidget *focus)
{
    m_focus = focus;
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    if (!label().isEmpty()) {
        auto *name = makeLabel(LabelRole::Body, label());
        name->setBuddy(focus);
        name->setToolTip(toText(m_schema.title));
        QFont bold = name->font();
        bold.setWeight(QFont::DemiBold);
        name->setFont(bold);
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        row->addWidget(name);
        row->addWidget(makeLabel(LabelRole::Small, m_schema.required ? tr("required") : tr("optional")));
        row->addStretch(1);
        column->addLayout(row);
    }
    column->addWidget(control);
    const QString hint = m_schema.hint();
    if (!hint.isEmpty()) {
        auto *text = makeLabel(LabelRole::Small, hint);
        text->setWordWrap(true);
        column->addWidget(text);
    }
    m_problem = makeLabel(LabelRole::Small);
    m_problem->setProperty("role", QStringLiteral("problem"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    column->addWidget(m_problem);
    const QString name = label().isEmpty() ? tr("Element") : label();
    focus->setAccessibleName(m_schema.required && !label().isEmpty() ? tr("%1, required").arg(name) : name);
    focus->setAccessibleDescription(hint);
}

void FormField::setProblem(const QString &problem)
{
    if (problem == m_problem->text())
        return;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_focus->setAccessibleDescription(problem.isEmpty() ? m_schema.hint() : problem);
    m_focus->setProperty("invalid", !problem.isEmpty());
    m_focus->style()->unpolish(m_focus);
    m_focus->style()->polish(m_focus);
}

QString FormField::problem() const
{
    return m_problem->text();
}

void FormField::showProblems(const std::vector<ErrorDetail> &problems, const std::string &pointer)
{
    QStringList mine;
    for (const auto &problem : problems) {
        if (problem.pointer == pointer)
            mine << toText(problem.message);
    }
    setProblem(mine.join(u'\n'));
}

QWidget *FormField::firstProblem() const
{
    return m_problem->text().isEmpty() ? nullptr : m_focus;
}

} // namespace commander::ui
