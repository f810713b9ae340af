// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/record_panel.h"

#include "ledger/json_panel.h"
#include "ledger/outcome_box.h"
#include "ledger/value_menu.h"
#include "models/curl_lines.h"
#include "models/words.h"
#include "testcase/case_dialog.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <commander/event_versions.h>
#include <commander/json.h>

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

/// What a filter asks to find the record's value of a field; nothing when it has none.
std::optional<FilterNode> conditionOf(const Record &record, FilterField field)
{
    std::string text;
    switch (field) {
    case FilterField::Id:
        text = record.id.text();
        break;
    case FilterField::Correlation:
        text = record.correlation.text();
        break;
    case FilterField::Key:
        text = record.key;
        break;
    case FilterField::Actor:
        text = record.actor;
        break;
    case FilterField::Topic:
        text = record.topic;
        break;
    default:
        text = record.recordedAt.text(); // stands for its whole millisecond
        break;
    }
    if (text.empty())
        return std::nullopt;
    auto condition = equalFilter(field, {}, Json(text));
    if (field == FilterField::Recorded)
        condition.values.front().type = FilterValue::Type::Time;
    return condition;
}

/// The version in which the event's own domain knows it now, when it was written with an earlier one.
std::optional<std::uint32_t> newerVersion(const Record &event, const std::vector<DomainDescription> &domains)
{
    const auto written = eventVersionOf(event);
    for (const auto &domain : domains) {
        const auto known = domain.eventsTopic == event.topic ? eventVersionRead(domain, event.action) : std::nullopt;
        if (written && known && *written < *known)
            return known;
    }
    return std::nullopt;
}

} // namespace

RecordPanel::RecordPanel(EngineLink &link, Theme &theme, std::function<QString()> baseUrl, QWidget *parent)
    : QWidget(parent), m_link(link), m_theme(theme), m_baseUrl(std::move(baseUrl)), m_stack(new QStackedWidget),
      m_empty(new EmptyState(theme, u"document"_s)), m_outcome(new OutcomeBox(theme)), m_data(new JsonPanel(theme))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    setMinimumWidth(340);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(12);
    column->addWidget(makeHead());
    column->addWidget(m_outcome);
    column->addWidget(makeFields());
    column->addWidget(makeLine());
    column->addWidget(m_data, 1);

    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
    connect(&theme, &Theme::changed, this, [this] {
        if (m_detail.record)
            fill(); // the cause's icon has the theme's colour
    });
    connect(m_data, &JsonPanel::filterWanted, this, &RecordPanel::filterWanted);
    showRecord({});
}

QWidget *RecordPanel::makeHead()
{
    auto *head = new QWidget;
    m_icon = new IconLabel(m_theme, {}, 22);
    m_action = new ElidedLabel;
    m_action->setProperty("role", u"heading"_s);
    m_kind = makeLabel(LabelRole::Small);
    auto *back = new IconButton(m_theme, u"previous"_s, tr("Previous in this chain ( [ )"));
    auto *forth = new IconButton(m_theme, u"next"_s, tr("Next in this chain ( ] )"));
    auto *lineage = new QPushButton(tr("Show lineage"));
    lineage->setToolTip(tr("Show what caused this record and what it caused"));
    m_again = new QPushButton(tr("Send again…"));
    m_again->setToolTip(tr("Open this command's form, to send it again as it was or changed"));
    m_more = makeMore();

    auto *names = new QVBoxLayout;
    names->setSpacing(1);
    names->addWidget(m_action);
    names->addWidget(m_kind);
    auto *top = new QHBoxLayout;
    top->setSpacing(10);
    top->addWidget(m_icon, 0, Qt::AlignTop);
    top->addLayout(names, 1);
    top->addWidget(back, 0, Qt::AlignTop);
    top->addWidget(forth, 0, Qt::AlignTop);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(lineage);
    buttons->addWidget(m_again);
    buttons->addStretch(1);
    buttons->addWidget(m_more);
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addLayout(top);
    column->addLayout(buttons);

    connect(back, &QToolButton::clicked, this, [this] { Q_EMIT stepWanted(-1); });
    connect(forth, &QToolButton::clicked, this, [this] { Q_EMIT stepWanted(1); });
    connect(lineage, &QPushButton::clicked, this, &RecordPanel::lineageWanted);
    connect(m_again, &QPushButton::clicked, this, &RecordPanel::sendAgainWanted);
    return head;
}

