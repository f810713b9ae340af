// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

namespace commander {

/// A ledger as a broker has it: topics and offsets, but no order over them, so records carry no position.
class UnorderedLedger final : public Ledger {
public:
    explicit UnorderedLedger(Ledger &ordered) : m_ordered(ordered) { }

    [[nodiscard]] LedgerTraits traits() const noexcept override { return {}; }
    void append(LedgerTransaction transaction, Done done) override
    {
        m_ordered.append(std::move(transaction), std::move(done));
    }
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override
    {
        if (std::holds_alternative<Position>(from))
            return fail(ErrorCode::Unsupported, "there is no total order");
        auto cursor = m_ordered.follow(std::move(from));
        if (!cursor)
            return cursor;
        return std::make_unique<Cursor>(std::move(*cursor));
    }
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override
    {
        return withoutPositions(m_ordered.read(source, from, max));
    }
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position, std::size_t) override
    {
        return fail(ErrorCode::Unsupported, "there is no total order");
    }
    [[nodiscard]] Result<RecordPtr> find(const Uuid &) override
    {
        return fail(ErrorCode::Unsupported, "ids cannot be looked up");
    }
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override
    {
        return m_ordered.progress(consumer, source);
    }
    [[nodiscard]] Result<LedgerHead> head() override { return fail(ErrorCode::Unsupported, "there is no total order"); }
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_ordered.ledgerId(); }

private:
    static Result<std::vector<RecordPtr>> withoutPositions(Result<std::vector<RecordPtr>> records)
    {
        if (records) {
            for (auto &record : *records) {
                auto copy = std::make_shared<Record>(*record);
                copy->position = {};
                record = std::move(copy);
            }
        }
        return records;
    }

    class Cursor final : public LedgerCursor {
    public:
        explicit Cursor(std::unique_ptr<LedgerCursor> ordered) : m_ordered(std::move(ordered)) { }
        [[nodiscard]] Result<std::vector<RecordPtr>> next(std::size_t max, std::chrono::milliseconds wait) override
        {
            return withoutPositions(m_ordered->next(max, wait));
        }
        void wake() noexcept override { m_ordered->wake(); }

    private:
        const std::unique_ptr<LedgerCursor> m_ordered;
    };

    Ledger &m_ordered;
};

} // namespace commander
