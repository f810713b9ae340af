// SPDX-License-Identifier: GPL-3.0-or-later
#include "updates/update_hub.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <vector>

namespace commander {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Subscriber {
    // Constant after construction
    std::chrono::milliseconds interval;
    std::function<void(const Progress &)> notify;
    // Guarded by the roster's mutex
    std::optional<Progress> delivered; ///< nothing before the first call
    SteadyTime due;                    ///< not called before this time
    bool removed = false;
};
using SubscriberPtr = std::shared_ptr<Subscriber>;

} // namespace

/// The subscribers and the sleep of the thread that calls them.
class UpdateHub::Roster {
public:
    void add(const SubscriberPtr &subscriber)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_subscribers.push_back(subscriber);
        }
        wake();
    }

    /// Afterwards the subscriber is not called any more. Waits for its running call, unless that call is what removes
    /// it.
    void remove(const SubscriberPtr &subscriber)
    {
        std::unique_lock lock(m_mutex);
        subscriber->removed = true;
        std::erase(m_subscribers, subscriber);
        if (std::this_thread::get_id() != m_caller)
            m_callEnded.wait(lock, [this, &subscriber] { return m_running != subscriber.get(); });
    }

    /// Called for each report: only the first one after a look of the notifying thread takes the lock.
    void wake()
    {
        if (m_news.exchange(true))
            return;
        // Taking the lock orders this with the thread's check of m_news before it sleeps, so that no wake-up is lost.
        {
            const std::scoped_lock lock(m_mutex);
        }
        m_wakeUp.notify_one();
    }

    void serve(const std::stop_token &stop, const UpdateHub &hub)
    {
        std::unique_lock lock(m_mutex);
        m_caller = std::this_thread::get_id();
        while (!stop.stop_requested()) {
            m_news = false; // before progress() is read: a report in between brings us round again
            const auto progress = hub.progress();
            std::optional<SteadyTime> wakeAt;
            if (auto next = choose(progress, std::chrono::steady_clock::now(), wakeAt)) {
                call(lock, std::move(next), progress);
                continue;
            }
            const auto woken = [this, &stop] { return m_news.load() || stop.stop_requested(); };
            if (wakeAt)
                m_wakeUp.wait_until(lock, *wakeAt, woken);
            else
                m_wakeUp.wait(lock, woken);
        }
        m_caller = {};
    }

private:
    /// The subscriber that waits longest among those who are due; or none, and when the next one will be.
    SubscriberPtr choose(const Progress &progress, SteadyTime now, std::optional<SteadyTime> &wakeAt) const
    {
        SubscriberPtr first;
        for (const auto &subscriber : m_subscribers) {
            if (subscriber->delivered == progress)
                continue;
            if (subscriber->due > now)
                wakeAt = std::min(wakeAt.value_or(subscriber->due), subscriber->due);
            else if (!first || subscriber->due < first->due)
                first = subscriber;
        }
        return first;
    }

    void call(std::unique_lock<std::mutex> &lock, SubscriberPtr subscriber, const Progress &progress)
    {
        subscriber->delivered = progress;
        m_running = subscriber.get();
        lock.unlock();
        subscriber->notify(progress);
        lock.lock();
        subscriber->due
            = std::chrono::steady_clock::now() + subscriber->interval; // from the end: a slow one gets its pause too
        m_running = nullptr;
        m_callEnded.notify_all();
        if (subscriber->removed) {
            // Ours may be the last reference, and what the callback holds may itself unsubscribe when destroyed.
            lock.unlock();
            subscriber.reset();
            lock.lock();
        }
    }

    std::atomic<bool> m_news = false; ///< something to look at since the thread last looked

    std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::condition_variable m_callEnded;
    // Guarded by m_mutex
    std::vector<SubscriberPtr> m_subscribers;
    const Subscriber *m_running = nullptr;
    std::thread::id m_caller;
};

class UpdateHub::Ticket final : public Subscription {
public:
    Ticket(std::shared_ptr<Roster> roster, SubscriberPtr subscriber)
        : m_roster(std::move(roster)), m_subscriber(std::move(subscriber))
    {
    }
    ~Ticket() override { m_roster->remove(m_subscriber); }
    Ticket(const Ticket &) = delete;
    Ticket &operator=(const Ticket &) = delete;

private:
    const std::shared_ptr<Roster> m_roster;
    const SubscriberPtr m_subscriber;
};

UpdateHub::UpdateHub()
    : m_roster(std::make_shared<Roster>()), m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

UpdateHub::~UpdateHub()
{
    m_thread.request_stop();
    m_thread.join();
}

void UpdateHub::ledgerAt(Position position)
{
    advance(m_ledger, position);
}

void UpdateHub::indexedAt(Position position)
{
    advance(m_indexed, position);
}

void UpdateHub::viewedAt(Position position)
{
    advance(m_viewed, position);
}

void UpdateHub::advance(std::atomic<std::uint64_t> &place, Position position)
{
    auto before = place.load();
    while (before < position.value) {
        if (place.compare_exchange_weak(before, position.value)) {
            m_roster->wake();
            return;
        }
    }
}

Progress UpdateHub::progress() const
{
    // The derived parts first, and the ledger at least as far as they are: their reports may overtake the ledger's.
    const auto indexed = m_indexed.load();
    const auto viewed = m_viewed.load();
    return {{std::max({m_ledger.load(), indexed, viewed})}, {indexed}, {viewed}};
}

std::unique_ptr<Subscription> UpdateHub::subscribe(std::chrono::milliseconds interval,
                                                   std::function<void(const Progress &)> notify)
{
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->interval = std::max(interval, std::chrono::milliseconds(0));
    subscriber->notify = std::move(notify);
    subscriber->due = std::chrono::steady_clock::now();
    m_roster->add(subscriber);
    return std::make_unique<Ticket>(m_roster, std::move(subscriber));
}

void UpdateHub::run(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "updates");
    const std::stop_callback wakeOnStop(stop, [this] { m_roster->wake(); });
    m_roster->serve(stop, *this);
}

} // namespace commander
