// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/updates.h>

#include <atomic>
#include <memory>
#include <thread>

namespace commander {

/// Fans progress out to whoever follows. The parts report positions as often as they like: that costs them two atomic
/// operations, and a lock only when the notifying thread may be asleep. One thread calls the subscribers one after
/// another. A subscription may outlive the hub; it is silent then.
class UpdateHub final : public Updates {
public:
    UpdateHub();
    ~UpdateHub() override; ///< waits for a running callback; never destroy the hub from within one
    UpdateHub(const UpdateHub &) = delete;
    UpdateHub &operator=(const UpdateHub &) = delete;

    // Reports of the parts, from any thread. A position behind one already reported is ignored.
    void ledgerAt(Position position);
    void indexedAt(Position position);
    void viewedAt(Position position);

    [[nodiscard]] Progress progress() const override;
    /// The callback may subscribe, unsubscribe others and unsubscribe itself.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::chrono::milliseconds interval,
                                                          std::function<void(const Progress &)> notify) override;

private:
    class Roster;
    class Ticket;
    void advance(std::atomic<std::uint64_t> &place, Position position);
    void run(const std::stop_token &stop);

    // Any thread
    std::atomic<std::uint64_t> m_ledger = 0;
    std::atomic<std::uint64_t> m_indexed = 0;
    std::atomic<std::uint64_t> m_viewed = 0;
    // Constant after construction; shared with the subscriptions, which unsubscribe through it
    const std::shared_ptr<Roster> m_roster;

    std::jthread m_thread;
};

} // namespace commander
