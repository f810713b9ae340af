// SPDX-License-Identifier: GPL-3.0-or-later
// Which consumers there are, and how each of them stands.
#include "runtime/consumer_desk.h"

#include "system/system_words.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

std::uint64_t behind(Position position, Position head)
{
    return head.value - std::min(position.value, head.value);
}

/// The engine's own domains decide about waiting; they cannot wait.
bool isOwn(std::string_view domain)
{
    return domain.starts_with(system::domainName);
}

} // namespace

std::vector<ConsumerStatus> ConsumerDesk::list()
{
    std::vector<ConsumerStatus> statuses;
    for (auto &entry : entries())
        statuses.push_back(std::move(entry.status));
    return statuses;
}

std::vector<ConsumerDesk::Entry> ConsumerDesk::entries()
{
    const auto head = m_options.ledger.head();
    const auto end = head ? head->position : Position{};
    std::vector<Entry> entries;
    if (m_options.processor)
        addProcessor(entries, end);
    addViews(entries, end);
    addOthers(entries, end);
    const std::scoped_lock lock(m_mutex);
    for (auto &[status, view, shadow] : entries) {
        status.lag = behind(status.position, end);
        const bool byHand = m_options.processor && m_book.isPaused(status.name);
        // A view says itself whether it rests; what is asked of the others holds at once.
        if (byHand && !view && status.kind != ConsumerKind::Processor && status.state == ConsumerState::Running)
            status.state = ConsumerState::Paused;
        if (status.state == ConsumerState::Paused)
            status.reason = m_book.reason(status.name);
        if (const auto problem = m_problems.find(status.name); problem != m_problems.end() && status.fault.empty())
            status.fault = problem->second;
        for (const auto &skip : m_book.skips()) {
            if (view && skip.version == view->id)
                status.skipped.push_back(skip.event);
        }
    }
    return entries;
}

void ConsumerDesk::addProcessor(std::vector<Entry> &entries, Position head)
{
    const auto processor = m_options.processor->status();
    ConsumerStatus status;
    status.name = system::processorConsumer;
    status.kind = ConsumerKind::Processor;
    // What comes after the last command are only its effects.
    const bool done = processor.processedTo >= m_options.watch.lastCommand();
    status.position
        = std::min(done ? std::max(processor.processedTo, m_options.watch.seen()) : processor.processedTo, head);
    status.fault = processor.fault;
    status.canPause = true;
    if (!processor.running)
        status.state = ConsumerState::Stopped;
    else if (processor.paused)
        status.state = ConsumerState::Paused;
    auto ofDomain = status;
    ofDomain.kind = ConsumerKind::Domain;
    ofDomain.fault.clear();
    if (ofDomain.state == ConsumerState::Paused) // with the processor, not by itself
        ofDomain.state = ConsumerState::Running;
    entries.push_back({std::move(status), nullptr, 0});
    for (const auto &domain : m_options.domains.current()->descriptions()) {
        if (isOwn(domain.name))
            continue;
        ofDomain.name = std::string(system::domainConsumer) + domain.name;
        ofDomain.waiting = 0;
        const auto sequence = m_options.documents.get(std::string(system::deadLettersView), domain.name, {});
        if (const auto waiting = sequence ? parseJson(sequence->json) : Result<Json>(Json()))
            ofDomain.waiting = static_cast<std::uint64_t>(waiting->integerAt("waiting").value_or(0));
        entries.push_back({ofDomain, nullptr, 0});
    }
}

void ConsumerDesk::addViews(std::vector<Entry> &entries, Position head)
{
    const auto table = m_options.views.table();
    for (const auto &member : table->members) {
        if (!member->isLive())
            continue;
        const auto view = member->engine->reader().views()[member->number];
        const auto holds = [&member](const auto &roles) {
            const auto role = roles.find(member->id.view);
            return role != roles.end() && role->second == member;
        };
        ConsumerStatus status;
        status.name = "view:" + member->id.view + "@" + member->id.label();
        status.kind = ConsumerKind::View;
        status.position = std::min(view.position, head);
        status.fault = member->problem();
        status.serves = holds(table->serving);
        status.canPause = !(member->spec.decides && holds(table->deciding));
        status.canReset = true;
        if (!status.fault.empty())
            status.state = ConsumerState::Stopped;
        else if (view.paused)
            status.state = ConsumerState::Paused;
        if (!view.error.empty())
            status.faultAt = view.position.next();
        if (const auto reset = m_options.views.resetOf(member->id)) {
            if (reset->fault.empty())
                status.rebuilt = std::min(reset->position, head);
            else if (status.fault.empty())
                status.fault = reset->fault;
        }
        entries.push_back({std::move(status), member, 0});
    }
}

void ConsumerDesk::addOthers(std::vector<Entry> &entries, Position head)
{
    ConsumerStatus index;
    index.name = "index";
    index.kind = ConsumerKind::Index;
    index.position = std::min(m_options.index.position(), head);
    index.fault = m_options.index.fault();
    index.state = index.fault.empty() ? ConsumerState::Running : ConsumerState::Stopped;
    index.canPause = m_options.processor != nullptr;
    index.canReset = true;
    entries.push_back({std::move(index), nullptr, 0});
    ConsumerStatus watch;
    watch.name = "watch";
    watch.kind = ConsumerKind::Watch;
    watch.position = std::min(m_options.watch.seen(), head);
    watch.fault = m_options.watch.fault();
    watch.state = watch.fault.empty() ? ConsumerState::Running : ConsumerState::Stopped;
    entries.push_back({std::move(watch), nullptr, 0});
    m_options.lab.shadows().forEach([&entries, head](int number, const ShadowRun &run) {
        const auto shadow = run.status();
        ConsumerStatus status;
        status.name = "shadow:" + std::to_string(number);
        status.kind = ConsumerKind::Shadow;
        status.position = std::min(shadow.position, head);
        status.fault = shadow.fault;
        status.canPause = shadow.running;
        status.state = !shadow.running ? ConsumerState::Stopped
            : shadow.paused            ? ConsumerState::Paused
                                       : ConsumerState::Running;
        entries.push_back({std::move(status), nullptr, number});
    });
}

} // namespace commander
