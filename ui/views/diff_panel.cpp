// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/diff_panel.h"

#include "models/format.h"
#include "views/change_seeker.h"
#include "views/position_spin_box.h"
#include "widgets/elided_label.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <algorithm>
#include <map>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace commander::ui {

namespace {

constexpr std::size_t changesRead = 200; // a page of history while looking for causes
constexpr int changesPagesMax = 50;

/// The last change at or before `to`, after `from`, that touched each field.
Result<void> findCauses(Engine &engine, const Selection::DocumentKey &document, Position from, Position to,
                        std::vector<DiffRow> &rows, std::stop_token stop)
{
    std::map<std::string, DiffRow *> open;
    for (auto &row : rows)
        open.emplace(row.field.pointer, &row);
    std::optional<Position> before = to.next();
    for (int page = 0; page < changesPagesMax && !open.empty() && !stop.stop_requested(); ++page) {
        const auto changes = engine.views().history(document.view, document.key, before, changesRead);
        if (!changes)
            return fail(changes.error());
        for (const auto &change : *changes) {
            if (change.position <= from)
                return {};
            for (const auto &field : change.fields) {
                // A change of a whole object or array causes the fields within it, too.
                for (auto each = open.lower_bound(field.pointer);
                     each != open.end() && each->first.starts_with(field.pointer);) {
                    const bool within
                        = each->first.size() == field.pointer.size() || each->first[field.pointer.size()] == '/';
                    if (!within) {
                        ++each;
                        continue;
                    }
                    each->second->position = change.position;
                    each->second->event = change.event;
                    each = open.erase(each);
                }
            }
        }
        if (changes->size() < changesRead)
            return {};
        before = changes->back().position;
    }
    return {};
}

Result<void> nameEvents(Engine &engine, std::vector<DiffRow> &rows, std::stop_token stop)
{
    std::map<Position, std::string> actions; // many fields, few events
    for (auto &row : rows) {
        if (!row.position)
            continue;
        const auto [known, isNew] = actions.try_emplace(*row.position);
        if (isNew) {
            const Position at[] = {*row.position};
            const auto event = engine.records().at(at, stop);
            if (!event)
                return fail(event.error());
            known->second = event->front()->action;
        }
        row.action = known->second;
    }
    return {};
}

} // namespace

DiffPanel::DiffPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_model(new DiffModel(theme, this))
{
    build(theme);
    tellPins();
}

void DiffPanel::build(Theme &theme)
{
    m_head = new ElidedLabel;
    m_spinA = new PositionSpinBox(tr("Position A, compare from"));
    m_spinB = new PositionSpinBox(tr("Position B, compare to"));
    auto *here = new QPushButton(tr("Pin A"));
    here->setToolTip(tr("Compare from the state that is shown now"));
    here->setAccessibleName(here->toolTip());
    auto *there = new QPushButton(tr("Pin B"));
    there->setToolTip(tr("Compare to the state that is shown now"));
    there->setAccessibleName(there->toolTip());
    m_clear = new IconButton(theme, QStringLiteral("close"), tr("Stop comparing: show the change that is seen"));
    const auto seen = [this] { return std::min(m_selection.moment().value_or(m_newest), m_newest); };
    connect(here, &QPushButton::clicked, this, [this, seen] { pinA(seen()); });
    connect(there, &QPushButton::clicked, this, [this, seen] { pinB(seen()); });
    connect(m_spinA, &PositionSpinBox::valueChosen, this, &DiffPanel::pinA);
    connect(m_spinB, &PositionSpinBox::valueChosen, this, &DiffPanel::pinB);
    connect(m_clear, &QToolButton::clicked, this, &DiffPanel::clearPins);

    auto *pins = new QHBoxLayout;
    pins->setSpacing(6);
    pins->addWidget(here);
    pins->addWidget(m_spinA);
    pins->addSpacing(8);
    pins->addWidget(there);
    pins->addWidget(m_spinB);
    pins->addStretch(1);
    pins->addWidget(m_clear);

    m_table = new QTableView;
    m_table->setModel(m_model);
    m_table->setProperty("flat", true);
    m_table->setAccessibleName(tr("Differences"));
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setIconSize({14, 14});
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(28);
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::Stretch);
    header->setSectionResizeMode(DiffModel::Field, QHeaderView::Interactive);
    header->resizeSection(DiffModel::Field, 110);
    header->setSectionResizeMode(DiffModel::Cause, QHeaderView::Interactive);
    header->resizeSection(DiffModel::Cause, 176);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        const auto *row = m_model->rowAt(index.row());
        if (row && !row->event.isNull())
            m_selection.selectRecord(row->event);
    });

    m_none = makeLabel(LabelRole::Muted);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_none);
    m_stack->addWidget(m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_head);
    column->addLayout(pins);
    column->addWidget(m_stack, 1);
}

