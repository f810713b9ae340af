// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that send again until they are answered, while the server is killed again and again.
#include "http_client.h"
#include "served_workspace.h"

#include "workspace.h"

#include <commander/json.h>
#include <commander/verify.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <QUuid>
#include <random>
#include <thread>

using namespace commander;

class TestIdempotence : public QObject {
    Q_OBJECT

    static constexpr int clients = 6;
    static constexpr int kills = 12;

    /// What a server said of one command. Everything but `replayed` has to be the same each time.
    struct Receipt {
        std::int64_t position = 0;
        std::int64_t offset = 0;
        std::string correlation;
        bool operator==(const Receipt &) const = default;
    };

    /// What clients and the one who kills share.
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::uint64_t servers = 1; ///< so many have been started
        std::size_t answered = 0;
        bool gaveUp = false;
    };

    static QByteArray bodyOf(const Uuid &id, int account)
    {
        // moc 6.4 does not see the class when these are raw strings.
        return "{\"id\":\"" + QByteArray::fromStdString(id.text())
            + "\",\"action\":\"deposit-money\",\"data\":{\"account\":\"a" + QByteArray::number(account)
            + "\",\"amount\":1}}";
    }

    /// Sends each of its commands until it is answered.
    struct Client {
        int account = 0;
        std::vector<Uuid> ids;
        std::map<Uuid, Receipt> receipts;
        std::uint64_t sentAgain = 0;
        std::uint64_t replayed = 0;
        std::string problem;

        void run(std::uint16_t port, Shared &shared)
        {
            HttpClient http(port);
            for (const auto &id : ids) {
                for (;;) {
                    std::uint64_t server = 0;
                    {
                        const std::scoped_lock lock(shared.mutex);
                        if (shared.gaveUp)
                            return;
                        server = shared.servers;
                    }
                    const auto answer = http.post("/commands", bodyOf(id, account));
                    if (answer) {
                        if (!take(id, *answer)) {
                            const std::scoped_lock lock(shared.mutex);
                            shared.gaveUp = true;
                            shared.changed.notify_all();
                            return;
                        }
                        break;
                    }
                    ++sentAgain; // whether it was recorded is open
                    std::unique_lock lock(shared.mutex);
                    shared.changed.wait_for(lock, std::chrono::seconds(60),
                                            [&] { return shared.servers > server || shared.gaveUp; });
                }
                const std::scoped_lock lock(shared.mutex);
                ++shared.answered;
                shared.changed.notify_all();
            }
        }
        /// False: the answer is not what it has to be, and `problem` says why.
        bool take(const Uuid &id, const HttpClient::Answer &answer)
        {
            const auto json = parseJson(answer.body.toStdString());
            if (answer.status != 202 || !json || json->stringAt("id") != id.text()) {
                problem = "answer " + std::to_string(answer.status) + ": " + answer.body.toStdString();
                return false;
            }
            replayed += answer.field("idempotency-replayed") == "true" ? 1 : 0;
            const Receipt receipt{json->integerAt("position").value_or(0), json->integerAt("offset").value_or(-1),
                                  std::string(json->stringAt("correlation"))};
            const auto [known, isNew] = receipts.try_emplace(id, receipt);
            if (!isNew && known->second != receipt)
                problem = "another receipt for " + id.text();
            return problem.empty();
        }
    };

