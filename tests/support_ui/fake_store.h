// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record_reader.h>
#include <commander/updates.h>
#include <commander/views.h>

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

namespace commander::test {

/// How the fake engine behaves.
struct FakeOptions {
    std::uint64_t generated = 0; ///< records that are there from the start; made on demand, so 10 million cost nothing
    bool longNames = false;      ///< long actions, keys and actors, big numbers, deep data
    Timestamp firstAt{1'795'446'000'000'000}; ///< of record 1; each next one is stepMicros later
    std::int64_t stepMicros = 40'000;
    bool readOnly = false;
    std::vector<std::string> faults; ///< what status() reports
};

/// Records in memory: generated ones first, then appended ones. Thread-safe.
class FakeStore {
public:
    explicit FakeStore(FakeOptions options) : m_options(std::move(options)) { }

    [[nodiscard]] const FakeOptions &options() const { return m_options; }
    [[nodiscard]] Position head() const;
    [[nodiscard]] RecordPtr record(Position position) const; ///< null beyond the head
    [[nodiscard]] RecordPtr find(const Uuid &id) const;
    [[nodiscard]] RecordPtr result(const Uuid &command) const;
    [[nodiscard]] std::vector<RecordPtr> correlated(const Uuid &correlation, std::size_t max) const;

    RecordPtr append(RecordDraft draft);
    void addChange(DocumentChange change, std::string json);

    /// Newest state and the log of all changes.
    [[nodiscard]] std::vector<Document> documents(const std::string &view) const;
    [[nodiscard]] std::vector<DocumentChange> changes() const;

    /// Tells followers what is new.
    void notify();
    int subscribe(std::function<void(const Progress &)> notify);
    void unsubscribe(int number);
    [[nodiscard]] Progress progress() const;

    std::atomic<int> readDelayMs = 0;    ///< every read takes so long
    std::atomic<bool> failReads = false; ///< every read fails
    std::atomic<int> reads = 0;          ///< how many there were

private:
    [[nodiscard]] RecordPtr generate(std::uint64_t position) const;

    FakeOptions m_options;
    mutable std::mutex m_mutex;
    // Guarded by m_mutex
    std::vector<RecordPtr> m_appended;
    std::map<Uuid, std::size_t> m_byId;
    std::map<std::string, std::uint64_t> m_offsets;
    std::map<std::pair<std::string, std::string>, Document> m_documents;
    std::vector<DocumentChange> m_changes;
    // Guarded by m_subscribersMutex, held while they are called
    std::mutex m_subscribersMutex;
    std::map<int, std::function<void(const Progress &)>> m_subscribers;
    int m_lastSubscriber = 0;
};

} // namespace commander::test
