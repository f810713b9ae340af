// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/command_options.h"

#include "models/format.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QStyle>
#include <QUuid>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

CommandOptions::CommandOptions(Theme &theme, QWidget *parent)
    : QWidget(parent), m_toggle(new QToolButton), m_body(new QWidget), m_id(new QLineEdit),
      m_problem(makeLabel(LabelRole::Small)), m_again(new QWidget), m_againText(makeLabel(LabelRole::Body))
{
    m_toggle->setText(tr("Options"));
    m_toggle->setCheckable(true);
    m_toggle->setProperty("link", true);
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_id->setPlaceholderText(tr("made when it is recorded"));
    m_id->setAccessibleName(tr("Id of the command"));
    m_id->setFont(theme.monospace());
    m_problem->setProperty("role", u"problem"_s);
    m_problem->hide();
    auto *fresh = new QToolButton;
    fresh->setText(tr("New id"));
    fresh->setProperty("link", true);

    auto *grid = new QGridLayout(m_body);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    auto *idLabel = makeLabel(LabelRole::Muted, tr("Id"));
    idLabel->setBuddy(m_id);
    grid->addWidget(idLabel, 0, 0);
    grid->addWidget(m_id, 0, 1);
    grid->addWidget(fresh, 0, 2);
    grid->addWidget(m_problem, 1, 1, 1, 2);
    auto *why = makeLabel(LabelRole::Small, tr("Sent twice with the same id and content, it is recorded once."));
    why->setWordWrap(true);
    grid->addWidget(why, 2, 1, 1, 2);
    m_body->hide();

    auto *forget = new IconButton(theme, u"close"_s, tr("Send it as a command of its own"));
    auto *againRow = new QHBoxLayout(m_again);
    againRow->setContentsMargins(0, 0, 0, 0);
    againRow->setSpacing(8);
    auto *icon = new IconLabel(theme, u"history"_s, 16);
    icon->setTone(Theme::Tone::Command);
    m_againText->setWordWrap(true);
    againRow->addWidget(icon);
    againRow->addWidget(m_againText, 1);
    againRow->addWidget(forget);
    m_again->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_again);
    column->addWidget(m_toggle, 0, Qt::AlignLeft);
    column->addWidget(m_body);
    connect(m_toggle, &QToolButton::toggled, this, &CommandOptions::showOpen);
    connect(m_id, &QLineEdit::textChanged, this, &CommandOptions::edited);
    connect(fresh, &QToolButton::clicked, this,
            [this] { m_id->setText(QUuid::createUuid().toString(QUuid::WithoutBraces)); });
    connect(forget, &QToolButton::clicked, this, [this] {
        setParentCommand({}, {});
        Q_EMIT edited();
    });
    const auto redraw
        = [this, &theme] { m_toggle->setIcon(theme.icon(m_toggle->isChecked() ? u"down"_s : u"next"_s)); };
    connect(m_toggle, &QToolButton::toggled, this, redraw);
    connect(&theme, &Theme::changed, this, redraw);
    redraw();
}

void CommandOptions::showOpen(bool open)
{
    m_body->setVisible(open);
}

void CommandOptions::clear()
{
    m_id->clear();
    setParentCommand({}, {});
}

void CommandOptions::setParentCommand(const Uuid &id, const QString &what)
{
    m_parent = id;
    m_again->setVisible(!id.isNull());
    m_againText->setText(tr("Sends %1 again: it becomes the new command's parent.").arg(what));
}

bool CommandOptions::apply(CommandDraft &draft)
{
    QString problem;
    if (const QString text = m_id->text().trimmed(); !text.isEmpty()) {
        if (const auto id = Uuid::parse(toUtf8(text)))
            draft.id = *id;
        else
            problem = tr("An id has 36 characters: 0190a5ab-7c1e-7000-8000-000000000001");
    }
    if (!m_parent.isNull())
        draft.parent = m_parent;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_id->setProperty("invalid", !problem.isEmpty());
    m_id->style()->unpolish(m_id);
    m_id->style()->polish(m_id);
    if (!problem.isEmpty())
        m_toggle->setChecked(true);
    return problem.isEmpty();
}

} // namespace commander::ui
