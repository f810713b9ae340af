// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/outcome_box.h"

#include "models/format.h"
#include "models/outcome_details.h"
#include "models/words.h"
#include "widgets/code_box.h"
#include "widgets/labels.h"

#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int codeLinesMax = 9;

Theme::Tone toneOf(CommandStatus status)
{
    switch (status) {
    case CommandStatus::Accepted:
        return Theme::Tone::Pending;
    case CommandStatus::Succeeded:
        return Theme::Tone::Succeeded;
    case CommandStatus::Rejected:
        return Theme::Tone::Rejected;
    case CommandStatus::Failed:
        return Theme::Tone::Failed;
    case CommandStatus::Expired:
    case CommandStatus::Cancelled:
        return Theme::Tone::Pending;
    }
    return Theme::Tone::Pending;
}

} // namespace

OutcomeBox::OutcomeBox(Theme &theme, QWidget *parent)
    : QFrame(parent), m_theme(theme), m_icon(new IconLabel(theme, u"clock"_s, 18)), m_title(makeLabel(LabelRole::Body)),
      m_detail(makeLabel(LabelRole::Body)), m_codeTitle(makeLabel(LabelRole::Caption)),
      m_code(new CodeBox(theme, tr("details of the outcome")))
{
    setObjectName(u"outcome"_s);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(12, 9, 12, 9);
    grid->setHorizontalSpacing(9);
    grid->setVerticalSpacing(3);
    grid->addWidget(m_icon, 0, 0);
    grid->addWidget(m_title, 0, 1);
    grid->addWidget(m_detail, 1, 1);
    grid->addWidget(m_codeTitle, 2, 1);
    grid->addWidget(m_code, 3, 1);
    m_code->setLinesMax(codeLinesMax);
    m_codeTitle->hide();
    m_code->hide();
    grid->setColumnStretch(1, 1);
    connect(&theme, &Theme::changed, this, &OutcomeBox::restyle);
    restyle();
}

void OutcomeBox::setOutcome(const CommandOutcome &outcome)
{
    m_status = outcome.status;
    QString title = statusWord(outcome.status);
    QString detail;
    switch (outcome.status) {
    case CommandStatus::Accepted:
        detail = tr("Recorded; its result is still to come.");
        break;
    case CommandStatus::Succeeded:
        detail = outcome.events.empty() ? tr("It changed nothing.")
                                        : tr("It caused %Ln event(s).", nullptr, int(outcome.events.size()));
        break;
    case CommandStatus::Rejected:
    case CommandStatus::Failed:
    case CommandStatus::Expired:
    case CommandStatus::Cancelled:
        title += u" · "_s + toText(outcome.errorCode);
        detail = toText(outcome.errorMessage);
        break;
    }
    const OutcomeDetails details = outcomeDetails(outcome);
    m_codeTitle->setText(details.kind == OutcomeDetails::Kind::Places ? tr("WHERE IT FAILED") : tr("DETAILS"));
    m_codeTitle->setVisible(details.kind != OutcomeDetails::Kind::None);
    m_code->setCode(details.text);
    m_code->setVisible(details.kind != OutcomeDetails::Kind::None);
    m_icon->setIcon(Theme::statusIcon(outcome.status));
    m_icon->setTone(toneOf(outcome.status));
    m_title->setText(title);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    setAccessibleName(title + u": "_s + detail);
    restyle();
}

void OutcomeBox::restyle()
{
    const QColor tone = m_theme.statusColor(m_status);
    setStyleSheet(u"#outcome { background: %1; border: 1px solid %2; border-radius: 6px; }"_s.arg(
        m_theme.tint(tone, 0.09).name(), m_theme.tint(tone, 0.38).name()));
}

} // namespace commander::ui
