// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"

#include "engine_link/engine_link.h"
#include "engine_link/engine_meter.h"

#include <QSignalSpy>
#include <QTest>

using namespace commander;
using namespace commander::ui;

class TestEngineLink : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheNewestAnswerArrives()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        Ask ask;
        std::vector<int> answers;
        for (int i = 0; i < 20; ++i) {
            link.ask<int>(
                ask, [i](Engine &, std::stop_token) -> Result<int> { return i; },
                [&](const Result<int> &answer) { answers.push_back(*answer); });
        }
        QTRY_COMPARE(answers.size(), std::size_t(1));
        QCOMPARE(answers.front(), 19);
        QVERIFY(!ask.isPending());
    }

    void aDestroyedAskHearsNothing()
    {
        test::FakeEngine engine;
        engine.store().readDelayMs = 50;
        EngineLink link(engine);
        bool answered = false;
        {
            Ask ask;
            link.ask<IndexExtent>(
                ask, [](Engine &e, std::stop_token) { return e.records().extent(); },
                [&](const Result<IndexExtent> &) { answered = true; });
        }
        QTest::qWait(150);
        QVERIFY(!answered);
    }

    void aQuestionIsToldWhenItIsWithdrawn()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        Ask ask;
        std::atomic<bool> began = false;
        std::atomic<bool> stopped = false;
        link.ask<int>(
            ask,
            [&](Engine &, std::stop_token stop) -> Result<int> {
                began = true;
                while (!stop.stop_requested())
                    std::this_thread::yield();
                stopped = true;
                return 0;
            },
            [](const Result<int> &) { QFAIL("a withdrawn question was answered"); });
        QTRY_VERIFY(began);
        ask.cancel();
        QTRY_VERIFY(stopped);
    }

    void commandsKeepTheirOrder()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        std::vector<std::uint64_t> positions;
        for (int i = 0; i < 50; ++i) {
            CommandDraft draft;
            draft.action = "open-account";
            draft.data = "{\"account\":\"" + std::to_string(i) + "\"}";
            link.submit(draft, this, [&](const Result<CommandReceipt> &receipt) {
                QVERIFY(receipt);
                positions.push_back(receipt->command->position.value);
            });
        }
        QTRY_COMPARE(positions.size(), std::size_t(50));
        QVERIFY(std::is_sorted(positions.begin(), positions.end()));
    }

    void checksDoNotRunInTheGuiThread()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        bool answered = false;
        link.submit({}, this, [&](const Result<CommandReceipt> &) { answered = true; });
        QTRY_VERIFY(answered);
        QVERIFY(engine.bank().submittedFrom.load() != std::thread::id());
        QVERIFY(engine.bank().submittedFrom.load() != std::this_thread::get_id());
    }

    void whatWasSubmittedIsWithTheEngineWhenTheLinkIsGone()
    {
        test::FakeEngine engine;
        {
            EngineLink link(engine);
            for (int i = 0; i < 50; ++i) {
                CommandDraft draft;
                draft.action = "open-account";
                draft.data = "{\"account\":\"" + std::to_string(i) + "\"}";
                link.submit(draft, this, [](const Result<CommandReceipt> &) {});
            }
        }
        QVERIFY(engine.updates().progress().ledger.value >= 50);
    }

    void errorsArrive()
    {
        test::FakeEngine engine;
        engine.bank().refuseWith = ErrorCode::Busy;
        EngineLink link(engine);
        std::optional<ErrorCode> code;
        link.submit({}, this, [&](const Result<CommandReceipt> &receipt) { code = receipt.error().code; });
        QTRY_VERIFY(code);
        QCOMPARE(int(*code), int(ErrorCode::Busy));
    }

    void progressIsTold()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        QSignalSpy spy(&link, &EngineLink::progressed);
        engine.appendSome(3);
        QTRY_COMPARE(link.progress().indexed.value, std::uint64_t(3));
        QVERIFY(!spy.isEmpty());
    }

    void ratesComeFromCounters()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        EngineMeter meter(link);
        QSignalSpy spy(&meter, &EngineMeter::measured);
        meter.start();
        QCOMPARE(meter.rates().records, 0.0);
        engine.appendSome(100);
        QTRY_VERIFY(spy.size() >= 2);
        QVERIFY(meter.rates().records > 0);
        QCOMPARE(meter.status().progress.ledger.value, std::uint64_t(100));
    }
};

QTEST_GUILESS_MAIN(TestEngineLink)
#include "tst_engine_link.moc"
