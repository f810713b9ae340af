// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/expected_revision.h>
#include <commander/ids.h>
#include <commander/record.h>
#include <commander/result.h>

#include <cstdint>
#include <deque>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace commander {

class Ledger;

/// Counts the events of the past that are recorded under a key.
class EventCounter {
public:
    virtual ~EventCounter() = default;
    /// In one topic, at positions up to `last`; the ledger has them all. Errors Cancelled and those of reading.
    [[nodiscard]] virtual Result<std::uint64_t> count(const std::string &topic, const std::string &key, Position last,
                                                      std::stop_token stop)
        = 0;
};

/// Counts by going through the topic.
class LedgerEventCounter final : public EventCounter {
public:
    explicit LedgerEventCounter(Ledger &ledger) : m_ledger(ledger) { }
    [[nodiscard]] Result<std::uint64_t> count(const std::string &topic, const std::string &key, Position last,
                                              std::stop_token stop) override;

private:
    Ledger &m_ledger;
};

/// How many events a key has when a command is decided.
class RevisionSource {
public:
    virtual ~RevisionSource() = default;
    [[nodiscard]] virtual Result<std::uint64_t> revision(const std::string &topic, const std::string &key) = 0;
};

/// What becomes of a command whose key stands at another revision than it expects.
[[nodiscard]] CommandOutcome revisionConflictOf(const Record &command, const ExpectedRevision &expected,
                                                std::uint64_t actual);

/// The revisions of keys with the effect of every command so far: what was counted once is counted on in memory.
/// Processor thread only.
class KeyRevisions final : public RevisionSource {
public:
    /// Everything up to `committed` is in the ledger, and nothing else that was decided.
    KeyRevisions(EventCounter &past, Position committed, std::stop_token stop)
        : m_past(past), m_stop(std::move(stop)), m_committed(committed)
    {
    }

    [[nodiscard]] Result<std::uint64_t> revision(const std::string &topic, const std::string &key) override;

    /// The step that is decided next appends to these records.
    void beginStep(const std::vector<RecordDraft> &records)
    {
        m_step = &records;
        m_stepBegin = records.size();
    }
    /// What the step has appended is decided, as part of this batch.
    void keep(std::uint64_t batch);
    /// The batches up to this one are in the ledger, up to this position.
    void committed(std::uint64_t batch, Position last);

private:
    struct Decided {
        std::uint64_t batch;
        std::string name; ///< of topic and key
    };
    [[nodiscard]] static std::string nameOf(const std::string &topic, const std::string &key);

    // Constant after construction
    EventCounter &m_past;
    const std::stop_token m_stop;

    // Processor thread only
    Position m_committed;
    std::unordered_map<std::string, std::uint64_t> m_counts; ///< of keys that were asked for, with all that is kept
    std::deque<Decided> m_uncommitted;                       ///< the events of at most two batches
    const std::vector<RecordDraft> *m_step = nullptr;
    std::size_t m_stepBegin = 0;
};

} // namespace commander