private Q_SLOTS:
    void everyCommandIsRecordedOnce()
    {
        const auto submits = std::max(600,
                                      qEnvironmentVariableIsSet("COMMANDER_SUBMITS")
                                          ? qEnvironmentVariableIntValue("COMMANDER_SUBMITS")
                                          : 10'000);
        const auto seed = qEnvironmentVariableIsSet("COMMANDER_SEED") ? qEnvironmentVariableIntValue("COMMANDER_SEED")
                                                                      : static_cast<int>(std::random_device{}());
        qInfo("seed %d (set COMMANDER_SEED to repeat), %d submits", seed, submits);
        std::mt19937 random(static_cast<unsigned>(seed));
        ServedWorkspace served;
        QVERIFY(served.start());
        const auto port = served.port();
        std::vector<Client> all(clients);
        {
            HttpClient http(port);
            for (int account = 0; account < clients; ++account) {
                const auto opened = http.post("/commands?sync=true",
                                              R"({"action":"open-account","data":{"account":"a)"
                                                  + QByteArray::number(account) + R"(","owner":"Journey"}})");
                QVERIFY(opened && opened->status == 201);
            }
        }
        for (int i = 0; i < submits; ++i) {
            auto &client = all[static_cast<std::size_t>(i % clients)];
            client.account = i % clients;
            client.ids.push_back(*Uuid::parse(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString()));
        }

        Shared shared;
        std::vector<std::jthread> threads;
        for (auto &client : all)
            threads.emplace_back([&client, port, &shared] { client.run(port, shared); });
        // Each death comes when so many commands have been answered: in the middle of others, wherever they are.
        std::vector<std::size_t> deaths;
        for (int i = 0; i < kills; ++i)
            deaths.push_back(
                std::uniform_int_distribution<std::size_t>(1, static_cast<std::size_t>(submits) - 1)(random));
        std::sort(deaths.begin(), deaths.end());
        bool alive = true;
        for (const auto death : deaths) {
            std::unique_lock lock(shared.mutex);
            alive = shared.changed.wait_for(lock, std::chrono::seconds(120), [&] {
                return shared.answered >= death || shared.gaveUp;
            }) && !shared.gaveUp;
            if (!alive)
                break;
            lock.unlock();
            served.kill();
            alive = served.start(port);
            lock.lock();
            ++shared.servers;
            shared.gaveUp = shared.gaveUp || !alive;
            shared.changed.notify_all();
            if (!alive)
                break;
        }
        threads.clear();
        std::uint64_t sentAgain = 0;
        std::uint64_t replayed = 0;
        for (const auto &client : all) {
            QVERIFY2(client.problem.empty(), client.problem.c_str());
            QCOMPARE(client.receipts.size(), client.ids.size());
            sentAgain += client.sentAgain;
            replayed += client.replayed;
        }
        QVERIFY(alive);
        qInfo("%llu were sent again, %llu of them had been recorded", static_cast<unsigned long long>(sentAgain),
              static_cast<unsigned long long>(replayed));
        QVERIFY(sentAgain >= kills / 2);

        // Asked once more, the server says of every one what it said the first time.
        HttpClient http(port);
        for (auto &client : all) {
            const auto before = client.replayed;
            for (std::size_t i = 0; i < client.ids.size(); i += 10) {
                const auto answer = http.post("/commands", bodyOf(client.ids[i], client.account));
                QVERIFY(answer && client.take(client.ids[i], *answer));
            }
            QVERIFY2(client.problem.empty(), client.problem.c_str());
            QCOMPARE(client.replayed - before, (client.ids.size() + 9) / 10);
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

        auto engine = Engine::open(workspaceOptions(path));
        QVERIFY2(engine, engine ? "" : engine.error().text().c_str());
        std::map<Uuid, std::vector<RecordPtr>> commands;
        std::map<Uuid, int> results;
        std::map<Uuid, int> events;
        auto &ledger = (*engine)->ledger();
        const auto head = ledger.head();
        QVERIFY(head);
        for (Position next{1}; next <= head->position;) {
            const auto records = ledger.readAt(next, 4096);
            QVERIFY(records && !records->empty());
            for (const auto &record : *records) {
                if (record->kind == RecordKind::Command)
                    commands[record->id].push_back(record);
                else
                    ++(record->kind == RecordKind::Result ? results : events)[record->parent];
            }
            next = records->back()->position.next();
        }
        std::size_t deposits = 0;
        for (const auto &client : all) {
            for (const auto &id : client.ids) {
                const auto &stored = commands[id];
                QVERIFY2(stored.size() == 1,
                         (id.text() + " is in the ledger " + std::to_string(stored.size()) + " times").c_str());
                const auto &receipt = client.receipts.at(id);
                QCOMPARE(static_cast<std::int64_t>(stored.front()->position.value), receipt.position);
                QCOMPARE(static_cast<std::int64_t>(stored.front()->offset.value), receipt.offset);
                QVERIFY((*engine)->commands().waitForResult(id, std::chrono::seconds(20)));
                QVERIFY2(results[id] <= 1 && events[id] <= 1, id.text().c_str());
                ++deposits;
            }
        }
        // The money says the same: each deposit counts once.
        const auto now = ledger.head();
        QVERIFY(now && (*engine)->views().waitFor(now->position, std::chrono::seconds(20)));
        std::int64_t money = 0;
        for (int account = 0; account < clients; ++account) {
            const auto document = (*engine)->views().get("accounts", "a" + std::to_string(account));
            QVERIFY(document);
            const auto json = parseJson(document->json);
            QVERIFY(json);
            money += json->integerAt("balance").value_or(0);
        }
        QCOMPARE(money, static_cast<std::int64_t>(deposits));
    }
};

QTEST_GUILESS_MAIN(TestIdempotence)
#include "tst_idempotence.moc"
