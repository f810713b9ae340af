// SPDX-License-Identifier: GPL-3.0-or-later
#include "testcase/case_dialog.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/json_highlighter.h"
#include "widgets/labels.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int typingMs = 250;
constexpr qsizetype namesMax = 6;
} // namespace

CaseDialog::CaseDialog(EngineLink &link, Theme &theme, const Record &command, QWidget *parent)
    : QDialog(parent), m_link(link), m_command(command.id), m_name(new QLineEdit), m_note(makeLabel(LabelRole::Small)),
      m_problem(makeLabel(LabelRole::Small)), m_text(new QPlainTextEdit), m_copy(new QPushButton(tr("Copy"))),
      m_save(new QPushButton(tr("Save…")))
{
    setWindowTitle(tr("A test of this command"));
    resize(820, 620);
    m_name->setText(command.key.empty() ? toText(command.action)
                                        : u"%1 of %2"_s.arg(toText(command.action), toText(command.key)));
    m_name->setAccessibleName(tr("Name of the test"));
    m_note->setWordWrap(true);
    m_problem->setProperty("role", u"problem"_s);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_text->setReadOnly(true);
    m_text->setFont(theme.monospace());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("The test as JSON"));
    m_text->document()->setDocumentMargin(8);
    new JsonHighlighter(theme, m_text->document()); // owned by the document
    m_save->setProperty("primary", true);
    m_save->setDefault(true);
    auto *close = new QPushButton(tr("Close"));

    auto *nameRow = new QHBoxLayout;
    nameRow->setSpacing(10);
    auto *nameLabel = makeLabel(LabelRole::Muted, tr("Name"));
    nameLabel->setBuddy(m_name);
    nameRow->addWidget(nameLabel);
    nameRow->addWidget(m_name, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    buttons->addWidget(close);
    buttons->addWidget(m_save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 18, 18, 14);
    column->setSpacing(10);
    column->addLayout(nameRow);
    column->addWidget(m_text, 1);
    column->addWidget(m_note);
    column->addWidget(m_problem);
    column->addLayout(buttons);

    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    connect(m_name, &QLineEdit::textEdited, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, &CaseDialog::build);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(toText(m_draft.json)); });
    connect(m_save, &QPushButton::clicked, this, &CaseDialog::askWhere);
    m_copy->setEnabled(false);
    m_save->setEnabled(false);
    build();
}

void CaseDialog::build()
{
    m_link.ask<TestCaseDraft>(
        m_ask,
        [command = m_command, name = toUtf8(m_name->text().trimmed())](Engine &engine, std::stop_token stop) {
            return buildTestCase(engine, command, name, std::move(stop));
        },
        [this](const Result<TestCaseDraft> &draft) { take(draft); });
}

void CaseDialog::take(const Result<TestCaseDraft> &draft)
{
    m_draft = draft ? *draft : TestCaseDraft{};
    const bool named = !m_name->text().trimmed().isEmpty();
    m_text->setPlainText(toText(m_draft.json));
    m_copy->setEnabled(draft.has_value() && named);
    m_save->setEnabled(draft.has_value() && named);
    m_problem->setText(!draft ? errorText(draft.error()) : named ? QString() : tr("A test needs a name."));
    m_problem->setVisible(!m_problem->text().isEmpty());
    m_note->setVisible(draft.has_value());
    QStringList names;
    for (const auto &document : m_draft.documents)
        names << toText(document);
    const qsizetype more = std::max<qsizetype>(0, names.size() - namesMax);
    names = names.first(std::min(names.size(), namesMax));
    if (more > 0)
        names << tr("%Ln more", nullptr, int(more));
    QString note = tr("Given: %Ln earlier event(s)", nullptr, int(m_draft.given));
    if (!names.isEmpty())
        note += tr(" of %1", "documents").arg(names.join(u", "_s));
    note += tr(
        ". Then: what the ledger recorded. Put it into the folder tests of the domain; commanderctl test runs it.");
    if (m_draft.cut)
        note += u' ' + tr("There are more earlier events; the oldest are left out, so check that it still passes.");
    m_note->setText(note);
}

void CaseDialog::askWhere()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the test"), toText(m_draft.fileName),
                                                      tr("Tests of a domain (*.json)"));
    if (path.isEmpty())
        return;
    const QString problem = saveTo(path);
    if (problem.isEmpty()) {
        accept();
        return;
    }
    m_problem->setText(problem);
    m_problem->show();
}

QString CaseDialog::saveTo(const QString &path) const
{
    QSaveFile file(path);
    const QByteArray bytes = QByteArray::fromStdString(m_draft.json);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return tr("%1 cannot be written: %2").arg(path, file.errorString());
}

} // namespace commander::ui
