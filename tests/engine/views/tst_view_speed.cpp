// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QtTest>

#include <ctime>
#include <utility>

using namespace commander;
using namespace viewtest;

namespace {

RecordDraft eventOf(const Uuid &id, std::string action, std::string data)
{
    RecordDraft event;
    event.kind = RecordKind::Event;
    event.id = uuid5(id, "event/1");
    event.parent = id;
    event.correlation = id;
    event.topic = "bank-events";
    event.action = std::move(action);
    event.data = std::move(data);
    return event;
}

/// A command, its event and its result, as the processor leaves them.
void addTransfer(std::vector<RecordDraft> &records, const Uuid &id, const std::string &data)
{
    RecordDraft command;
    command.id = id;
    command.correlation = id;
    command.topic = commandsTopic;
    command.action = "transfer-money";
    command.data = data;
    auto result = command;
    result.kind = RecordKind::Result;
    result.id = uuid5(id, "result");
    result.parent = id;
    result.topic = resultsTopic;
    result.action = "succeeded";
    result.data = "{}";
    records.push_back(std::move(command));
    records.push_back(eventOf(id, "money-transferred", data));
    records.push_back(std::move(result));
}

} // namespace

/// Prints how many events a second are folded, and what the file and the answers cost. COMMANDER_BENCH_EVENTS asks for
/// more.
class ViewSpeedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void transfers_data();
    void transfers();
};

void ViewSpeedTest::transfers_data()
{
    QTest::addColumn<int>("accounts");
    QTest::newRow("100 accounts") << 100;
    QTest::newRow("1,000 accounts") << 1'000;
    QTest::newRow("100,000 accounts") << 100'000;
}

void ViewSpeedTest::transfers()
{
    QFETCH(int, accounts);
    int events = qEnvironmentVariableIntValue("COMMANDER_BENCH_EVENTS") > 0
        ? qEnvironmentVariableIntValue("COMMANDER_BENCH_EVENTS")
        : 5'000;
    SeededLedger ledger(1);
    std::mt19937_64 chance(1);
    const auto account = [&] { return "account-" + std::to_string(chance() % static_cast<std::uint64_t>(accounts)); };
    LedgerTransaction transaction;
    const auto append = [&] {
        const auto appended = ledger.ledger.appendAndWait(std::exchange(transaction, {}));
        QVERIFY2(appended, appended ? "" : appended.error().text().c_str());
    };
    for (int i = 0; i < accounts; ++i) {
        transaction.records.push_back(
            eventOf(uuid5(ledger.ledger.ledgerId(), "open/" + std::to_string(i)), "account-opened",
                    R"({"account":"account-)" + std::to_string(i) + R"(","owner":"somebody","opening_balance":0})"));
        if (transaction.records.size() >= 3000)
            append();
    }
    append();
    const auto opened = ledger.ledger.head()->position;
    for (int i = 0; i < events; ++i) {
        const auto id = uuid5(ledger.ledger.ledgerId(), std::to_string(i));
        addTransfer(transaction.records, id,
                    R"({"id":")" + id.text() + R"(","from_account":")" + account() + R"(","to_account":")" + account()
                        + R"(","amount":)" + std::to_string(1 + chance() % 10'000) + "}");
        if (transaction.records.size() >= 3000)
            append();
    }
    append();
    const auto head = ledger.ledger.head()->position;

    const QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("views.sqlite"));
    SystemFileSystem files;
    auto engine = ViewEngine::open({.path = path.toStdString(),
                                    .ledger = ledger.ledger,
                                    .fileSystem = files,
                                    .folds = foldsOf(makeBankDomain()),
                                    .onProgress = {},
                                    .sources = {}});
    QVERIFY(engine);
    QElapsedTimer timer;
    // The accounts are opened before the clock runs, as far as whole batches allow.
    QVERIFY((*engine)->start());
    QVERIFY((*engine)->reader().waitFor(opened, std::chrono::minutes(10)));
    const auto begun = (*engine)->position();
    const auto cpuBefore = std::clock();
    timer.start();
    QVERIFY((*engine)->reader().waitFor(head, std::chrono::minutes(10)));
    const auto seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    const auto cpuSeconds = static_cast<double>(std::clock() - cpuBefore) / CLOCKS_PER_SEC;
    events = static_cast<int>((head.value - begun.value) / 3);
    auto &reader = (*engine)->reader();
    const auto list = reader.list("accounts", {});
    QVERIFY(list);

    const auto microsOf = [&](const std::function<bool(const std::string &, Position)> &question) {
        constexpr int times = 500;
        timer.restart();
        bool good = true;
        for (int i = 0; i < times; ++i) {
            const auto &key = list->documents[chance() % list->documents.size()].key;
            good = question(key, Position{chance() % head.value + 1}) && good;
        }
        return good ? static_cast<double>(timer.nsecsElapsed()) / 1000 / times : -1;
    };
    const auto get
        = microsOf([&](const std::string &key, Position) { return reader.get("accounts", key, {}).has_value(); });
    const auto getAt = microsOf(
        [&](const std::string &key, Position at) { return reader.get("accounts", key, at).has_value() || at < head; });
    const auto blame
        = microsOf([&](const std::string &key, Position) { return reader.blame("accounts", key, {}).has_value(); });
    const auto history = microsOf(
        [&](const std::string &key, Position) { return reader.history("accounts", key, {}, 50).has_value(); });
    timer.restart();
    DocumentListRequest request;
    request.limit = 1000;
    const auto page = reader.list("accounts", request);
    QVERIFY(page);
    const auto listMillis = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    qInfo("%d events, %.0f/s (%.0f per second of processor time, 6 document changes each), file %.1f MB; get %.0f us, "
          "get at %.0f us, blame %.0f us, "
          "history of 50 %.0f us, "
          "page of %zu %.1f ms",
          events, events / seconds, events / cpuSeconds, static_cast<double>(QFileInfo(path).size()) / 1e6, get, getAt,
          blame, history, page->documents.size(), listMillis);
    for (const auto measured : {get, getAt, blame, history})
        QVERIFY(measured >= 0);
}

QTEST_GUILESS_MAIN(ViewSpeedTest)
#include "tst_view_speed.moc"