QToolButton *RecordPanel::makeMore()
{
    auto *more = new IconButton(m_theme, u"more"_s, tr("More about this command"));
    auto *menu = new QMenu(more);
    menu->addAction(tr("Copy as curl"), this, [this] {
        if (m_detail.record)
            QGuiApplication::clipboard()->setText(curlLine(*m_detail.record, m_baseUrl()));
    });
    menu->addAction(tr("Make a test of this command…"), this, &RecordPanel::makeTest);
    more->setMenu(menu);
    more->setPopupMode(QToolButton::InstantPopup);
    return more;
}

void RecordPanel::makeTest()
{
    if (!m_detail.record)
        return;
    auto *dialog = new CaseDialog(m_link, m_theme, *m_detail.record, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

RecordPanel::Field RecordPanel::addField(QGridLayout &grid, const QString &label, FilterField column, bool monospace)
{
    Field field{makeLabel(LabelRole::Muted, label), new ElidedLabel(Qt::ElideMiddle), nullptr};
    if (monospace)
        field.value->setFont(m_theme.monospace());
    field.copy
        = new CopyButton(m_theme, tr("Copy: %1").arg(label), [value = field.value] { return value->fullText(); });
    const int row = grid.rowCount();
    grid.addWidget(field.label, row, 0);
    grid.addWidget(field.value, row, 1);
    grid.addWidget(field.copy, row, 2);
    field.value->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(field.value, &QWidget::customContextMenuRequested, this,
            [this, value = field.value, column](const QPoint &place) { showFieldMenu(*value, column, place); });
    return field;
}

void RecordPanel::showFieldMenu(const QWidget &value, FilterField field, const QPoint &place)
{
    if (!m_detail.record)
        return;
    const auto condition = conditionOf(*m_detail.record, field);
    if (!condition)
        return;
    QMenu menu;
    addValueActions(menu, *condition, [this](const FilterNode &chosen) { Q_EMIT filterWanted(chosen); });
    menu.exec(value.mapToGlobal(place));
}

QWidget *RecordPanel::makeFields()
{
    auto *fields = new QWidget;
    auto *grid = new QGridLayout(fields);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(1);
    grid->setColumnStretch(1, 1);
    m_idField = addField(*grid, tr("Id"), FilterField::Id, true);
    m_timeField = addField(*grid, tr("Time"), FilterField::Recorded, false);

    const int row = grid->rowCount();
    m_cause = new QToolButton;
    m_cause->setAccessibleName(tr("Cause"));
    m_cause->setProperty("link", true);
    m_cause->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_cause->setIconSize({14, 14});
    m_cause->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(m_cause, &QToolButton::clicked, this, [this] {
        if (m_detail.cause)
            Q_EMIT recordWanted(m_detail.cause->id);
    });
    grid->addWidget(makeLabel(LabelRole::Muted, tr("Cause")), row, 0);
    grid->addWidget(m_cause, row, 1, 1, 2);

    m_chainField = addField(*grid, tr("Chain"), FilterField::Correlation, true);
    m_keyField = addField(*grid, tr("Key"), FilterField::Key, false);
    m_actorField = addField(*grid, tr("Actor"), FilterField::Actor, false);
    m_placeField = addField(*grid, tr("Topic"), FilterField::Topic, false);
    return fields;
}

void RecordPanel::showRecord(const Uuid &id)
{
    if (id == m_id && (!id.isNull() || m_detail.record))
        return;
    m_id = id;
    if (id.isNull()) {
        m_ask.cancel();
        m_detail = {};
        m_empty->setTexts(tr("No record selected"),
                          tr("Choose a record in the table to see its cause, its outcome and its exact data."));
        m_stack->setCurrentIndex(0);
        return;
    }
    reload();
}

void RecordPanel::reload()
{
    if (m_id.isNull())
        return;
    m_link.ask<Detail>(
        m_ask,
        [id = m_id](Engine &engine, std::stop_token) -> Result<Detail> {
            RecordReader &reader = engine.records();
            Detail detail;
            auto record = reader.find(id);
            if (!record)
                return fail(std::move(record.error()));
            detail.record = *record;
            if (!detail.record->parent.isNull()) {
                auto cause = reader.find(detail.record->parent);
                if (cause)
                    detail.cause = *cause;
                else if (cause.error().code != ErrorCode::NotFound)
                    return fail(std::move(cause.error()));
            }
            if (detail.record->kind == RecordKind::Event)
                detail.upcastTo = newerVersion(*detail.record, engine.commands().domains());
            RecordPtr result = detail.record->kind == RecordKind::Result ? detail.record : nullptr;
            if (detail.record->kind == RecordKind::Command) {
                auto found = reader.result(id);
                if (!found)
                    return fail(std::move(found.error()));
                result = *found;
                detail.outcome = CommandOutcome{};
            }
            if (result) {
                auto outcome = parseOutcome(result->data);
                if (!outcome)
                    return fail(std::move(outcome.error()));
                detail.outcome = std::move(*outcome);
            }
            return detail;
        },
        [this](Result<Detail> detail) {
            if (detail) {
                accept(std::move(*detail));
                return;
            }
            m_detail = {};
            m_empty->setTexts(tr("This record cannot be shown"), errorText(detail.error()));
            m_stack->setCurrentIndex(0);
        });
}

void RecordPanel::setTimeStyle(TimeStyle style)
{
    m_timeStyle = style;
    if (m_detail.record)
        fill();
}

void RecordPanel::accept(Detail detail)
{
    m_detail = std::move(detail);
    fill();
    m_data->setJson(m_detail.record->data);
    m_stack->setCurrentIndex(1);
}

void RecordPanel::fill()
{
    const Record &record = *m_detail.record;
    const bool isCommand = record.kind == RecordKind::Command;
    m_icon->setIcon(Theme::kindIcon(record.kind));
    m_icon->setTone(isCommand                              ? Theme::Tone::Command
                        : record.kind == RecordKind::Event ? Theme::Tone::Event
                                                           : Theme::Tone::Pending);
    m_action->setFullText(toText(record.action));
    QString kind = tr("%1 at position %2").arg(kindWord(record.kind), formatCount(record.position.value));
    if (m_detail.upcastTo)
        kind += tr(" · upcast to version %1 when folded").arg(*m_detail.upcastTo);
    m_kind->setText(kind);
    m_again->setVisible(isCommand);
    m_more->setVisible(isCommand);

    m_idField.value->setFullText(toText(record.id.text()));
    const Timestamp now = currentTime();
    QString time = formatTimeLong(record.recordedAt, m_timeStyle, now);
    if (record.timestamp && *record.timestamp != record.recordedAt)
        time += tr(" · stated %1", "the time that the client gave")
                    .arg(formatTimeLong(*record.timestamp, m_timeStyle, now));
    m_timeField.value->setFullText(time);
    if (m_detail.cause) {
        m_cause->setIcon(m_theme.icon(Theme::kindIcon(m_detail.cause->kind), m_theme.kindColor(m_detail.cause->kind)));
        m_cause->setText(u"%1  %2"_s.arg(toText(m_detail.cause->action), shortId(m_detail.cause->id)));
        m_cause->setAccessibleName(tr("Go to the cause: %1").arg(toText(m_detail.cause->action)));
        m_cause->setToolTip(tr("Go to the cause"));
    } else {
        const bool outside = record.parent.isNull();
        m_cause->setIcon(m_theme.icon(outside ? u"user"_s : u"warning"_s,
                                      m_theme.color(outside ? Theme::Tone::TextMuted : Theme::Tone::Warning)));
        m_cause->setText(outside ? tr("From outside") : tr("%1 is not in this ledger").arg(shortId(record.parent)));
        m_cause->setAccessibleName(tr("Cause: %1").arg(m_cause->text()));
        m_cause->setToolTip({});
    }
    m_cause->setEnabled(m_detail.cause != nullptr);
    m_chainField.value->setFullText(toText(record.correlation.text()));
    const auto optional = [](const Field &field, const std::string &text) {
        field.value->setFullText(text.empty() ? tr("none") : toText(text));
        field.copy->setEnabled(!text.empty());
    };
    optional(m_keyField, record.key);
    optional(m_actorField, record.actor);
    m_placeField.value->setFullText(tr("%1, offset %2").arg(toText(record.topic), formatCount(record.offset.value)));

    m_outcome->setVisible(m_detail.outcome.has_value());
    if (m_detail.outcome)
        m_outcome->setOutcome(*m_detail.outcome);
}

QString RecordPanel::curlLine(const Record &command, const QString &baseUrl)
{
    // No id: sent again it is a new command, not a repeat of this one.
    CommandDraft draft;
    draft.action = command.action;
    draft.data = command.data;
    return curlSubmitLine(baseUrl, draft);
}

} // namespace commander::ui
