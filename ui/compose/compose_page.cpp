// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/compose_page.h"

#include "compose/command_list.h"
#include "compose/command_options.h"
#include "compose/compose_outcome.h"
#include "compose/data_editor.h"
#include "models/curl_lines.h"
#include "models/format.h"
#include "models/words.h"
#include "widgets/card.h"
#include "widgets/elided_label.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <algorithm>
#include <commander/command_terms.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int typingMs = 250;
constexpr auto splitterKey = "compose/splitter"_L1;
constexpr auto actionKey = "compose/action"_L1;
} // namespace

ComposePage::ComposePage(EngineLink &link, Selection &selection, Theme &theme, std::function<QString()> baseUrl,
                         QWidget *parent)
    : Page(link, selection, parent), m_baseUrl(std::move(baseUrl)), m_list(new CommandList(theme)),
      m_editor(new DataEditor(theme)), m_options(new CommandOptions(theme)), m_state(makeLabel(LabelRole::Small)),
      m_outcome(new ComposeOutcome(theme)), m_splitter(new QSplitter(Qt::Horizontal))
{
    auto *commands = new Card(tr("Commands"));
    commands->body()->addWidget(m_list, 1);
    auto *outcome = new Card(tr("What it does"));
    outcome->body()->addWidget(m_outcome, 1);
    m_splitter->addWidget(commands);
    m_splitter->addWidget(makeForm());
    m_splitter->addWidget(outcome);
    m_splitter->setSizes({240, 540, 540});
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setStretchFactor(2, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(10);
    m_splitter->setStyleSheet(u"QSplitter::handle { background: transparent; }"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->addWidget(m_splitter);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    connectParts();
}

QWidget *ComposePage::makeForm()
{
    m_card = new Card(tr("Choose a command"));
    m_card->corner()->addWidget(&m_editor->face());
    m_title = new ElidedLabel;
    m_title->setProperty("role", u"muted"_s);
    m_state->setWordWrap(true);
    m_card->body()->addWidget(m_title);
    m_card->body()->addWidget(m_editor, 1);
    m_card->body()->addWidget(m_options);
    m_card->body()->addWidget(m_state);
    m_card->body()->addWidget(makeButtons());
    return m_card;
}

QWidget *ComposePage::makeButtons()
{
    auto *all = new QWidget;
    m_preview = new QPushButton(tr("Preview"));
    m_preview->setToolTip(tr("Show what it would do, without recording anything (F5)"));
    m_send = new QPushButton(tr("Send"));
    m_send->setProperty("primary", true);
    m_send->setToolTip(tr("Record the command (Ctrl+Return)"));
    m_copy = new QPushButton(tr("Copy"));
    m_copy->setProperty("menuButton", true);
    m_copy->setAccessibleName(tr("Copy for a terminal"));
    auto *menu = new QMenu(m_copy);
    auto *curl = menu->addAction(tr("As curl: send this command"), this, [this] {
        QGuiApplication::clipboard()->setText(curlSubmitLine(m_baseUrl(), draft()));
    });
    connect(menu, &QMenu::aboutToShow, this, [this, curl] {
        const CommandDraft stated = draft();
        curl->setEnabled(!stated.notBefore && !stated.expiresAt); // REST has no words for these
    });
    menu->addAction(tr("As curl: follow what it causes"), this,
                    [this] { QGuiApplication::clipboard()->setText(curlFollowLine(m_baseUrl(), draft())); });
    menu->addAction(tr("The data"), this, [this] { QGuiApplication::clipboard()->setText(toText(m_editor->data())); });
    m_copy->setMenu(menu);
    auto *example = new QPushButton(tr("Example"));
    example->setToolTip(tr("Fill in the example that the domain gives"));
    connect(example, &QPushButton::clicked, this, [this] { choose(toText(m_action)); });

    auto *row = new QHBoxLayout(all);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_preview);
    row->addWidget(m_send);
    row->addStretch(1);
    row->addWidget(example);
    row->addWidget(m_copy);
    return all;
}

void ComposePage::connectParts()
{
    connect(m_list, &CommandList::chosen, this, [this](const QString &action) {
        if (toUtf8(action) != m_action)
            choose(action);
    });
    connect(m_editor, &DataEditor::edited, this, &ComposePage::noticeEdit);
    connect(m_options, &CommandOptions::edited, this, &ComposePage::noticeEdit);
    connect(&m_typing, &QTimer::timeout, this, &ComposePage::validate);
    connect(m_preview, &QPushButton::clicked, this, &ComposePage::preview);
    connect(m_send, &QPushButton::clicked, this, &ComposePage::send);
    connect(m_outcome, &ComposeOutcome::lineageWanted, this, [this] {
        m_selection.selectRecord(m_sent);
        m_selection.show(Selection::Page::Lineage);
    });
    connect(m_outcome, &ComposeOutcome::ledgerWanted, this, [this] {
        m_selection.selectRecord(m_sent);
        m_selection.show(Selection::Page::Ledger);
    });
    connect(&m_selection, &Selection::composeRequested, this, &ComposePage::openRecorded);
    connect(&m_link, &EngineLink::progressed, this, &ComposePage::watchResult);
    const auto add = [this](const QKeySequence &keys, QPushButton *button) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, button, &QPushButton::click);
    };
    add(QKeySequence(Qt::Key_F5), m_preview);
    add(QKeySequence(Qt::CTRL | Qt::Key_Return), m_send);
    add(QKeySequence(Qt::CTRL | Qt::Key_Enter), m_send);
}

