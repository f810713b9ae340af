// SPDX-License-Identifier: GPL-3.0-or-later
// The ways about the ledger page: going to a place, along a chain, and what the context menu offers.
#include "ledger/export_dialog.h"
#include "ledger/goto_dialog.h"
#include "ledger/ledger_page.h"
#include "ledger/record_panel.h"
#include "ledger/record_table.h"
#include "ledger/search_strip.h"
#include "models/words.h"

#include <algorithm>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace commander::ui {

namespace {
constexpr std::size_t chainRecordsMax = 2000;
} // namespace

void LedgerPage::askWhereTo()
{
    GotoDialog dialog(this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const GotoDialog::Target target = dialog.target();
    if (const auto *position = std::get_if<Position>(&target))
        goTo(*position);
    else if (const auto *id = std::get_if<Uuid>(&target))
        m_selection.selectRecord(*id);
    else if (const auto *time = std::get_if<Timestamp>(&target))
        goToTime(*time);
    m_table->setFocus();
}

void LedgerPage::exportRecords()
{
    auto *dialog = new ExportDialog(m_link, m_selection.filter(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void LedgerPage::goTo(Position position)
{
    m_table->goTo(position);
    if (const auto current = m_table->current())
        selectPosition(*current);
}

void LedgerPage::goToTime(Timestamp time)
{
    m_link.ask<Position>(
        m_askWhere, [time](Engine &engine, std::stop_token) { return engine.records().positionAt(time); },
        [this](const Result<Position> &position) {
            if (position)
                goTo(*position);
            else
                m_strip->setProblem(errorText(position.error()));
        });
}

void LedgerPage::stepInChain(int direction)
{
    const RecordPtr record = m_panel->record();
    if (!record)
        return;
    m_link.ask<std::vector<RecordPtr>>(
        m_askWhere,
        [correlation = record->correlation](Engine &engine, std::stop_token) {
            return engine.records().correlated(correlation, chainRecordsMax);
        },
        [this, id = record->id, direction](const Result<std::vector<RecordPtr>> &chain) {
            if (!chain) {
                m_strip->setProblem(errorText(chain.error()));
                return;
            }
            const auto here
                = std::find_if(chain->begin(), chain->end(), [&](const RecordPtr &r) { return r->id == id; });
            if (here == chain->end())
                return;
            const auto place = here - chain->begin() + direction;
            if (place >= 0 && place < std::ptrdiff_t(chain->size()))
                m_selection.selectRecord((*chain)[std::size_t(place)]->id);
        });
}

void LedgerPage::showMenu(Position position, int, const QPoint &place)
{
    const auto index = m_model.indexOf(position);
    if (!index || *index < m_model.first())
        return;
    const RecordRow *row = m_model.rowAt(int(*index - m_model.first()));
    if (!row)
        return;
    const RecordPtr record = row->record; // the row may leave the cache while the menu is open
    const auto change = [this](auto apply) {
        RecordFilter filter = m_selection.filter();
        apply(filter);
        m_selection.setFilter(std::move(filter));
    };
    const auto visible = [](const std::string &text) { return toText(text).replace(u'&', QStringLiteral("&&")); };

    QMenu menu;
    menu.addAction(tr("Show lineage"), this, [this, record] {
        m_selection.selectRecord(record->id);
        m_selection.show(Selection::Page::Lineage);
    });
    menu.addSeparator();
    menu.addAction(tr("Filter: action %1").arg(visible(record->action)), this,
                   [&] { change([&](RecordFilter &f) { f.actions = {record->action}; }); });
    if (!record->key.empty())
        menu.addAction(tr("Filter: key %1").arg(visible(record->key)), this,
                       [&] { change([&](RecordFilter &f) { f.key = record->key; }); });
    menu.addAction(tr("Filter: this chain"), this, [&] {
        m_selection.setFilter([&] {
            RecordFilter f;
            f.correlation = record->correlation;
            return f;
        }());
    });
    if (!record->actor.empty())
        menu.addAction(tr("Filter: actor %1").arg(visible(record->actor)), this,
                       [&] { change([&](RecordFilter &f) { f.actors = {record->actor}; }); });
    menu.addSeparator();
    menu.addAction(tr("Copy the id"), this,
                   [record] { QGuiApplication::clipboard()->setText(toText(record->id.text())); });
    if (!record->key.empty())
        menu.addAction(tr("Copy the key"), this,
                       [record] { QGuiApplication::clipboard()->setText(toText(record->key)); });
    if (record->kind == RecordKind::Command)
        menu.addAction(tr("Send again…"), this, [this, record] { m_selection.sendAgain(record->id); });
    if (record->kind == RecordKind::Command && row->dataBytes == record->data.size())
        menu.addAction(tr("Copy as curl"), this, [this, record] {
            QGuiApplication::clipboard()->setText(RecordPanel::curlLine(*record, m_baseUrl()));
        });
    menu.exec(place);
}

} // namespace commander::ui
