// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/origin_panel.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/elided_label.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace commander::ui {

OriginPanel::OriginPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QFrame(parent), m_link(link), m_selection(selection), m_head(new ElidedLabel(Qt::ElideMiddle)),
      m_hint(makeLabel(LabelRole::Muted))
{
    setProperty("inset", true);
    setAccessibleName(tr("Who set this field"));
    m_event = makeLine(theme, QStringLiteral("event"), Theme::Tone::Event, tr("Event"),
                       tr("Show the event in the Ledger"), tr("Show the event's lineage"), &FieldOrigin::event);
    m_command = makeLine(theme, QStringLiteral("command"), Theme::Tone::Command, tr("Command"),
                         tr("Show the command in the Ledger"), tr("Show the command's lineage"), &FieldOrigin::command);
    m_hint->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 8, 8);
    column->setSpacing(2);
    column->addWidget(m_head);
    column->addWidget(m_hint);
    column->addWidget(m_event.box);
    column->addWidget(m_command.box);
    // The same height with and without an origin: a click on a field must not move the tree above.
    setFixedHeight(m_head->sizeHint().height() + m_event.box->sizeHint().height() * 2 + 26);
    setOrigin({}, {});
}

OriginPanel::Line OriginPanel::makeLine(Theme &theme, const QString &icon, Theme::Tone tone, const QString &kind,
                                        const QString &ledger, const QString &lineage, Uuid FieldOrigin::*id)
{
    Line line;
    line.box = new QWidget;
    auto *row = new QHBoxLayout(line.box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *picture = new IconLabel(theme, icon, 16);
    picture->setTone(tone);
    line.name = makeLabel(LabelRole::Body, kind);
    line.facts = new ElidedLabel;
    auto *toLedger = new IconButton(theme, QStringLiteral("ledger"), ledger);
    auto *toLineage = new IconButton(theme, QStringLiteral("lineage"), lineage);
    row->addWidget(picture);
    row->addWidget(line.name);
    row->addWidget(line.facts, 1);
    row->addWidget(toLedger);
    row->addWidget(toLineage);
    const auto go = [this, id](Selection::Page page) {
        if (!m_origin || ((*m_origin).*id).isNull())
            return;
        m_selection.selectRecord((*m_origin).*id);
        m_selection.show(page);
    };
    connect(toLedger, &QToolButton::clicked, this, [go] { go(Selection::Page::Ledger); });
    connect(toLineage, &QToolButton::clicked, this, [go] { go(Selection::Page::Lineage); });
    return line;
}

void OriginPanel::setOrigin(const QString &field, const std::optional<FieldOrigin> &origin)
{
    const bool sameEvent = origin && m_origin && origin->command == m_origin->command;
    m_origin = origin;
    m_hint->setVisible(!origin);
    m_event.box->setVisible(origin.has_value());
    m_command.box->setVisible(origin.has_value());
    if (!origin) {
        m_ask.cancel();
        m_head->setFullText(tr("Who set this?"));
        m_hint->setText(tr("Choose a field to see the event that set it and the command behind it."));
        return;
    }
    m_head->setFullText(tr("%1 was set by", "a field").arg(field));
    m_event.facts->setFullText(tr("%1 · #%2 · %3 UTC")
                                   .arg(toText(origin->action), formatCount(origin->position.value),
                                        formatTime(origin->recordedAt, TimeStyle::Utc, currentTime())));
    if (sameEvent)
        return;
    m_command.facts->setFullText(shortId(origin->command));
    m_link.ask<RecordPtr>(
        m_ask, [id = origin->command](Engine &engine, std::stop_token) { return engine.records().find(id); },
        [this](Result<RecordPtr> answer) { tellCommand(answer); });
}

void OriginPanel::tellCommand(const Result<RecordPtr> &command)
{
    if (!command) {
        m_command.facts->setFullText(errorText(command.error()));
        return;
    }
    const auto &record = **command;
    auto facts = tr("%1 · #%2", "command · position").arg(toText(record.action), formatCount(record.position.value));
    if (!record.actor.empty())
        facts += tr(" · by %1").arg(toText(record.actor));
    m_command.facts->setFullText(facts);
}

} // namespace commander::ui
