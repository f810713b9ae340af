// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/consumers.h>

#include <algorithm>
#include <mutex>

namespace commander::test {

/// Consumers that are as they were put, and do what they are asked at once. Thread-safe.
class FakeConsumers final : public Consumers {
public:
    void put(std::vector<ConsumerStatus> consumers)
    {
        const std::scoped_lock lock(m_mutex);
        m_consumers = std::move(consumers);
    }
    /// "pause index because why", in their order.
    [[nodiscard]] std::vector<std::string> asked() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_asked;
    }
    void refuseWith(std::string why)
    {
        const std::scoped_lock lock(m_mutex);
        m_refusal = std::move(why);
    }

    std::vector<ConsumerStatus> list() override
    {
        const std::scoped_lock lock(m_mutex);
        return m_consumers;
    }
    Result<void> pause(const ConsumerRequest &request) override
    {
        return act("pause", request, [&request](ConsumerStatus &one) {
            one.state = ConsumerState::Paused;
            one.reason = request.reason;
        });
    }
    Result<void> resume(const ConsumerRequest &request) override
    {
        return act("resume", request, [](ConsumerStatus &one) {
            one.state = ConsumerState::Running;
            one.reason.clear();
        });
    }
    Result<void> reset(const ConsumerRequest &request) override
    {
        return act("reset", request, [](ConsumerStatus &one) { one.rebuilt = Position{1}; });
    }
    Result<SkippedEvent> skip(const ConsumerRequest &request) override
    {
        SkippedEvent skipped{{}, {}, request.reason, {}};
        auto done = act("skip", request, [&skipped](ConsumerStatus &one) {
            skipped.position = one.faultAt.value_or(Position{});
            one.state = ConsumerState::Running;
            one.fault.clear();
            one.faultAt.reset();
            one.skipped.push_back(skipped);
        });
        if (!done)
            return fail(std::move(done.error()));
        return skipped;
    }

private:
    template <class Change> Result<void> act(const char *what, const ConsumerRequest &request, Change change)
    {
        const std::scoped_lock lock(m_mutex);
        m_asked.push_back(std::string(what) + ' ' + request.name + " because " + request.reason);
        if (!m_refusal.empty())
            return fail(ErrorCode::Conflict, m_refusal);
        const auto found = std::find_if(m_consumers.begin(), m_consumers.end(),
                                        [&request](const ConsumerStatus &one) { return one.name == request.name; });
        if (found == m_consumers.end())
            return fail(ErrorCode::NotFound, "no such consumer");
        change(*found);
        return {};
    }

    mutable std::mutex m_mutex;
    std::vector<ConsumerStatus> m_consumers;
    std::vector<std::string> m_asked;
    std::string m_refusal;
};

} // namespace commander::test
