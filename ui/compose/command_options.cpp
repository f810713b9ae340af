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
    : QWidget(parent), m_toggle(new QToolButton), m_body(new QWidget), m_again(new QWidget),
      m_againText(makeLabel(LabelRole::Body))
{
    m_toggle->setText(tr("Options"));
    m_toggle->setCheckable(true);
    m_toggle->setProperty("link", true);
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto *grid = new QGridLayout(m_body);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    m_id = addField(*grid, tr("Id"), tr("made when it is recorded"));
    m_id.edit->setFont(theme.monospace());
    m_id.edit->setToolTip(tr("Sent twice with the same id and content, it is recorded once."));
    auto *fresh = new QToolButton;
    fresh->setText(tr("New id"));
    fresh->setProperty("link", true);
    grid->addWidget(fresh, 0, 2);
    m_notBefore = addField(*grid, tr("Not before"), tr("at once; a time: 2031-05-20T14:33:00Z"));
    m_notBefore.edit->setToolTip(tr("Recorded now, decided when this time has come"));
    m_expiresAt = addField(*grid, tr("Expires at"), tr("never; a time: 2031-05-20T14:33:00Z"));
    m_expiresAt.edit->setToolTip(tr("If it is not decided by then, it never is"));
    m_expected = addField(*grid, tr("Expected revision"), tr("any; none, exists or a number of events"));
    m_expected.edit->setToolTip(
        tr("How many events are recorded under the command's key by then; otherwise it is rejected"));
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
    connect(m_toggle, &QToolButton::toggled, m_body, &QWidget::setVisible);
    connect(fresh, &QToolButton::clicked, this,
            [this] { m_id.edit->setText(QUuid::createUuid().toString(QUuid::WithoutBraces)); });
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

CommandOptions::Field CommandOptions::addField(QGridLayout &grid, const QString &label, const QString &hint)
{
    const Field field{new QLineEdit, makeLabel(LabelRole::Small)};
    auto *name = makeLabel(LabelRole::Muted, label);
    name->setBuddy(field.edit);
    field.edit->setPlaceholderText(hint);
    field.edit->setAccessibleName(tr("%1, of the command").arg(label));
    field.problem->setProperty("role", u"problem"_s);
    field.problem->setWordWrap(true);
    field.problem->hide();
    const int row = grid.count() == 0 ? 0 : grid.rowCount();
    grid.addWidget(name, row, 0);
    grid.addWidget(field.edit, row, 1);
    grid.addWidget(field.problem, row + 1, 1, 1, 2);
    connect(field.edit, &QLineEdit::textChanged, this, &CommandOptions::edited);
    return field;
}

void CommandOptions::mark(const Field &field, const QString &problem)
{
    field.problem->setText(problem);
    field.problem->setVisible(!problem.isEmpty());
    field.edit->setProperty("invalid", !problem.isEmpty());
    field.edit->style()->unpolish(field.edit);
    field.edit->style()->polish(field.edit);
}

void CommandOptions::clear()
{
    for (const Field &field : {m_id, m_notBefore, m_expiresAt, m_expected}) {
        field.edit->clear();
        mark(field, {});
    }
    setParentCommand({}, {});
}

void CommandOptions::setParentCommand(const Uuid &id, const QString &what)
{
    m_parent = id;
    m_again->setVisible(!id.isNull());
    m_againText->setText(tr("Sends %1 again: it becomes the new command's parent.").arg(what));
}

bool CommandOptions::readTime(const Field &field, std::optional<Timestamp> &time)
{
    const QString text = field.edit->text().trimmed();
    const auto read = text.isEmpty() ? Result<Timestamp>() : Timestamp::parse(toUtf8(text));
    mark(field, read ? QString() : tr("A time has a date, a time of day and a zone: 2031-05-20T14:33:00Z"));
    if (read && !text.isEmpty())
        time = *read;
    return read.has_value();
}

void CommandOptions::setExpectedRevision(const ExpectedRevision &expected)
{
    m_expected.edit->setText(expected.isStated() ? QString::fromStdString(expected.text()) : QString());
    if (expected.isStated())
        m_toggle->setChecked(true);
}

bool CommandOptions::apply(CommandDraft &draft)
{
    bool good = true;
    const QString text = m_id.edit->text().trimmed();
    const auto id = text.isEmpty() ? Result<Uuid>() : Uuid::parse(toUtf8(text));
    mark(m_id, id ? QString() : tr("An id has 36 characters: 0190a5ab-7c1e-7000-8000-000000000001"));
    if (id && !text.isEmpty())
        draft.id = *id;
    good = id.has_value();
    good = readTime(m_notBefore, draft.notBefore) && good;
    good = readTime(m_expiresAt, draft.expiresAt) && good;
    const QString expected = m_expected.edit->text().trimmed();
    const auto revision = expected.isEmpty() ? Result<ExpectedRevision>() : ExpectedRevision::parse(toUtf8(expected));
    mark(m_expected, revision ? QString() : tr("Write any, none, exists or a number of events"));
    if (revision)
        draft.expectedRevision = *revision;
    good = revision.has_value() && good;
    if (!m_parent.isNull())
        draft.parent = m_parent;
    if (!good)
        m_toggle->setChecked(true);
    return good;
}

} // namespace commander::ui