void ComposePage::activate()
{
    m_active = true;
    const bool readOnly = m_link.status().readOnly;
    m_send->setEnabled(!readOnly);
    m_send->setToolTip(readOnly ? tr("This workspace is open for reading only")
                                : tr("Record the command (Ctrl+Return)"));
    loadDomains();
    if (m_action.empty() && !m_domains.empty() && !m_domains.front().commands.empty())
        m_list->setCurrent(toText(m_domains.front().commands.front().action));
    watchResult();
}

void ComposePage::deactivate()
{
    m_active = false;
    m_typing.stop();
}

void ComposePage::saveState(QSettings &settings) const
{
    settings.setValue(splitterKey, m_splitter->saveState());
    settings.setValue(actionKey, toText(m_action));
}

void ComposePage::restoreState(const QSettings &settings)
{
    if (const QByteArray state = settings.value(splitterKey).toByteArray(); !state.isEmpty())
        m_splitter->restoreState(state);
    loadDomains();
    m_list->setCurrent(settings.value(actionKey).toString());
}

void ComposePage::loadDomains()
{
    auto domains = m_link.domains();
    const auto same = [](const DomainDescription &a, const DomainDescription &b) {
        return a.name == b.name && a.hash == b.hash && a.commands.size() == b.commands.size();
    };
    if (std::equal(domains.begin(), domains.end(), m_domains.begin(), m_domains.end(), same))
        return;
    m_domains = std::move(domains);
    m_list->setDomains(m_domains);
    m_list->setCurrent(toText(m_action));
}

void ComposePage::choose(const QString &action)
{
    for (const auto &domain : m_domains) {
        for (const auto &command : domain.commands) {
            if (command.action == toUtf8(action)) {
                m_options->clear();
                open(command.action, command.example.empty() ? "{}" : command.example);
                return;
            }
        }
    }
}

bool ComposePage::open(const std::string &action, std::string content)
{
    loadDomains();
    const CommandSpec *spec = nullptr;
    for (const auto &domain : m_domains) {
        const auto found = std::find_if(domain.commands.begin(), domain.commands.end(),
                                        [&action](const CommandSpec &one) { return one.action == action; });
        if (found != domain.commands.end())
            spec = &*found;
    }
    if (!spec)
        return false;
    m_action = action;
    m_list->setCurrent(toText(action));
    m_card->setHeading(toText(action));
    m_title->setFullText(toText(spec->title));
    const auto schema = SchemaField::read(spec->schema);
    m_editor->setSchema(schema ? *schema : SchemaField{}, std::move(content));
    m_outcome->showNothing();
    m_waiting = false;
    validate();
    return true;
}

