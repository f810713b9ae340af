// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/code_box.h"

#include "widgets/icon_button.h"

#include <algorithm>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QTextBlock>

namespace commander::ui {

CodeBox::CodeBox(Theme &theme, const QString &name, QWidget *parent) : QFrame(parent), m_text(new QPlainTextEdit)
{
    setProperty("inset", true);
    m_text->setProperty("plain", true);
    m_text->setReadOnly(true);
    m_text->setFont(theme.monospace());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(name);
    m_text->document()->setDocumentMargin(2);
    m_copy = new CopyButton(theme, tr("Copy: %1").arg(name), [this] { return m_code; });
    connect(m_copy, &CopyButton::copied, this, &CodeBox::copied);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 6, 6, 6);
    row->setSpacing(6);
    row->addWidget(m_text, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    fitHeight();
}

void CodeBox::setCode(const QString &code)
{
    if (code == m_code)
        return;
    m_code = code;
    m_text->setPlainText(code);
    fitHeight();
}

void CodeBox::setLinesMax(int lines)
{
    m_linesMax = lines;
    fitHeight();
}

void CodeBox::fitHeight()
{
    const int all = m_text->document()->blockCount();
    const int lines = m_linesMax > 0 ? std::min(all, m_linesMax) : all;
    m_text->setVerticalScrollBarPolicy(lines < all ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    const int lineHeight = m_text->fontMetrics().lineSpacing();
    const int scrollBar = 14;
    m_text->setFixedHeight(lines * lineHeight + scrollBar + 2);
}

} // namespace commander::ui
