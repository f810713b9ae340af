// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/match_collector.h"

#include <algorithm>

namespace commander::ui {

namespace {
constexpr std::size_t matchesPerQuestion = 10'000;
} // namespace

MatchCollector::MatchCollector(EngineLink &link, QObject *parent) : QObject(parent), m_link(link) { }

void MatchCollector::start(const RecordFilter &filter)
{
    m_filter = filter;
    m_positions.clear();
    m_next = filter.first;
    m_room = matchesMax;
    m_polled = m_link.progress().indexed;
    Q_EMIT grew();
    setState(State::Searching);
    searchOn();
}

void MatchCollector::clear()
{
    m_ask.cancel();
    m_positions = {};
    m_next = {};
    setState(State::Idle);
}

void MatchCollector::cancel()
{
    if (m_state != State::Searching)
        return;
    m_ask.cancel();
    setState(State::Stopped);
}

void MatchCollector::keepGoing()
{
    if (m_state == State::Full)
        m_room += matchesMax;
    else if (m_state != State::Stopped && m_state != State::Failed)
        return;
    setState(State::Searching);
    searchOn();
}

void MatchCollector::poll(Position indexed)
{
    m_polled = std::max(m_polled, indexed);
    if (m_state == State::Complete && m_polled >= m_next && m_next <= m_filter.last && !m_ask.isPending())
        searchOn(); // still Complete: catching up with the newest is no news to the reader
}

void MatchCollector::searchOn()
{
    const std::size_t limit = std::min(matchesPerQuestion, m_room - m_positions.size());
    m_link.ask<MatchPage>(
        m_ask,
        [filter = m_filter, next = m_next, limit](Engine &engine, std::stop_token stop) {
            return engine.records().match(filter, next, ScanDirection::OldestFirst, limit, stop);
        },
        [this](Result<MatchPage> page) { accept(std::move(page)); });
}

void MatchCollector::accept(Result<MatchPage> page)
{
    if (!page) {
        m_error = std::move(page.error());
        setState(State::Failed);
        return;
    }
    const bool advanced = page->next > m_next;
    m_next = page->next;
    m_positions.insert(m_positions.end(), page->positions.begin(), page->positions.end());
    if (!page->positions.empty())
        Q_EMIT grew();
    if (page->complete) {
        setState(State::Complete);
        if (advanced)
            poll(m_polled); // more may have come meanwhile
        return;
    }
    if (m_positions.size() >= m_room) {
        setState(State::Full);
        return;
    }
    Q_EMIT stateChanged(); // searchedTo() moved
    searchOn();
}

void MatchCollector::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace commander::ui
