// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "processor/document_backend.h"

#include <commander/clock.h>
#include <commander/ledger.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace commander::simulation {

/// Time that moves only when told.
class ManualClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return {m_micros.load()}; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::time_point(std::chrono::microseconds(m_micros.load()));
    }
    void advance(std::chrono::microseconds by) { m_micros += by.count(); }

private:
    std::atomic<std::int64_t> m_micros{1'463'754'808'902'000};
};

class SeededRandom final : public RandomSource {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : m_engine(seed) { }
    void fill(std::span<std::uint8_t> bytes) override
    {
        const std::scoped_lock lock(m_mutex);
        for (auto &byte : bytes)
            byte = static_cast<std::uint8_t>(m_engine());
    }

private:
    std::mutex m_mutex;
    std::mt19937_64 m_engine;
};

/// The views, in memory: folds the ledger's events when asked, and no further than it was asked to.
class ReplayedViews final : public DocumentBackend {
public:
    ReplayedViews(Ledger &ledger, const DomainRegistry &domains) : m_ledger(ledger), m_domains(domains) { }

    [[nodiscard]] Result<std::optional<std::string>> settledDocument(const std::string &view,
                                                                     const std::string &key) override;
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
    settledDocuments(const std::string &view, const std::optional<std::string> &afterKey) override;
    [[nodiscard]] Position settledTo() override;
    [[nodiscard]] bool waitSettled(Position position, std::stop_token stop) override;

    /// Folds everything there is and returns all documents as "view/key" → text.
    [[nodiscard]] std::map<std::string, std::string> all();
    void breakDown() { m_broken = true; }
    /// settledTo() folds up to the ledger's head (default), or stays where waitSettled() brought it.
    void keepUp(bool yes) { m_keepsUp = yes; }
    [[nodiscard]] std::uint64_t reads() const { return m_reads; }

private:
    class Fold;
    void foldTo(Position position);

    Ledger &m_ledger;
    const DomainRegistry &m_domains;
    std::atomic<bool> m_broken{false};
    std::atomic<bool> m_keepsUp{true};
    std::atomic<std::uint64_t> m_reads{0};
    std::mutex m_mutex;
    Position m_position;
    std::map<std::string, Json> m_documents; ///< "view/key"
};

/// Passes everything on to another ledger, but fails appends as told.
class MoodyLedger final : public Ledger {
public:
    enum class When { BeforeCommit, AfterCommit };
    struct Failure {
        Error error;
        When when = When::BeforeCommit; ///< or: it is committed, but the answer says otherwise
    };
    using Mood = std::function<std::optional<Failure>(const LedgerTransaction &)>;
    explicit MoodyLedger(Ledger &real) : m_real(real) { }
    void setMood(Mood mood)
    {
        const std::scoped_lock lock(m_mutex);
        m_mood = std::move(mood);
    }
    [[nodiscard]] LedgerTraits traits() const noexcept override { return m_traits.value_or(m_real.traits()); }
    void setTraits(LedgerTraits traits) { m_traits = traits; }
    void append(LedgerTransaction transaction, Done done) override;
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override { return m_real.follow(from); }
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override
    {
        return m_real.read(source, from, max);
    }
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position from, std::size_t max) override
    {
        return m_real.readAt(from, max);
    }
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override { return m_real.find(id); }
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override
    {
        return m_lostProgress ? Result<std::optional<Offset>>(std::nullopt) : m_real.progress(consumer, source);
    }
    void loseProgress(bool lost) { m_lostProgress = lost; }
    [[nodiscard]] Result<LedgerHead> head() override { return m_real.head(); }
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_real.ledgerId(); }

private:
    Ledger &m_real;
    std::optional<LedgerTraits> m_traits;
    std::atomic<bool> m_lostProgress{false};
    std::mutex m_mutex;
    Mood m_mood;
};

/// A command as a client sends it, ready for a ledger.
[[nodiscard]] RecordDraft commandDraft(const Uuid &id, const std::string &action, const std::string &data);
/// Everything in the ledger.
[[nodiscard]] std::vector<RecordPtr> allRecords(Ledger &ledger);
/// Everything that the processor decided about a record, as text: kind, action, id, parent, data, …
[[nodiscard]] std::string decidedText(const Record &record);

} // namespace commander::simulation
