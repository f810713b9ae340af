// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compose/schema_field.h"
#include "theme/theme.h"

#include <commander/error.h>

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace commander::ui {

/// One value of a form: its name, its control, its hint and what the engine says against it. A field keeps the value
/// it was given, digits and all, until the user changes it.
class FormField : public QWidget {
    Q_OBJECT
public:
    /// The control that fits.
    [[nodiscard]] static FormField *make(Theme &theme, const SchemaField &schema, QWidget *parent = nullptr);

    [[nodiscard]] const SchemaField &schema() const { return m_schema; }
    /// Null pointer: there is no such value. Tells nobody.
    virtual void setValue(const Json *value) = 0;
    /// Nothing: leave it out.
    [[nodiscard]] virtual std::optional<Json> value() const = 0;
    /// Shows those that are of this value or below it; `pointer` says where it stands. Others are ignored.
    virtual void showProblems(const std::vector<ErrorDetail> &problems, const std::string &pointer);
    /// The first control below that has a problem; null when there is none.
    [[nodiscard]] virtual QWidget *firstProblem() const;
    void setProblem(const QString &problem);
    [[nodiscard]] QString problem() const;

Q_SIGNALS:
    void edited(); ///< by the user

protected:
    FormField(Theme &theme, SchemaField schema, QWidget *parent);
    /// Name above, hint and problem below. `control` takes the name for assistive technology.
    void frame(QWidget *control, QWidget *focus);
    [[nodiscard]] QString label() const; ///< the member's name, or its title

    Theme &m_theme;
    const SchemaField m_schema;

private:
    QWidget *m_focus = nullptr;
    QLabel *m_problem = nullptr;
};

} // namespace commander::ui
