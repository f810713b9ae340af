// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compose/form_field.h"

class QComboBox;
class QLineEdit;

namespace commander::ui {

/// Texts, and numbers as texts, so that no digit is lost. An empty text leaves the value out.
class TextField final : public FormField {
    Q_OBJECT
public:
    TextField(Theme &theme, const SchemaField &schema, QWidget *parent);
    void setValue(const Json *value) override;
    [[nodiscard]] std::optional<Json> value() const override { return m_value; }

private:
    void take(const QString &text);
    [[nodiscard]] Json read(const QString &text) const;

    std::optional<Json> m_value;
    QLineEdit *m_edit;
};

/// True or false, or one of the values that the schema lists; and none, where none is allowed.
class ChoiceField final : public FormField {
    Q_OBJECT
public:
    ChoiceField(Theme &theme, const SchemaField &schema, QWidget *parent);
    void setValue(const Json *value) override;
    [[nodiscard]] std::optional<Json> value() const override { return m_value; }

private:
    std::optional<Json> m_value;
    std::vector<Json> m_choices; ///< behind the combo box's rows but the first, "not stated"
    QComboBox *m_box;
};

} // namespace commander::ui
