// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/request_dialog.h"

#include "models/format.h"
#include "widgets/code_box.h"
#include "widgets/labels.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int answerLines = 18;
constexpr qsizetype shownMax = 200'000; ///< bytes of an answer

const char *const exampleBody = R"({
  "action": "transfer-money",
  "data": {"from_account": "12345", "to_account": "54321", "amount": 10000}
})";

} // namespace

RequestDialog::RequestDialog(RestControl &control, Theme &theme, QWidget *parent)
    : QDialog(parent), m_control(control), m_method(new QComboBox), m_path(new QLineEdit(u"/commands?sync=true"_s)),
      m_body(new QPlainTextEdit(QString::fromLatin1(exampleBody))),
      m_bodyLabel(makeLabel(LabelRole::Muted, tr("Body"))), m_send(new QPushButton(tr("Send"))),
      m_status(makeLabel(LabelRole::Body)), m_answer(new CodeBox(theme, tr("the answer")))
{
    setWindowTitle(tr("Send a request"));
    resize(760, 640);
    m_method->addItems({u"POST"_s, u"GET"_s, u"PUT"_s, u"DELETE"_s, u"HEAD"_s});
    m_method->setAccessibleName(tr("Method"));
    m_method->view()->setAccessibleName(tr("Methods"));
    m_path->setAccessibleName(tr("Path"));
    m_path->setFont(theme.monospace());
    m_body->setFont(theme.monospace());
    m_body->setAccessibleName(tr("Body"));
    m_body->setTabChangesFocus(true);
    m_send->setProperty("primary", true);
    m_send->setDefault(true);
    m_send->setToolTip(tr("Send it (Ctrl+Return)"));
    m_status->setWordWrap(true);
    m_answer->setLinesMax(answerLines);
    m_answer->hide();

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_method);
    row->addWidget(m_path, 1);
    row->addWidget(m_send);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(10);
    column->addLayout(row);
    column->addWidget(m_bodyLabel);
    column->addWidget(m_body, 1);
    column->addWidget(m_status);
    column->addWidget(m_answer, 2);

    auto *keys = new QShortcut(QKeySequence(int(Qt::CTRL) | int(Qt::Key_Return)), this);
    connect(keys, &QShortcut::activated, m_send, &QPushButton::click);
    connect(m_send, &QPushButton::clicked, this, &RequestDialog::send);
    connect(m_method, &QComboBox::currentTextChanged, this, &RequestDialog::updateParts);
    connect(m_path, &QLineEdit::textChanged, this, &RequestDialog::updateParts);
    connect(&control, &RestControl::changed, this, &RequestDialog::updateParts);
    m_path->setFocus();
    updateParts();
}

void RequestDialog::updateParts()
{
    const auto method = m_method->currentText();
    const bool takesBody = method == u"POST" || method == u"PUT";
    m_bodyLabel->setVisible(takesBody);
    m_body->setVisible(takesBody);
    const bool listening = m_control.status().listening;
    m_send->setEnabled(listening && m_path->text().startsWith(u'/'));
    if (!listening)
        m_status->setText(tr("The server does not run."));
    else if (!m_path->text().startsWith(u'/'))
        m_status->setText(tr("A path begins with a slash."));
    else if (m_answer->isHidden())
        m_status->clear();
}

void RequestDialog::send()
{
    RestQuestion question{m_method->currentText(), m_path->text(), {}};
    if (m_body->isVisible())
        question.body = m_body->toPlainText().toUtf8();
    m_send->setEnabled(false);
    m_status->setText(tr("Waiting for the answer…"));
    m_control.send(question, this, [this](const RestAnswer &answer) { take(answer); });
}

void RequestDialog::take(const RestAnswer &answer)
{
    m_send->setEnabled(true);
    if (answer.status == 0) {
        m_status->setText(tr("No answer: %1").arg(answer.error));
        m_answer->hide();
        return;
    }
    QString line = tr("Status %1 in %2 ms, %3")
                       .arg(answer.status)
                       .arg(QLocale().toString(double(answer.micros) / 1000.0, 'f', 1),
                            formatBytes(std::uint64_t(answer.body.size())));
    if (!answer.contentType.isEmpty())
        line += u", "_s + answer.contentType;
    if (answer.body.size() > shownMax)
        line += u". "_s + tr("Only its beginning is shown.");
    m_status->setText(line);
    m_answer->setCode(QString::fromUtf8(answer.body.left(shownMax)));
    m_answer->show();
}

} // namespace commander::ui
