// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compose/form_field.h"

class QLabel;
class QToolButton;

namespace commander::ui {

/// The members of an object, each a field. Members that the schema does not name are kept as they are.
class ObjectField final : public FormField {
    Q_OBJECT
public:
    ObjectField(Theme &theme, const SchemaField &schema, QWidget *parent);
    void setValue(const Json *value) override;
    [[nodiscard]] std::optional<Json> value() const override;
    void showProblems(const std::vector<ErrorDetail> &problems, const std::string &pointer) override;
    [[nodiscard]] QWidget *firstProblem() const override;

private:
    std::optional<Json> m_value; ///< as it was given
    std::vector<FormField *> m_fields;
    QLabel *m_more;
};

/// The elements of an array, each a field with a button that takes it away.
class ListField final : public FormField {
    Q_OBJECT
public:
    ListField(Theme &theme, const SchemaField &schema, QWidget *parent);
    void setValue(const Json *value) override;
    [[nodiscard]] std::optional<Json> value() const override;
    void showProblems(const std::vector<ErrorDetail> &problems, const std::string &pointer) override;
    [[nodiscard]] QWidget *firstProblem() const override;

private:
    struct Row {
        QWidget *widget;
        FormField *field;
    };
    void addRow(const Json *value);
    void removeRow(QWidget *widget);
    void clearRows();

    std::optional<Json> m_value; ///< as it was given; what counts while it cannot be shown as rows
    bool m_shown = true;
    std::vector<Row> m_rows;
    QVBoxLayout *m_column;
    QToolButton *m_add;
    QLabel *m_note;
};

} // namespace commander::ui
