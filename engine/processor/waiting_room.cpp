// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/waiting_room.h"

#include "system/system_words.h"

#include <algorithm>

namespace commander {

namespace {

/// Calls `take(key, document)` for each document of a view.
template <class Take> Result<void> forEach(DocumentBackend &settled, std::string_view view, Take take)
{
    std::optional<std::string> after;
    for (;;) {
        auto page = settled.settledDocuments(std::string(view), after);
        if (!page)
            return fail(std::move(page.error()));
        if (page->empty())
            return {};
        for (auto &[key, text] : *page) {
            const auto document = parseJson(text);
            if (!document)
                return fail(document.error());
            take(key, *document);
        }
        after = std::move(page->back().first);
    }
}

} // namespace

Result<void> WaitingRoom::load(DocumentBackend &settled, bool consumers)
{
    m_due.clear();
    m_dueOf.clear();
    m_parked.clear();
    m_pausedDomains.clear();
    m_processorPaused = false;
    if (consumers) {
        auto loaded = forEach(settled, system::consumersView, [this](const std::string &key, const Json &consumer) {
            setPaused(key, consumer.find("paused") != nullptr);
        });
        if (!loaded)
            return loaded;
    }
    auto loaded = forEach(settled, system::waitingView,
                          [this](const std::string &key, const Json &waiting) { add(key, waiting); });
    if (!loaded)
        return loaded;
    return forEach(settled, system::deadLettersView,
                   [this](const std::string &key, const Json &) { m_parked.insert(key); });
}

void WaitingRoom::refresh(const std::vector<std::string> &commands, const std::vector<std::string> &sequences,
                          DecisionDocuments &documents)
{
    for (const auto &command : commands) {
        if (const auto id = Uuid::parse(command))
            remove(*id);
        if (const auto *waiting = documents.get(system::waitingView, command))
            add(command, *waiting);
    }
    for (const auto &sequence : sequences) {
        if (documents.get(system::deadLettersView, sequence))
            m_parked.insert(sequence);
        else
            m_parked.erase(sequence);
    }
}

void WaitingRoom::refreshConsumer(const std::string &consumer, DecisionDocuments &documents)
{
    const auto *document = documents.get(system::consumersView, consumer);
    setPaused(consumer, document && document->find("paused"));
}

void WaitingRoom::setPaused(std::string_view consumer, bool paused)
{
    if (consumer == system::processorConsumer) {
        m_processorPaused = paused;
    } else if (consumer.starts_with(system::domainConsumer)) {
        const std::string domain(consumer.substr(system::domainConsumer.size()));
        if (paused)
            m_pausedDomains.insert(domain);
        else
            m_pausedDomains.erase(domain);
    }
}

std::vector<std::string> WaitingRoom::parkedOf(const std::string &domain) const
{
    std::vector<std::string> sequences;
    for (const auto &sequence : m_parked) {
        if (sequence.starts_with(domain + '/') || sequence.starts_with(domain + '#'))
            sequences.push_back(sequence);
    }
    std::sort(sequences.begin(), sequences.end());
    return sequences;
}

void WaitingRoom::add(const std::string &command, const Json &waiting)
{
    const auto id = Uuid::parse(command);
    const bool scheduled = waiting.stringAt("reason") == system::reasonScheduled;
    // A scheduled command that expires does so when it is released too late.
    const auto time = Timestamp::parse(waiting.stringAt(scheduled ? "not_before" : "expires_at"));
    if (!id || !time)
        return;
    const Due due{*time, *id, scheduled ? Kind::Release : Kind::Expire};
    m_due.insert(due);
    m_dueOf.insert_or_assign(*id, due);
}

void WaitingRoom::remove(const Uuid &command)
{
    const auto found = m_dueOf.find(command);
    if (found == m_dueOf.end())
        return;
    m_due.erase(found->second);
    m_dueOf.erase(found);
}

std::optional<Timestamp> WaitingRoom::nextDue() const
{
    return m_due.empty() ? std::nullopt : std::optional(m_due.begin()->time);
}

std::vector<WaitingRoom::Due> WaitingRoom::due(Timestamp now, std::size_t max) const
{
    std::vector<Due> out;
    for (auto one = m_due.begin(); one != m_due.end() && one->time <= now && out.size() < max; ++one)
        out.push_back(*one);
    return out;
}

void WaitingRoom::done(const Due &due)
{
    remove(due.command);
}

} // namespace commander