void DiffPanel::setHead(Position head)
{
    m_newest = std::max(head, Position{1});
    m_spinA->setMaximum(m_newest);
    m_spinB->setMaximum(m_newest);
    if (!m_b)
        m_spinB->setValue(std::min(m_selection.moment().value_or(m_newest), m_newest));
}

void DiffPanel::pinA(Position position)
{
    m_a = position;
    tellPins();
    refresh();
}

void DiffPanel::pinB(Position position)
{
    m_b = position;
    tellPins();
    refresh();
}

void DiffPanel::clearPins()
{
    if (!m_a && !m_b)
        return;
    m_a.reset();
    m_b.reset();
    tellPins();
    refresh();
}

void DiffPanel::tellPins()
{
    if (m_a)
        m_spinA->setValue(*m_a);
    if (m_b)
        m_spinB->setValue(*m_b);
    m_clear->setEnabled(m_a || m_b);
    Q_EMIT pinsChanged(m_a, m_b);
}

void DiffPanel::setActive(bool active)
{
    m_active = active;
    if (active)
        refresh();
    else
        m_ask.cancel();
}

void DiffPanel::refresh()
{
    const auto document = m_selection.document();
    if (!m_active)
        return;
    if (!document) {
        m_ask.cancel();
        m_model->setRows({});
        m_head->setFullText(tr("Changes"));
        m_none->setText(tr("Choose a document to see what changed."));
        m_stack->setCurrentWidget(m_none);
        return;
    }
    const auto seen = std::min(m_selection.moment().value_or(m_newest), m_newest);
    m_link.ask<Answer>(
        m_ask,
        [document = *document, a = m_a, b = m_b, seen](Engine &engine, std::stop_token stop) -> Result<Answer> {
            Answer answer;
            answer.to = b.value_or(seen);
            if (a || b) {
                answer.from = a.value_or(seen);
                if (*answer.from > answer.to)
                    std::swap(*answer.from, answer.to);
            } else {
                // No pins: what did the newest change do that is seen?
                const auto change = changeAt(engine.views(), document, seen);
                if (!change)
                    return fail(change.error());
                if (!*change)
                    return answer;
                answer.to = **change;
                answer.from = Position{change->value().value - 1};
            }
            auto fields = engine.views().diff(document.view, document.key, *answer.from, answer.to);
            if (!fields)
                return fail(fields.error());
            for (auto &field : namedFields(*fields))
                answer.rows.push_back({std::move(field), {}, {}, {}});
            if (const auto found = findCauses(engine, document, *answer.from, answer.to, answer.rows, stop); !found)
                return fail(found.error());
            if (const auto named = nameEvents(engine, answer.rows, stop); !named)
                return fail(named.error());
            if (!a && !b && !answer.rows.empty())
                answer.action = answer.rows.front().action;
            return answer;
        },
        [this](Result<Answer> answer) {
            if (answer) {
                take(std::move(*answer));
                return;
            }
            m_model->setRows({});
            m_none->setText(tr("The changes could not be read."));
            m_stack->setCurrentWidget(m_none);
            Q_EMIT failed(answer.error());
        });
}

void DiffPanel::take(Answer answer)
{
    if (!answer.from)
        m_head->setFullText(tr("Changes"));
    else if (m_a || m_b)
        m_head->setFullText(
            tr("From #%1 to #%2", "two positions").arg(formatCount(answer.from->value), formatCount(answer.to.value)));
    else
        m_head->setFullText(
            tr("Change #%1 · %2", "position · event").arg(formatCount(answer.to.value), toText(answer.action)));
    m_none->setText(answer.from ? tr("Nothing differs between these two positions.")
                                : tr("The document did not exist yet."));
    m_stack->setCurrentWidget(answer.rows.empty() ? static_cast<QWidget *>(m_none) : m_table);
    m_model->setRows(std::move(answer.rows));
}

} // namespace commander::ui
