// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/compose_outcome.h"

#include "compose/preview_tree.h"
#include "ledger/outcome_box.h"
#include "models/format.h"
#include "models/words.h"
#include "widgets/banner.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"

#include <commander/command_terms.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

ComposeOutcome::ComposeOutcome(Theme &theme, QWidget *parent)
    : QWidget(parent), m_stack(new QStackedWidget), m_empty(new EmptyState(theme, u"send"_s)),
      m_dry(new Banner(theme, Theme::Tone::Pending, Banner::Weight::Quiet, u"info"_s)),
      m_fault(new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, u"failed"_s)),
      m_stale(makeLabel(LabelRole::Small, tr("The command was edited since."))), m_receipt(makeLabel(LabelRole::Body)),
      m_box(new OutcomeBox(theme)), m_tree(new PreviewTree(theme)), m_links(new QWidget),
      m_lineage(new QPushButton(tr("Show its lineage")))
{
    auto *content = new QWidget;
    m_receipt->setWordWrap(true);
    auto *ledger = new QPushButton(tr("Show it in the ledger"));
    auto *links = new QHBoxLayout(m_links);
    links->setContentsMargins(0, 0, 0, 0);
    links->setSpacing(8);
    links->addWidget(m_lineage);
    links->addWidget(ledger);
    links->addStretch(1);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_dry);
    column->addWidget(m_fault);
    column->addWidget(m_stale);
    column->addWidget(m_receipt);
    column->addWidget(m_box);
    column->addWidget(m_tree, 1);
    column->addWidget(m_links);
    column->addStretch(0);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
    connect(m_lineage, &QPushButton::clicked, this, &ComposeOutcome::lineageWanted);
    connect(ledger, &QPushButton::clicked, this, &ComposeOutcome::ledgerWanted);
    showNothing();
}

void ComposeOutcome::showNothing()
{
    m_empty->setTexts(tr("Try it first"),
                      tr("Preview shows the result that the command would get, its events, the commands that follow "
                         "and every field that would change. Nothing is recorded by it."));
    m_stack->setCurrentIndex(0);
}

void ComposeOutcome::showWorking(const QString &what)
{
    m_empty->setTexts(what, {});
    m_stack->setCurrentIndex(0);
}

void ComposeOutcome::showParts(bool box, bool tree, bool links)
{
    m_dry->hide();
    m_fault->hide();
    m_stale->hide();
    m_receipt->hide();
    m_box->setVisible(box);
    m_tree->setVisible(tree);
    m_links->setVisible(links);
    m_stack->setCurrentIndex(1);
}

void ComposeOutcome::showPreview(const Preview &preview)
{
    const auto refused
        = [](CommandStatus status) { return status != CommandStatus::Accepted && status != CommandStatus::Succeeded; };
    // What would succeed is told by its effects; a refusal by its reason.
    const bool reason = !preview.commands.empty() && refused(preview.commands.front().outcome.status);
    showParts(reason, true, false);
    m_dry->setText(tr("A preview: nothing is recorded. Decided over the documents of position %1.")
                       .arg(formatCount(preview.at.value)));
    m_dry->show();
    if (!preview.viewFaults.empty()) {
        QStringList faults;
        for (const auto &fault : preview.viewFaults)
            faults << toText(fault);
        m_fault->setText(faults.join(u'\n'));
        m_fault->show();
    }
    if (reason)
        m_box->setOutcome(preview.commands.front().outcome);
    m_tree->setPreview(preview);
}

void ComposeOutcome::showReceipt(const CommandReceipt &receipt)
{
    showParts(false, false, true);
    const QString position = formatCount(receipt.command->position.value);
    const auto terms = parseTerms(receipt.command->headers);
    const QString wait = terms && terms->notBefore
        ? u' ' + tr("It is decided at %1.").arg(formatTimeLong(*terms->notBefore, TimeStyle::Local, currentTime()))
        : QString();
    m_receipt->setText(
        receipt.replayed ? tr("It stands at position %1 already, with this id and content: nothing was recorded twice.")
                               .arg(position)
                         : tr("Recorded at position %1.").arg(position) + wait);
    m_receipt->show();
}

void ComposeOutcome::showResult(const CommandOutcome &outcome)
{
    m_box->setOutcome(outcome);
    m_box->show();
    m_lineage->setFocus();
}

void ComposeOutcome::showError(const Error &error)
{
    showParts(false, false, false);
    QString text = errorText(error);
    for (const auto &detail : error.details)
        text += u"\n%1: %2"_s.arg(toText(detail.pointer.empty() ? "/" : detail.pointer), toText(detail.message));
    m_fault->setText(text);
    m_fault->show();
}

void ComposeOutcome::setStale()
{
    m_stale->show();
}

} // namespace commander::ui
