// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/ledger_follower.h"
#include "query/index_storage.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

namespace commander {

/// Keeps the index fed: runs the follower, tries again after a full disk, and replaces a damaged file by a new one that
/// is filled from the ledger.
class IndexFeeder {
public:
    struct Options {
        IndexStorage::Options storage;
        std::function<void(Position)> onProgress;
    };
    [[nodiscard]] static Result<std::unique_ptr<IndexFeeder>> open(Options options);
    ~IndexFeeder();
    IndexFeeder(const IndexFeeder &) = delete;
    IndexFeeder &operator=(const IndexFeeder &) = delete;

    [[nodiscard]] Result<void> start(); ///< once
    void stop();

    // Thread-safe
    /// The storage, kept from being replaced for as long as this lives.
    class Use {
    public:
        explicit Use(const IndexFeeder &feeder) : m_lock(feeder.m_storageMutex), m_storage(feeder.m_storage.get()) { }
        /// Null while a damaged index could not be replaced yet.
        [[nodiscard]] IndexStorage *storage() const noexcept { return m_storage; }

    private:
        std::shared_lock<std::shared_mutex> m_lock;
        IndexStorage *m_storage;
    };
    [[nodiscard]] Use use() const { return Use(*this); }
    /// A reader found the file damaged.
    void reportDamage(const Error &error);
    [[nodiscard]] std::string fault() const;
    /// Paused, it takes nothing; returns once the batch in work is done.
    void setPaused(bool paused);
    /// Begins the file anew and fills it from the ledger.
    void reset();
    [[nodiscard]] Ledger &ledger() const noexcept { return m_options.storage.ledger; }

private:
    enum class Trouble { None, TryAgain, Damaged }; // a later one covers those before

    explicit IndexFeeder(Options options);
    [[nodiscard]] Result<void> consume(std::span<const RecordPtr> records);
    void report(const Error &error, Trouble trouble);
    [[nodiscard]] Result<void> startFollower();
    void supervise(const std::stop_token &stop);
    [[nodiscard]] Result<void> replaceStorage();

    // Constant after construction
    const Options m_options;
    // Replaced by the supervising thread while the follower stands still; the follower uses it without the lock
    mutable std::shared_mutex m_storageMutex;
    std::unique_ptr<IndexStorage> m_storage;
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable_any m_troubled;
    Trouble m_trouble = Trouble::None;
    std::string m_fault;
    std::shared_ptr<LedgerFollower> m_follower;
    bool m_paused = false;

    std::jthread m_supervisor;
};

} // namespace commander
