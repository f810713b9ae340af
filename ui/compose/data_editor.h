// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compose/schema_field.h"
#include "theme/theme.h"

#include <commander/error.h>

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QScrollArea;
class QStackedWidget;

namespace commander::ui {

class FormField;
class SegmentedControl;

/// The data of a command, as a form or as JSON: two faces of the same bytes. What the user does not touch stays as it
/// was, byte for byte.
class DataEditor final : public QWidget {
    Q_OBJECT
public:
    explicit DataEditor(Theme &theme, QWidget *parent = nullptr);
    void setSchema(const SchemaField &schema, std::string data);
    /// Replaces the data only.
    void setData(std::string data);
    [[nodiscard]] const std::string &data() const { return m_data; } ///< exactly what would be sent
    /// Marks the fields; none clears all marks.
    void showProblems(const std::vector<ErrorDetail> &problems);
    void focusFirstProblem();
    [[nodiscard]] SegmentedControl &face() { return *m_face; } ///< 0 form, 1 JSON
    [[nodiscard]] QPlainTextEdit &jsonEdit() { return *m_json; }

Q_SIGNALS:
    void edited(); ///< by the user; data() has changed

private:
    void takeForm();
    void takeJson();
    void showFace(int face);
    void fillForm();
    void fillJson();

    Theme &m_theme;
    std::string m_data;
    QString m_shownJson;      ///< what the text edit holds
    bool m_formStale = false; ///< the JSON was changed since the form was filled
    SegmentedControl *m_face;
    QStackedWidget *m_stack;
    QScrollArea *m_area;
    FormField *m_form = nullptr;
    QPlainTextEdit *m_json;
    QLabel *m_note; ///< why there is no form
};

} // namespace commander::ui
