// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <QObject>

#include <chrono>
#include <memory>
#include <string>

namespace commander {

/// A ledger that was made for one test, with all that it needs to live.
class LedgerFixture {
public:
    virtual ~LedgerFixture() = default;
    [[nodiscard]] virtual Ledger &ledger() = 0;
    /// Closes the ledger while others may still wait for their appends.
    virtual void close() = 0;
};

/// What every implementation of Ledger must keep. Derive, implement make(), and run it with QTEST_GUILESS_MAIN; what an
/// implementation cannot do is left out by its LedgerTraits.
class LedgerContract : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

protected:
    /// An empty ledger.
    [[nodiscard]] virtual Result<std::unique_ptr<LedgerFixture>> make() = 0;
    /// Two topics that may be used, and one partition of each.
    [[nodiscard]] virtual TopicPartition first() const { return {"commands", 0}; }
    [[nodiscard]] virtual TopicPartition second() const { return {"bank-events", 0}; }
    /// Kafka's transaction markers take offsets of their own.
    [[nodiscard]] virtual bool denseOffsets() const { return true; }
    /// How long something that must happen may take.
    [[nodiscard]] virtual std::chrono::milliseconds patience() const { return std::chrono::seconds(10); }
    /// Scales the heavier tests down for slow ledgers.
    [[nodiscard]] virtual int rounds() const { return 50; }

private Q_SLOTS:
    void init();
    void cleanup();

    void startsEmpty();
    void keepsEveryField();
    void keepsBytesExactly();
    void countsOffsetsAndPositions();
    void neverLetsTimeGoBack();
    void linksTheChain();
    void findsById();
    void readsInPages();
    void followsFromTheStart();
    void followsFromTheMiddle();
    void followsLiveWithoutGapOrRepeat();
    void wakesAWaitingCursor();
    void remembersAWakeThatCameEarly();
    void waitsNoLongerThanAsked();
    void commitsProgressWithRecords();
    void commitsProgressAlone();
    void refusesADuplicateIdWholly();
    void refusesAnIdTwiceInOneTransaction();
    void letsOthersOfTheBatchGoOn();
    void refusesWhatIsTooLarge();
    void takesAnEmptyTransaction();
    void keepsTransactionsWholeFromEightThreads();
    void answersEveryAppendWhenItCloses();

private:
    [[nodiscard]] Ledger &ledger() { return m_fixture->ledger(); }
    [[nodiscard]] RecordDraft draft(std::uint64_t n, const TopicPartition &to) const;
    /// From the beginning of both topics, whatever the ledger can do.
    [[nodiscard]] FollowFrom everything() const;
    /// Takes from the cursor until `count` records came or patience ended.
    [[nodiscard]] Result<std::vector<RecordPtr>> take(LedgerCursor &cursor, std::size_t count) const;

    std::unique_ptr<LedgerFixture> m_fixture;
};

} // namespace commander
