// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/event_loop_stall_meter.h"
#include "support_ui/fake_engine.h"

#include "models/record_window_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    explicit Fixture(std::uint64_t records) : engine(options(records)), link(engine), model(link)
    {
        model.setFilter({});
        model.setActive(true);
    }
    static test::FakeOptions options(std::uint64_t records)
    {
        test::FakeOptions o;
        o.generated = records;
        return o;
    }
    [[nodiscard]] bool isLoaded() const
    {
        for (int row = 0; row < model.rowCount(); ++row) {
            if (!model.rowAt(row))
                return false;
        }
        return model.rowCount() > 0;
    }
    [[nodiscard]] std::uint64_t shown(int row) const { return model.rowAt(row)->record->position.value; }

    test::FakeEngine engine;
    EngineLink link;
    RecordWindowModel model;
};

} // namespace

class TestRecordWindowModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsTheRulesOfModels()
    {
        Fixture f(10'000);
        QAbstractItemModelTester tester(&f.model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.model.setWindow(0, 40);
        QTRY_VERIFY(f.isLoaded());
        f.model.setWindow(5000, 60);
        f.model.setWindow(9990, 25);
        QTRY_VERIFY(f.isLoaded());
        f.model.setTimeStyle(TimeStyle::Relative);
        RecordFilter filter;
        filter.kinds = {RecordKind::Result};
        f.model.setFilter(filter);
        f.model.setActive(true);
        QTRY_COMPARE(f.model.total(), std::uint64_t(3333));
        f.model.setWindow(100, 30);
        QTRY_VERIFY(f.isLoaded());
        f.model.setFilter({});
        f.model.setActive(true);
        f.model.setWindow(0, 1'000);
        QTRY_VERIFY(f.model.rowAt(0));
    }

    void rowIsPosition()
    {
        Fixture f(10'000'000);
        QCOMPARE(f.model.total(), std::uint64_t(10'000'000));
        f.model.setWindow(7'654'320, 30);
        QCOMPARE(f.model.rowCount(), 30);
        QVERIFY(!f.model.data(f.model.index(0, 0), RecordWindowModel::LoadedRole).toBool());
        QTRY_VERIFY(f.isLoaded());
        QCOMPARE(f.shown(0), std::uint64_t(7'654'321));
        QCOMPARE(f.shown(29), std::uint64_t(7'654'350));
        QCOMPARE(f.model.indexOf({42}), std::optional<std::uint64_t>(41));
        QCOMPARE(f.model.indexOf({10'000'001}), std::nullopt);
        QCOMPARE(f.model.indexNear({99'000'000}), std::uint64_t(9'999'999));
    }

    void theWindowStopsAtTheEnd()
    {
        Fixture f(100);
        f.model.setWindow(90, 30);
        QCOMPARE(f.model.first(), std::uint64_t(70));
        QCOMPARE(f.model.rowCount(), 30);
        f.model.setWindow(0, 500);
        QCOMPARE(f.model.rowCount(), 100);
    }

    void keepsFewPages()
    {
        Fixture f(10'000'000);
        for (std::uint64_t i = 0; i < 60; ++i) {
            f.model.setWindow(i * 49'000, 40);
            QTRY_VERIFY(f.isLoaded());
            QVERIFY(f.model.cachedPages() <= RecordWindowModel::pagesMax);
        }
        QCOMPARE(f.model.cachedPages(), RecordWindowModel::pagesMax);
    }

    void askingNeverWaits()
    {
        Fixture f(1'000'000);
        f.engine.store().readDelayMs = 300;
        QElapsedTimer clock;
        clock.start();
        f.model.setWindow(500'000, 40);
        for (int row = 0; row < 40; ++row)
            QVERIFY(!f.model.data(f.model.index(row, int(RecordColumn::Data))).isValid());
        QVERIFY(clock.elapsed() < 100);
        QTRY_VERIFY(f.isLoaded());
    }

    void theNewestPlaceWins()
    {
        Fixture f(1'000'000);
        f.engine.store().readDelayMs = 20;
        for (std::uint64_t i = 1; i < 40; ++i) {
            f.model.setWindow(i * 20'000, 40);
            QTest::qWait(1);
        }
        QTRY_VERIFY(f.isLoaded());
        QCOMPARE(f.shown(0), std::uint64_t(39 * 20'000 + 1));
        QVERIFY2(f.engine.store().reads < 40, "places that were only passed were all read");
    }

    void statusesAreShownAndRefreshed()
    {
        Fixture f(0);
        CommandDraft draft;
        draft.action = "transfer-money";
        draft.data = "{\"from_account\":\"1\",\"to_account\":\"2\",\"amount\":1}";
        f.link.submit(draft, this, [](const Result<CommandReceipt> &receipt) { QVERIFY(receipt); });
        QTRY_COMPARE(f.model.total(), std::uint64_t(2));
        f.model.setWindow(0, 10);
        QTRY_VERIFY(f.isLoaded());
        QCOMPARE(f.model.index(0, int(RecordColumn::Status)).data().toString(), u"Rejected"_s);
        // A command without a result, then its result.
        f.engine.appendSome(1);
        QTRY_COMPARE(f.model.total(), std::uint64_t(3));
        f.model.setWindow(0, 10);
        QTRY_COMPARE(f.model.index(2, int(RecordColumn::Status)).data().toString(), u"Accepted"_s);
        RecordDraft result;
        result.kind = RecordKind::Result;
        result.id = uuid5(f.model.rowAt(2)->record->id, "result");
        result.parent = f.model.rowAt(2)->record->id;
        result.action = "succeeded";
        CommandOutcome outcome;
        outcome.status = CommandStatus::Succeeded;
        result.data = writeOutcome(outcome);
        f.engine.store().append(result);
        f.engine.store().notify();
        QTRY_COMPARE(f.model.index(2, int(RecordColumn::Status)).data().toString(), u"Succeeded"_s);
    }

    void aFilterSaysHowFarItSearched()
    {
        Fixture f(90'000);
        f.engine.store().readDelayMs = 20;
        RecordFilter filter;
        filter.topics = {"customer-events"};
        f.model.setFilter(filter);
        MatchCollector &matches = f.model.matches();
        QCOMPARE(matches.state(), MatchCollector::State::Searching);
        QTRY_VERIFY(matches.searchedTo().value >= 20'000);
        matches.cancel();
        QCOMPARE(matches.state(), MatchCollector::State::Stopped);
        const std::uint64_t reached = matches.searchedTo().value;
        QTest::qWait(80);
        QCOMPARE(matches.searchedTo().value, reached);
        QVERIFY(reached < 90'000);
        matches.keepGoing();
        QTRY_COMPARE(matches.state(), MatchCollector::State::Complete);
        QCOMPARE(matches.searchedTo().value, std::uint64_t(90'000));
        QVERIFY(std::is_sorted(matches.positions().begin(), matches.positions().end()));
        for (const Position position : matches.positions())
            QCOMPARE(f.engine.store().record(position)->topic, std::string("customer-events"));
    }

    void aFilterGoesOnWithTheLedger()
    {
        Fixture f(300);
        RecordFilter filter;
        filter.actors = {"test"};
        f.model.setFilter(filter);
        f.model.setActive(true);
        QTRY_COMPARE(f.model.matches().state(), MatchCollector::State::Complete);
        QCOMPARE(f.model.total(), std::uint64_t(0));
        f.engine.appendSome(7);
        QTRY_COMPARE(f.model.total(), std::uint64_t(7));
        f.engine.appendSome(5);
        QTRY_COMPARE(f.model.total(), std::uint64_t(12));
        QCOMPARE(f.model.positionAt(0), Position{301});
    }

    void failuresAreTold()
    {
        Fixture f(1000);
        QSignalSpy failed(&f.model, &RecordWindowModel::loadFailed);
        f.engine.store().failReads = true;
        f.model.setWindow(0, 20);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.front().front().toString().contains(u"index.sqlite"_s));
        RecordFilter filter;
        filter.text = "x";
        f.model.setFilter(filter);
        QTRY_COMPARE(f.model.matches().state(), MatchCollector::State::Failed);
        f.engine.store().failReads = false;
        f.model.matches().keepGoing();
        QTRY_COMPARE(f.model.matches().state(), MatchCollector::State::Complete);
    }

    void bigDataIsCutInMemoryOnly()
    {
        Fixture f(0);
        CommandDraft draft;
        draft.action = "create-customer";
        draft.data = "{\"last_name\":\"" + std::string(500'000, 'x') + "\"}";
        const std::size_t bytes = draft.data.size();
        f.link.submit(draft, this, [](const Result<CommandReceipt> &receipt) { QVERIFY(receipt); });
        QTRY_COMPARE(f.model.total(), std::uint64_t(3));
        f.model.setWindow(0, 10);
        QTRY_VERIFY(f.isLoaded());
        QCOMPARE(f.model.rowAt(0)->dataBytes, bytes);
        QVERIFY(f.model.rowAt(0)->record->data.size() < 10'000);
    }

    void anInactiveModelIsSilent()
    {
        Fixture f(1000);
        f.model.setWindow(0, 20);
        QTRY_VERIFY(f.isLoaded());
        f.model.setActive(false);
        const int reads = f.engine.store().reads;
        f.engine.appendSome(50);
        QTest::qWait(50);
        QCOMPARE(f.engine.store().reads.load(), reads);
        f.model.setActive(true);
        QCOMPARE(f.model.total(), std::uint64_t(1050));
    }
};

QTEST_GUILESS_MAIN(TestRecordWindowModel)
#include "tst_record_window_model.moc"