void ComposePage::openRecorded(const Uuid &command)
{
    m_link.ask<RecordPtr>(
        m_askRecord, [command](Engine &engine, std::stop_token) { return engine.records().find(command); },
        [this](const Result<RecordPtr> &record) {
            if (!record) {
                m_outcome->showError(record.error());
                return;
            }
            m_options->clear();
            if (!open((*record)->action, (*record)->data)) {
                Error gone;
                gone.code = ErrorCode::UnknownAction;
                gone.where = (*record)->action;
                m_outcome->showError(gone);
                return;
            }
            m_againData = (*record)->data;
            if (const auto terms = parseTerms((*record)->headers))
                m_options->setExpectedRevision(terms->expectedRevision);
            m_options->setParentCommand((*record)->id,
                                        u"%1 %2"_s.arg(toText((*record)->action), shortId((*record)->id)));
        });
}

void ComposePage::noticeEdit()
{
    m_outcome->setStale();
    m_typing.start();
}

CommandDraft ComposePage::draft(bool *good)
{
    CommandDraft draft;
    draft.action = m_action;
    draft.data = m_editor->data();
    draft.actor = "console";
    const bool read = m_options->apply(draft);
    if (good)
        *good = read;
    return draft;
}

void ComposePage::validate()
{
    m_typing.stop();
    bool good = false;
    CommandDraft asked = draft(&good);
    if (m_action.empty() || !good) {
        m_state->clear();
        return;
    }
    m_link.ask<void>(
        m_askValid,
        [asked = std::move(asked)](Engine &engine, std::stop_token) { return engine.commands().validate(asked); },
        [this](const Result<void> &valid) {
            if (!valid) {
                takeProblems(valid.error());
                return;
            }
            m_editor->showProblems({});
            m_state->setText(tr("The data fits the schema."));
        });
}

void ComposePage::takeProblems(const Error &error)
{
    m_editor->showProblems(error.details);
    m_state->setText(error.code == ErrorCode::SchemaInvalid
                         ? tr("%Ln spot(s) of the data do not fit the schema.", nullptr, int(error.details.size()))
                         : errorText(error));
}

void ComposePage::preview()
{
    bool good = false;
    CommandDraft asked = draft(&good);
    if (m_action.empty() || !good)
        return;
    m_waiting = false;
    m_outcome->showWorking(tr("Trying it out…"));
    m_link.ask<Preview>(
        m_askPreview,
        [asked = std::move(asked), at = m_selection.moment()](Engine &engine, std::stop_token stop) {
            return engine.previews().preview(asked, at, stop);
        },
        [this](const Result<Preview> &preview) {
            if (preview) {
                m_outcome->showPreview(*preview);
                return;
            }
            m_outcome->showError(preview.error());
            takeProblems(preview.error());
            m_editor->focusFirstProblem();
        });
}

void ComposePage::send()
{
    bool good = false;
    CommandDraft sent = draft(&good);
    if (m_action.empty() || !good)
        return;
    m_askPreview.cancel();
    m_waiting = false;
    m_send->setEnabled(false);
    m_outcome->showWorking(tr("Sending…"));
    const auto answer = [this](const Result<CommandReceipt> &receipt) { takeReceipt(receipt); };
    const bool asItWas = sent.parent && sent.data == m_againData && !sent.notBefore && !sent.expiresAt;
    if (!asItWas) {
        m_link.submit(std::move(sent), this, answer);
        return;
    }
    // Whoever opened the form of a command that succeeded wants it twice.
    RetryOptions retry{sent.id, sent.actor, true, sent.expectedRevision};
    m_link.retry(*sent.parent, std::move(retry), this, answer);
}

void ComposePage::takeReceipt(const Result<CommandReceipt> &receipt)
{
    m_send->setEnabled(true);
    if (!receipt) {
        m_outcome->showError(receipt.error());
        takeProblems(receipt.error());
        m_editor->focusFirstProblem();
        return;
    }
    m_sent = receipt->command->id;
    m_waiting = true;
    m_outcome->showReceipt(*receipt);
    watchResult();
}

void ComposePage::watchResult()
{
    if (!m_waiting || !m_active || m_askResult.isPending())
        return;
    m_link.ask<RecordPtr>(
        m_askResult, [id = m_sent](Engine &engine, std::stop_token) { return engine.records().result(id); },
        [this, id = m_sent](const Result<RecordPtr> &result) {
            if (!m_waiting || id != m_sent || !result || !*result)
                return; // not indexed yet: the next news brings us here again
            m_waiting = false;
            if (const auto outcome = parseOutcome((*result)->data))
                m_outcome->showResult(*outcome);
            else
                m_outcome->showError(outcome.error());
        });
}

} // namespace commander::ui
