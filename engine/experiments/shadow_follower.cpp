// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/shadow_follower.h"

namespace commander {

namespace {

constexpr std::size_t batchMax = 256; ///< small: a slow candidate keeps no memory that others need

} // namespace

ShadowFollower::ShadowFollower(const Candidate::World &world, std::unique_ptr<Candidate> candidate,
                               ShadowRequest request, std::shared_ptr<ShadowRegistry> registry)
    : m_world(world), m_name(std::move(request.name)), m_candidate(std::move(candidate)),
      m_compareFrom(request.from.value_or(Position{})), m_registry(std::move(registry)),
      m_comparer(std::move(request.rules)), m_collector(world.ledger),
      m_replay({.domains = m_candidate->domains(),
                .views = m_candidate->views(),
                .state = CandidateState::Recorded,
                .from = {},
                .edits = {},
                .onDecided = [this](const DecisionReplay::Decided &decided) { return compare(decided); }}),
      m_follower(world.ledger, "cmd-shadow", batchMax,
                 [this](std::span<const RecordPtr> records) { return take(records); })
{
}

ShadowFollower::~ShadowFollower()
{
    if (m_number != 0)
        m_registry->remove(m_number);
    stop();
}

Result<void> ShadowFollower::start()
{
    const auto begin = m_candidate->sharesThePast() ? m_compareFrom : Position{};
    m_status.position = begin;
    m_since = Time::now();
    if (auto started = m_follower.start(begin); !started)
        return started;
    m_number = m_registry->add(*this);
    return {};
}

void ShadowFollower::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_stopping && !m_status.paused)
            m_active += Time::now() - m_since;
        m_stopping = true;
    }
    m_changed.notify_all();
    m_follower.stop();
}

void ShadowFollower::pause()
{
    const std::scoped_lock lock(m_mutex);
    if (m_status.paused || m_stopping)
        return;
    m_status.paused = true;
    m_active += Time::now() - m_since;
}

void ShadowFollower::resume()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_status.paused || m_stopping)
            return;
        m_status.paused = false;
        m_since = Time::now();
    }
    m_changed.notify_all();
}

double ShadowFollower::activeSeconds() const
{
    auto active = m_active;
    if (!m_status.paused && !m_stopping)
        active += Time::now() - m_since;
    return std::chrono::duration<double>(active).count();
}

ShadowStatus ShadowFollower::status() const
{
    const auto head = m_world.ledger.head();
    const auto fault = m_follower.fault();
    const std::scoped_lock lock(m_mutex);
    auto status = m_status;
    status.name = m_name;
    status.compareFrom = m_compareFrom;
    if (head)
        status.ledger = head->position;
    status.fault = fault;
    status.running = !m_stopping && fault.empty();
    const auto seconds = activeSeconds();
    status.commandsPerSecond = seconds > 0 ? static_cast<double>(status.comparison.commands) / seconds : 0;
    return status;
}

bool ShadowFollower::waitWhilePaused()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_stopping || !m_status.paused; });
    return !m_stopping;
}

Result<void> ShadowFollower::take(std::span<const RecordPtr> records)
{
    for (const auto &record : records) {
        if (!waitWhilePaused())
            return {};
        if (auto taken = takeOne(record); !taken)
            return taken;
    }
    // What is appended in one piece is seen in one piece, so at the head no decision is half there.
    const auto head = m_world.ledger.head();
    if (!head)
        return fail(head.error());
    if (head->position == records.back()->position) {
        if (auto finished = takeGroup(m_collector.finish()); !finished)
            return finished;
    }
    const std::scoped_lock lock(m_mutex);
    m_status.position = records.back()->position;
    return {};
}

Result<void> ShadowFollower::takeOne(const RecordPtr &record)
{
    if (record->position > m_compareFrom)
        return takeGroup(m_collector.take(record));
    return record->kind == RecordKind::Event ? m_candidate->views().fold(*record) : Result<void>();
}

Result<void> ShadowFollower::takeGroup(const Result<std::optional<DecisionGroup>> &group)
{
    if (!group)
        return fail(group.error());
    return *group ? m_replay.take(**group) : Result<void>();
}

Result<void> ShadowFollower::compare(const DecisionReplay::Decided &decided)
{
    const auto recorded = decided.recorded->outcome();
    const auto candidate = outcomeOf(*decided.records);
    (void)m_comparer.compare(*decided.command, decided.recorded->command->position, &recorded, &candidate);
    const std::scoped_lock lock(m_mutex);
    m_status.comparison = m_comparer.comparison();
    m_status.viewFaults = m_candidate->views().faults();
    return {};
}

} // namespace commander
