// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/request_detail.h"

#include "models/format.h"
#include "rest_page/request_model.h"
#include "widgets/code_box.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int linesMax = 12;
constexpr int unbrokenMax = 28;
constexpr qsizetype titleMax = 120;

/// A label breaks lines at blanks only; addresses have none.
QString breakable(const QString &text)
{
    QString broken;
    int run = 0;
    for (const QChar c : text) {
        broken += c;
        run = c.isSpace() ? 0 : run + 1;
        if (run >= unbrokenMax || c == u'/' || c == u'?' || c == u'&') {
            broken += QChar(0x200b); // zero width
            run = 0;
        }
    }
    return broken;
}

} // namespace

RequestDetail::RequestDetail(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_title(makeLabel(LabelRole::Heading)),
      m_outcome(makeLabel(LabelRole::Body)), m_facts(makeLabel(LabelRole::Muted)),
      m_syntax(new SegmentedControl(tr("Written for"), {tr("curl"), tr("HTTPie"), tr("fetch")})),
      m_line(new CodeBox(theme, tr("the request"))), m_note(makeLabel(LabelRole::Small)),
      m_command(new QPushButton(tr("Show the command"))), m_lineage(new QPushButton(tr("Show its lineage")))
{
    // Without its layout's help, the code would ask for the width of its longest line.
    m_line->setMinimumWidth(0);
    m_title->setWordWrap(true);
    m_outcome->setWordWrap(true);
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_note->setWordWrap(true);
    m_line->setLinesMax(linesMax);
    m_command->setToolTip(tr("Show what it recorded in the ledger"));
    m_lineage->setToolTip(tr("Show what it caused"));

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_command);
    buttons->addWidget(m_lineage);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    column->addWidget(m_title);
    column->addWidget(m_outcome);
    column->addWidget(m_facts);
    column->addLayout(buttons);
    column->addSpacing(6);
    column->addWidget(m_syntax, 0, Qt::AlignLeft);
    column->addWidget(m_line);
    column->addWidget(m_note);
    column->addStretch(1);

    connect(m_syntax, &SegmentedControl::chosen, this, &RequestDetail::showLine);
    connect(m_command, &QPushButton::clicked, this, [this] {
        showCommand();
        m_selection.show(Selection::Page::Ledger);
    });
    connect(m_lineage, &QPushButton::clicked, this, [this] {
        showCommand();
        m_selection.show(Selection::Page::Lineage);
    });
    setEntry(nullptr, {});
}

void RequestDetail::showCommand()
{
    if (!m_request)
        return;
    if (const auto id = Uuid::parse(m_request->entry.command))
        m_selection.selectRecord(*id);
}

void RequestDetail::setEntry(const RequestEntry *entry, const QString &baseUrl)
{
    m_ask.cancel();
    m_baseUrl = baseUrl;
    m_request.reset();
    for (QWidget *part : {static_cast<QWidget *>(m_title), static_cast<QWidget *>(m_outcome),
                          static_cast<QWidget *>(m_syntax), static_cast<QWidget *>(m_line)})
        part->setVisible(entry);
    m_note->hide();
    m_command->setVisible(entry && !entry->command.empty());
    m_lineage->setVisible(entry && !entry->command.empty());
    if (!entry) {
        m_facts->setText(tr("Choose a request to see it here."));
        return;
    }
    m_request = KnownRequest{*entry, {}};
    auto target = toText(entry->target); // all of it stands in the line to copy
    if (target.size() > titleMax)
        target = target.left(titleMax) + u'…';
    m_title->setText(breakable(toText(entry->method) + u' ' + target));
    m_outcome->setText(outcomeText(*entry));
    QStringList facts{formatTimeLong(entry->time, TimeStyle::Local, currentTime()),
                      tr("Took %1 ms, %2 sent")
                          .arg(QLocale().toString(double(entry->micros) / 1000.0, 'f', 2), formatBytes(entry->bytes)),
                      tr("From %1").arg(toText(entry->client))};
    if (!entry->token.empty())
        facts << tr("With the token %1").arg(breakable(toText(entry->token)));
    if (!entry->command.empty())
        facts << tr("Command %1").arg(toText(entry->command));
    m_facts->setText(facts.join(u'\n'));
    show({});
    // What was sent is not kept, but what it recorded is.
    const auto id = Uuid::parse(entry->command);
    if (!id || entry->method != "POST")
        return;
    m_link.ask<RecordPtr>(
        m_ask, [id = *id](Engine &engine, std::stop_token) { return engine.records().find(id); },
        [this](Result<RecordPtr> record) {
            if (record && (*record)->kind == RecordKind::Command)
                show(bodyOfCommand(**record));
        });
}

void RequestDetail::show(std::optional<std::string> body)
{
    // Only the command's own way in takes a command as its body.
    if (m_request->entry.target.starts_with("/commands") && !m_request->entry.target.starts_with("/commands/"))
        m_request->body = std::move(body);
    const bool lacks = lacksBody(*m_request);
    m_note->setVisible(lacks || m_request->body);
    m_note->setText(lacks
                        ? tr("Bodies are not kept, so it is shown without one.")
                        : tr("The body was made of the command as it is recorded, with its id: sent again, it records "
                             "nothing twice."));
    showLine();
}

void RequestDetail::showLine()
{
    if (m_request)
        m_line->setCode(requestLine(RequestSyntax(m_syntax->current()), m_baseUrl, *m_request));
}

} // namespace commander::ui
