// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "commands/command_intake.h"
#include "domain/domain_catalog.h"
#include "ledger/memory/memory_ledger.h"

#include <atomic>
#include <mutex>
#include <random>

namespace commander::intakebench {

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
    void fill(std::span<std::uint8_t> bytes) override
    {
        const std::scoped_lock lock(m_mutex);
        for (auto &byte : bytes)
            byte = static_cast<std::uint8_t>(m_engine());
    }

private:
    std::mutex m_mutex;
    std::mt19937_64 m_engine{1};
};

/// A memory ledger that can pretend to be another kind.
class DressedLedger final : public Ledger {
public:
    explicit DressedLedger(Ledger &real) : m_real(real) { }
    bool detects = true; ///< notices duplicate ids
    bool readOnly = false;
    std::atomic<int> phantoms{0}; ///< refuses this many appends for an id that is not there
    std::atomic<int> appends{0};

    [[nodiscard]] LedgerTraits traits() const noexcept override { return {true, detects, true}; }
    void append(LedgerTransaction transaction, Done done) override
    {
        ++appends;
        if (readOnly)
            done(fail(ErrorCode::LedgerReadOnly, "opened for reading only"));
        else if (phantoms > 0 && phantoms-- > 0)
            done(fail(ErrorCode::DuplicateId, "on its way"));
        else
            m_real.append(std::move(transaction), std::move(done));
    }
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
        return m_real.progress(consumer, source);
    }
    [[nodiscard]] Result<LedgerHead> head() override { return m_real.head(); }
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_real.ledgerId(); }

private:
    Ledger &m_real;
};

struct Bench {
    ManualClock clock;
    SeededRandom random;
    MemoryLedger real{clock, random};
    DressedLedger ledger{real};
    DomainCatalog domains{*DomainRegistry::create({makeBankDomain(), makeCustomersDomain()})};
    std::unique_ptr<CommandIntake> intake = std::make_unique<CommandIntake>(ledger, domains, clock, random);

    /// What the processor does, for one command.
    RecordPtr decide(const Record &command)
    {
        LedgerTransaction transaction;
        RecordDraft result;
        result.kind = RecordKind::Result;
        result.id = uuid5(command.id, "result");
        result.parent = command.id;
        result.correlation = command.correlation;
        result.topic = resultsTopic;
        result.action = "succeeded";
        result.data = R"({"status":"succeeded","events":[]})";
        transaction.records.push_back(std::move(result));
        return real.appendAndWait(std::move(transaction))->records.front();
    }
    std::size_t records() { return real.readAt({1}, 100'000)->size(); }
};

inline CommandDraft deposit(std::optional<Uuid> id = {}, const std::string &data = R"({"account":"1","amount":1})")
{
    CommandDraft draft;
    draft.id = id;
    draft.action = "deposit-money";
    draft.data = data;
    draft.actor = "test";
    return draft;
}

inline const Uuid someId = uuid5({}, "some id");

} // namespace commander::intakebench
