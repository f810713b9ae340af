// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/data_editor.h"

#include "compose/form_field.h"
#include "models/format.h"
#include "models/words.h"
#include "widgets/json_highlighter.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTextDocument>
#include <QVBoxLayout>

namespace commander::ui {

namespace {
constexpr int formFace = 0;
constexpr int jsonFace = 1;
// Parsing more than this would hold the window up.
constexpr std::size_t formBytesMax = 128 * 1024;

/// Every character as it is: toPlainText() would turn spaces that do not break into others.
QString shownText(const QPlainTextEdit &edit)
{
    return edit.document()->toRawText().replace(QChar::ParagraphSeparator, u'\n');
}
} // namespace

DataEditor::DataEditor(Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme),
      m_face(new SegmentedControl(tr("How to edit the data"), {tr("Form"), tr("JSON")})), m_stack(new QStackedWidget),
      m_area(new QScrollArea), m_json(new QPlainTextEdit), m_note(makeLabel(LabelRole::Small))
{
    m_json->setFont(theme.monospace());
    m_json->setTabChangesFocus(true);
    m_json->setAccessibleName(tr("Data of the command as JSON"));
    m_json->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_json->document()->setDocumentMargin(8);
    new JsonHighlighter(theme, m_json->document()); // owned by the document
    m_area->setWidgetResizable(true);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->viewport()->setAutoFillBackground(false);
    m_note->setProperty("role", QStringLiteral("problem"));
    m_note->setWordWrap(true);
    m_note->hide();

    auto *jsonSide = new QWidget;
    auto *jsonColumn = new QVBoxLayout(jsonSide);
    jsonColumn->setContentsMargins(0, 0, 0, 0);
    jsonColumn->setSpacing(6);
    jsonColumn->addWidget(m_json, 1);
    jsonColumn->addWidget(m_note);
    m_stack->addWidget(m_area);
    m_stack->addWidget(jsonSide);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    connect(m_face, &SegmentedControl::chosen, this, &DataEditor::showFace);
    connect(m_json, &QPlainTextEdit::textChanged, this, &DataEditor::takeJson);
}

void DataEditor::setSchema(const SchemaField &schema, std::string data)
{
    m_form = FormField::make(m_theme, schema);
    auto *page = new QWidget;
    page->setProperty("surface", true);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 10, 0);
    column->addWidget(m_form);
    column->addStretch(1);
    m_area->setWidget(page); // deletes the form before
    connect(m_form, &FormField::edited, this, &DataEditor::takeForm);
    setData(std::move(data));
}

void DataEditor::setData(std::string data)
{
    m_data = std::move(data);
    fillJson();
    fillForm();
    showProblems({});
    if (m_formStale)
        m_face->setCurrent(jsonFace);
}

void DataEditor::fillForm()
{
    m_formStale = true;
    m_note->hide();
    if (!m_form)
        return;
    if (m_data.size() > formBytesMax) {
        m_note->setText(tr("The data is too long for a form."));
        m_note->show();
        return;
    }
    const auto parsed = parseJson(m_data);
    if (!parsed) {
        m_note->setText(errorText(parsed.error()));
        m_note->show();
        return;
    }
    m_form->setValue(&*parsed);
    m_formStale = false;
}

void DataEditor::fillJson()
{
    const QSignalBlocker quiet(m_json);
    m_json->setPlainText(toText(prettyJson(m_data)));
    m_shownJson = shownText(*m_json);
}

void DataEditor::takeForm()
{
    if (const auto value = m_form->value())
        m_data = writeJson(*value);
    else
        m_data = "{}";
    fillJson();
    Q_EMIT edited();
}

void DataEditor::takeJson()
{
    // Colouring anew is no change of the text; the bytes must not change with it.
    const QString text = shownText(*m_json);
    if (text == m_shownJson)
        return;
    m_shownJson = text;
    m_data = toUtf8(text);
    fillForm();
    Q_EMIT edited();
}

void DataEditor::showFace(int face)
{
    if (face == formFace && m_formStale) {
        m_face->setCurrent(jsonFace); // what cannot be read has no form; the note says why
        return;
    }
    m_stack->setCurrentIndex(face);
}

void DataEditor::showProblems(const std::vector<ErrorDetail> &problems)
{
    if (m_form)
        m_form->showProblems(problems, {});
}

void DataEditor::focusFirstProblem()
{
    if (m_face->current() == jsonFace) {
        m_json->setFocus();
        return;
    }
    if (QWidget *control = m_form ? m_form->firstProblem() : nullptr) {
        control->setFocus();
        m_area->ensureWidgetVisible(control);
    }
}

} // namespace commander::ui
