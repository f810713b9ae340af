// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/json_panel.h"

#include "ledger/value_menu.h"
#include "models/format.h"
#include "models/json_place.h"
#include "widgets/icon_button.h"
#include "widgets/json_highlighter.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <commander/json.h>

#include <QHBoxLayout>
#include <QMenu>
#include <QPlainTextEdit>
#include <QToolButton>

namespace commander::ui {

namespace {
// More than a screen, little enough to colour within a frame.
constexpr std::size_t beginningBytes = 24 * 1024;
} // namespace

JsonPanel::JsonPanel(Theme &theme, QWidget *parent)
    : QWidget(parent), m_form(new SegmentedControl(tr("Form of the data"), {tr("Pretty"), tr("Raw bytes")})),
      m_size(makeLabel(LabelRole::Small)), m_text(new QPlainTextEdit), m_more(new QToolButton)
{
    m_text->setReadOnly(true);
    m_text->setFont(theme.monospace());
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Data of the record"));
    m_text->document()->setDocumentMargin(8);
    new JsonHighlighter(theme, m_text->document()); // owned by the document
    m_size->setToolTip(tr("Numbers, order, escapes and spaces are exactly as they were recorded"));
    m_more->hide();
    auto *copy = new CopyButton(theme, tr("Copy the data"), [this] { return rawText(); });

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(makeLabel(LabelRole::Caption, tr("DATA")));
    head->addWidget(m_size);
    head->addStretch(1);
    head->addWidget(m_form);
    head->addWidget(copy);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(m_text, 1);
    column->addWidget(m_more);
    connect(m_form, &SegmentedControl::chosen, this, &JsonPanel::refresh);
    m_text->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_text, &QWidget::customContextMenuRequested, this, &JsonPanel::showMenu);
    connect(m_more, &QToolButton::clicked, this, [this] {
        m_all = true;
        refresh();
    });
}

void JsonPanel::setJson(std::string json)
{
    if (json == m_json)
        return;
    m_json = std::move(json);
    m_all = false;
    refresh();
}

QString JsonPanel::rawText() const
{
    return toText(m_json);
}

std::optional<FilterNode> JsonPanel::conditionAt(int character) const
{
    const auto text = toUtf8(m_text->toPlainText());
    const auto before = toUtf8(m_text->toPlainText().left(character));
    auto place = jsonPlaceAt(text, before.size());
    if (!place)
        return std::nullopt;
    return equalFilter(FilterField::Data, std::move(place->path), place->value);
}

void JsonPanel::showMenu(const QPoint &place)
{
    const std::unique_ptr<QMenu> menu(m_text->createStandardContextMenu());
    if (const auto condition = conditionAt(m_text->cursorForPosition(place).position())) {
        menu->addSeparator();
        addValueActions(*menu, *condition, [this](const FilterNode &chosen) { Q_EMIT filterWanted(chosen); });
    }
    menu->exec(m_text->mapToGlobal(place));
}

void JsonPanel::refresh()
{
    const bool cut = !m_all && m_json.size() > beginningBytes;
    const bool pretty = m_form->current() == 0;
    // Cut before re-indenting: prettyJson only moves white space, so a beginning stays a beginning.
    const std::string_view shown = std::string_view(m_json).substr(0, cut ? beginningBytes : m_json.size());
    m_text->setLineWrapMode(pretty ? QPlainTextEdit::NoWrap : QPlainTextEdit::WidgetWidth);
    m_text->setPlainText(pretty ? toText(prettyJson(shown)) : toText(shown));
    m_size->setText(m_json.empty() ? QString() : tr("%1, exact").arg(formatBytes(m_json.size())));
    m_more->setVisible(cut);
    m_more->setText(tr("Show all %1").arg(formatBytes(m_json.size())));
}

} // namespace commander::ui
