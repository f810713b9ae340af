// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_client.h"
#include "served_workspace.h"

#include "workspace.h"

#include <commander/verify.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <QUuid>
#include <random>
#include <thread>

using namespace commander;

/// SIGKILL of the real server at random moments under load: what was acknowledged is there, once, with one result.
class TestKill : public QObject {
    Q_OBJECT

    static constexpr int clients = 6;

    /// Sends deposits until the server dies; collects the ids that were acknowledged. The first id is one that an
    /// earlier server may or may not have taken: sending it again must not record it twice.
    struct Client {
        std::vector<Uuid> acknowledged;
        std::optional<Uuid> doubtful;
        std::string problem;

        void run(std::uint16_t port, int account)
        {
            HttpClient http(port);
            for (;;) {
                const auto id = doubtful
                    ? *doubtful
                    : *Uuid::parse(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
                doubtful = id;
                const auto answer = http.post("/commands",
                                              R"({"id":")" + QByteArray::fromStdString(id.text())
                                                  + R"(","action":"deposit-money","data":{"account":"a)"
                                                  + QByteArray::number(account) + R"(","amount":1}})");
                if (!answer)
                    return; // killed: the outcome of this id is open
                if (answer->status != 202) {
                    problem = answer->body.toStdString();
                    return;
                }
                acknowledged.push_back(id);
                doubtful.reset();
            }
        }
    };

private Q_SLOTS:
    void everyAcknowledgedCommandIsThereOnce()
    {
        constexpr int kills = 50;
        const auto seed = qEnvironmentVariableIsSet("COMMANDER_SEED") ? qEnvironmentVariableIntValue("COMMANDER_SEED")
                                                                      : static_cast<int>(std::random_device{}());
        qInfo("seed %d (set COMMANDER_SEED to repeat)", seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        ServedWorkspace served;
        QVERIFY(served.start());
        {
            HttpClient http(served.port());
            for (int account = 0; account < clients; ++account) {
                const auto opened = http.post("/commands?sync=true",
                                              R"({"action":"open-account","data":{"account":"a)"
                                                  + QByteArray::number(account) + R"(","owner":"Journey"}})");
                QVERIFY(opened);
                QCOMPARE(opened->status, 201);
            }
        }
        std::vector<Client> all(clients);
        for (int round = 0; round < kills; ++round) {
            std::vector<std::jthread> threads;
            for (int i = 0; i < clients; ++i)
                threads.emplace_back([&, i] { all[static_cast<std::size_t>(i)].run(served.port(), i); });
            const auto moment = std::chrono::milliseconds(std::uniform_int_distribution<>(1, 150)(random));
            std::mutex mutex;
            std::unique_lock lock(mutex);
            std::condition_variable never;
            never.wait_for(lock, moment, [] { return false; }); // the random moment itself, not a wait for something
            served.kill();
            threads.clear(); // each ends when its connection breaks
            for (const auto &client : all)
                QVERIFY2(client.problem.empty(), client.problem.c_str());
            QVERIFY(served.start());
        }
        QCOMPARE(served.stop(), 0);
        checkLedger(served.ledger().toStdString(), all);
    }

private:
    static void checkLedger(const std::string &path, const std::vector<Client> &all)
    {
        SystemFileSystem files;
        const auto report = verifyLedger(path, files);
        QVERIFY(report);
        QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());

        // Opening goes on with whatever the last server left undone.
        auto engine = Engine::open(workspaceOptions(path));
        QVERIFY2(engine, engine ? "" : engine.error().text().c_str());
        std::map<Uuid, int> commands;
        std::map<Uuid, int> results;
        std::int64_t deposits = 0;
        Uuid lastCommand;
        auto &ledger = (*engine)->ledger();
        for (Position next{1};;) {
            const auto records = ledger.readAt(next, 4096);
            QVERIFY(records);
            if (records->empty())
                break;
            for (const auto &record : *records) {
                if (record->kind == RecordKind::Command) {
                    ++commands[record->id];
                    lastCommand = record->id;
                } else if (record->kind == RecordKind::Result) {
                    ++results[record->parent];
                } else if (record->action == "money-deposited") {
                    ++deposits;
                }
            }
            next = records->back()->position.next();
        }
        std::size_t acknowledged = 0;
        for (const auto &client : all) {
            acknowledged += client.acknowledged.size();
            for (const auto &id : client.acknowledged)
                QVERIFY2(commands[id] == 1,
                         ("acknowledged command " + id.text() + " is in the ledger " + std::to_string(commands[id])
                          + " times")
                             .c_str());
        }
        QVERIFY((*engine)->commands().waitForResult(lastCommand, std::chrono::seconds(20)));
        qInfo("%zu commands acknowledged, %zu in the ledger", acknowledged, commands.size());
        QVERIFY(acknowledged > 100);
        // At most the last batch was still open when the records were read above.
        for (const auto &[id, count] : commands) {
            const auto result = (*engine)->commands().waitForResult(id, std::chrono::seconds(20));
            QVERIFY2(result, ("no result of " + id.text()).c_str());
            QVERIFY2(count == 1 && results[id] <= 1, ("command or result repeated: " + id.text()).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
