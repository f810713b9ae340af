// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"

#include "home/bank_day.h"
#include "home/bank_day_player.h"

#include <commander/json.h>

#include <map>
#include <QSignalSpy>
#include <QTest>
#include <set>

using namespace commander;
using namespace commander::ui;

class TestBankDay : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSameSeedIsTheSameDay()
    {
        const BankDay one(42, 800);
        const BankDay two(42, 800);
        QCOMPARE(one.steps().size(), std::size_t(800));
        for (std::size_t i = 0; i < one.steps().size(); ++i) {
            QCOMPARE(one.steps()[i].at, two.steps()[i].at);
            QCOMPARE(one.steps()[i].draft.id, two.steps()[i].draft.id);
            QCOMPARE(one.steps()[i].draft.action, two.steps()[i].draft.action);
            QCOMPARE(one.steps()[i].draft.data, two.steps()[i].draft.data);
            QCOMPARE(one.steps()[i].draft.actor, two.steps()[i].draft.actor);
        }
        const BankDay other(43, 800);
        QVERIFY(one.steps()[0].draft.id != other.steps()[0].draft.id);
    }

    void everyStepIsAValidCommand_data()
    {
        QTest::addColumn<int>("commands");
        for (const int count : {1, 2, 3, 10, 300, 5000})
            QTest::newRow(qPrintable(QString::number(count))) << count;
    }
    void everyStepIsAValidCommand()
    {
        QFETCH(int, commands);
        const BankDay day(7, std::size_t(commands));
        QCOMPARE(int(day.steps().size()), commands);
        std::set<Uuid> ids;
        std::chrono::milliseconds before{0};
        for (const BankDayStep &step : day.steps()) {
            QVERIFY(ids.insert(*step.draft.id).second);
            QVERIFY(step.at >= before && step.at < BankDay::length);
            before = step.at;
            const auto data = parseJson(step.draft.data);
            QVERIFY(data);
            if (data->find("amount"))
                QVERIFY(data->integerAt("amount").value_or(0) > 0);
        }
    }

    void aDayHasEverythingInIt()
    {
        const BankDay day(1, 3000);
        std::map<std::string, int> actions;
        int large = 0;
        for (const BankDayStep &step : day.steps()) {
            ++actions[step.draft.action];
            const auto data = parseJson(step.draft.data);
            if (step.draft.action == "transfer-money" && data->integerAt("amount").value_or(0) >= 1'000'000)
                ++large;
        }
        for (const char *action :
             {"create-customer", "open-account", "deposit-money", "withdraw-money", "transfer-money"})
            QVERIFY2(actions[action] > 50, action);
        QVERIFY(large > 5);

        test::FakeEngine engine;
        for (const BankDayStep &step : day.steps())
            engine.bank().submit(step.draft, [](const Result<CommandReceipt> &receipt) { QVERIFY(receipt); });
        QVERIFY(engine.bank().rejected > 30);
        QVERIFY(engine.bank().succeeded > 2000);
    }

    void playsToTheEndAndTwiceIsOnce()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        BankDayPlayer player(link);
        QSignalSpy finished(&player, &BankDayPlayer::finished);
        player.play(BankDay(5, 200), std::chrono::milliseconds(200));
        QVERIFY(player.isPlaying());
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(player.recorded(), std::size_t(200));
        const Position head = engine.store().head();
        player.play(BankDay(5, 200), std::chrono::milliseconds(100));
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(engine.store().head(), head);
    }

    void stops()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        BankDayPlayer player(link);
        QSignalSpy finished(&player, &BankDayPlayer::finished);
        player.play(BankDay(5, 2000), std::chrono::minutes(1));
        QTest::qWait(200);
        player.stop();
        QCOMPARE(finished.size(), 1);
        const std::size_t sent = player.sent();
        QVERIFY(sent < 2000);
        QTest::qWait(100);
        QCOMPARE(player.sent(), sent);
    }

    void aFaultEndsTheDay()
    {
        test::FakeEngine engine;
        EngineLink link(engine);
        BankDayPlayer player(link);
        QSignalSpy finished(&player, &BankDayPlayer::finished);
        BankDay day(5, 50);
        engine.bank().refuseWith = ErrorCode::DiskFull;
        player.play(std::move(day), std::chrono::milliseconds(50));
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(player.error());
        QCOMPARE(int(player.error()->code), int(ErrorCode::DiskFull));
    }
};

QTEST_GUILESS_MAIN(TestBankDay)
#include "tst_bank_day.moc"
