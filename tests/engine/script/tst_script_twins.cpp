// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_maker.h"
#include "script_test_support.h"
#include "support/result_macros.h"

#include <random>

using namespace scripttest;

namespace {

constexpr int commandsPerSeed = 1500;

std::uint64_t givenSeed()
{
    bool ok = false;
    const auto seed = qEnvironmentVariable("COMMANDER_SEED").toULongLong(&ok);
    return ok ? seed : std::random_device()();
}

} // namespace

class TestScriptTwins : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameAsNative_data();
    void sameAsNative();
    void samplesSameApart();
    void sameDescriptions();
};

void TestScriptTwins::sameAsNative_data()
{
    QTest::addColumn<bool>("bank");
    QTest::addColumn<bool>("apart");
    QTest::addColumn<quint64>("seed");
    for (const bool bank : {true, false}) {
        const auto *const name = bank ? "bank" : "customers";
        for (const quint64 seed : {1, 2, 3})
            QTest::addRow("%s, seed %llu", name, static_cast<unsigned long long>(seed)) << bank << false << seed;
        QTest::addRow("%s, random", name) << bank << false << static_cast<quint64>(givenSeed());
        QTest::addRow("%s in a process of its own", name) << bank << true << static_cast<quint64>(givenSeed());
    }
}

void TestScriptTwins::sameAsNative()
{
    QFETCH(bool, bank);
    QFETCH(bool, apart);
    QFETCH(quint64, seed);
    qInfo("seed %llu (COMMANDER_SEED repeats the random one)", static_cast<unsigned long long>(seed));
    const auto loaded
        = loadDomainFolder(sampleFolder(bank ? "bank" : "customers"), apart ? apartOptions() : ScriptOptions());
    QVERIFY_RESULT(loaded);
    Rehearsal native(bank ? makeBankDomain() : makeCustomersDomain());
    Rehearsal folder(*loaded);
    CommandMaker make(seed);
    int succeeded = 0;
    for (std::uint64_t i = 0; i < commandsPerSeed; ++i) {
        const auto [action, data] = bank ? make.bank() : make.customers(i);
        const auto from = native.ledger.size();
        native.send(action, data);
        folder.send(action, data);
        QCOMPARE(folder.ledger.size(), native.ledger.size());
        for (auto at = from; at < native.ledger.size(); ++at)
            QVERIFY2(folder.ledger[at] == native.ledger[at],
                     ("\n" + folder.ledger[at] + "\n" + native.ledger[at]).c_str());
        QVERIFY2(native.lastResult.find("\"failed\"") == std::string::npos, native.lastResult.c_str());
        succeeded += native.lastResult.find("\"succeeded\"") != std::string::npos ? 1 : 0;
    }
    QCOMPARE(folder.views.text(), native.views.text());
    QVERIFY(!native.views.all.empty());
    // Both outcomes were met often.
    QVERIFY2(succeeded > commandsPerSeed / 10 && succeeded < commandsPerSeed * 19 / 20,
             std::to_string(succeeded).c_str());
}

/// Every command of a sample, again and again with other members, here and in a process of its own.
void TestScriptTwins::samplesSameApart()
{
    const auto here = loadDomainFolder(sampleFolder("fulfilment"));
    const auto apart = loadDomainFolder(sampleFolder("fulfilment"), apartOptions());
    QVERIFY_RESULT(here);
    QVERIFY_RESULT(apart);
    Rehearsal left(*here);
    Rehearsal right(*apart);
    for (int round = 0; round < 20; ++round) {
        for (const auto &command : (*here)->description().commands) {
            left.send(command.action, command.example);
            right.send(command.action, command.example);
        }
    }
    QCOMPARE(right.ledger, left.ledger);
    QCOMPARE(right.views.text(), left.views.text());
    QVERIFY(left.views.all.size() > 2);
}

void TestScriptTwins::sameDescriptions()
{
    for (const auto &[name, native] : {std::pair{"bank", makeBankDomain()}, {"customers", makeCustomersDomain()}}) {
        const auto folder = loadDomainFolder(sampleFolder(name));
        QVERIFY_RESULT(folder);
        const auto &a = (*folder)->description();
        const auto &b = native->description();
        QCOMPARE(a.name, b.name);
        QCOMPARE(a.version, b.version);
        QCOMPARE(a.eventsTopic, b.eventsTopic);
        QCOMPARE(a.reactsTo, b.reactsTo);
        QVERIFY(a.hash != b.hash);
        QCOMPARE(a.commands.size(), b.commands.size());
        for (std::size_t i = 0; i < a.commands.size(); ++i) {
            QCOMPARE(a.commands[i].action, b.commands[i].action);
            QCOMPARE(a.commands[i].title, b.commands[i].title);
            QCOMPARE(a.commands[i].keyField, b.commands[i].keyField);
            QCOMPARE(*parseJson(a.commands[i].schema), *parseJson(b.commands[i].schema));
            QCOMPARE(*parseJson(a.commands[i].example), *parseJson(b.commands[i].example));
        }
        QCOMPARE(a.events.size(), b.events.size());
        for (std::size_t i = 0; i < a.events.size(); ++i) {
            QCOMPARE(a.events[i].action, b.events[i].action);
            QCOMPARE(*parseJson(a.events[i].schema), *parseJson(b.events[i].schema));
        }
        QCOMPARE(a.views.size(), b.views.size());
        for (std::size_t i = 0; i < a.views.size(); ++i) {
            QCOMPARE(a.views[i].name, b.views[i].name);
            QCOMPARE(a.views[i].version, b.views[i].version);
            QCOMPARE(a.views[i].path, b.views[i].path);
            QCOMPARE(a.views[i].events, b.views[i].events);
            QCOMPARE(a.views[i].decides, b.views[i].decides);
        }
    }
}

QTEST_GUILESS_MAIN(TestScriptTwins)
#include "tst_script_twins.moc"
