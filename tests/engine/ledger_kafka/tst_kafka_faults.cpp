// SPDX-License-Identifier: GPL-3.0-or-later
// What brokers can answer in the middle of a transaction, and what the ledger makes of it.
#include "mock_cluster.h"

#include <QElapsedTimer>

#include <future>

using namespace commander;

class TestKafkaFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_cluster = std::make_unique<MockCluster>(1);
        open(std::chrono::seconds(10));
    }
    void cleanup()
    {
        m_ledger.reset();
        m_cluster.reset();
    }

    void passingTroubleIsRiddenOut_data()
    {
        QTest::addColumn<int>("request");
        QTest::addColumn<int>("error");
        QTest::newRow("coordinator loading, end")
            << int(endTxnRequest) << int(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
        QTest::newRow("coordinator moved, end") << int(endTxnRequest) << int(RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
        QTest::newRow("concurrent, add") << int(addPartitionsToTxnRequest)
                                         << int(RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS);
        QTest::newRow("leader moved, produce")
            << int(produceRequest) << int(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
        QTest::newRow("broken connection, produce") << int(produceRequest) << int(RD_KAFKA_RESP_ERR__TRANSPORT);
        QTest::newRow("coordinator loading, offsets")
            << int(txnOffsetCommitRequest) << int(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
    }
    void passingTroubleIsRiddenOut()
    {
        QFETCH(int, request);
        QFETCH(int, error);
        m_cluster->answer(static_cast<std::int16_t>(request), {static_cast<rd_kafka_resp_err_t>(error)});
        const auto appended = m_ledger->appendAndWait({{draft(1), draft(2)}, {{"processor", {"commands", 0}, {1}}}});
        QVERIFY2(appended, appended ? "" : appended.error().text().c_str());
        expectCommands(3);
        QCOMPARE(m_ledger->progress("processor", {"commands", 0})->value().value, std::uint64_t(1));
    }

    void fatalAnswersEndTheWriter_data()
    {
        QTest::addColumn<int>("request");
        QTest::addColumn<int>("error");
        QTest::newRow("fenced, end") << int(endTxnRequest) << int(RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
        QTest::newRow("old epoch, end") << int(endTxnRequest) << int(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
        QTest::newRow("fenced, add") << int(addPartitionsToTxnRequest) << int(RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
        QTest::newRow("forbidden, end") << int(endTxnRequest)
                                        << int(RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }
    void fatalAnswersEndTheWriter()
    {
        QFETCH(int, request);
        QFETCH(int, error);
        m_cluster->answer(static_cast<std::int16_t>(request), {static_cast<rd_kafka_resp_err_t>(error)});
        const auto first = m_ledger->appendAndWait(transaction({draft(1)}));
        QVERIFY(!first);
        QCOMPARE(first.error().code, ErrorCode::LedgerUnavailable);
        QVERIFY(!first.error().remedy.empty());
        const auto second = m_ledger->appendAndWait(transaction({draft(2)}));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::LedgerUnavailable);
        // Reading goes on, and opening anew heals it.
        QVERIFY(m_ledger->read({"commands", 0}, {0}, 1));
        open(std::chrono::seconds(10));
    }

    void abortedTransactionsAreTriedAgain()
    {
        m_cluster->answer(txnOffsetCommitRequest, {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION});
        const auto appended = m_ledger->appendAndWait({{draft(1)}, {{"processor", {"commands", 0}, {1}}}});
        QVERIFY2(appended, appended ? "" : appended.error().text().c_str());
        QVERIFY(m_ledger->find(draft(1).id));
        QCOMPARE(m_ledger->progress("processor", {"commands", 0})->value().value, std::uint64_t(1));
    }

    void whatKafkaDoesNotTakeDoesNotPullOthersDown()
    {
        // The first transaction keeps the worker busy, so that the others share a commit.
        std::vector<std::future<Result<Appended>>> answers;
        for (std::uint64_t i = 1; i <= 20; ++i) {
            auto promise = std::make_shared<std::promise<Result<Appended>>>();
            answers.push_back(promise->get_future());
            RecordDraft record = draft(i);
            if (i == 10)
                record.topic = "no such topic?"; // a name that Kafka refuses
            m_ledger->append(transaction({record}),
                             [promise](Result<Appended> appended) { promise->set_value(std::move(appended)); });
        }
        int stored = 0;
        for (auto &answer : answers)
            stored += answer.get() ? 1 : 0;
        QVERIFY(stored >= 19);
    }

    void silenceHasAnEnd()
    {
        open(std::chrono::seconds(2));
        rd_kafka_mock_broker_set_down(m_cluster->get(), 1);
        QElapsedTimer timer;
        timer.start();
        const auto appended = m_ledger->appendAndWait(transaction({draft(1)}));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::LedgerUnavailable);
        QVERIFY(timer.elapsed() < 20'000);
        const auto read = m_ledger->read({"commands", 0}, {0}, 1);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::IoError);
    }

    void cursorsSurviveABrokenBroker()
    {
        auto cursor = m_ledger->follow(std::vector<TopicStart>{{{"commands", 0}, {0}}});
        QVERIFY(cursor);
        QCOMPARE((*cursor)->next(10, std::chrono::seconds(10))->size(), std::size_t(1));
        rd_kafka_mock_broker_set_down(m_cluster->get(), 1);
        const auto silent = (*cursor)->next(10, std::chrono::milliseconds(300));
        QVERIFY2(silent, silent ? "" : silent.error().text().c_str());
        QVERIFY(silent->empty());
        rd_kafka_mock_broker_set_up(m_cluster->get(), 1);
        QVERIFY(m_ledger->appendAndWait(transaction({draft(1)})));
        const auto next = (*cursor)->next(10, std::chrono::seconds(15));
        QVERIFY(next);
        QCOMPARE(next->size(), std::size_t(1));
        QCOMPARE(next->front()->offset.value, std::uint64_t(1));
    }

    void openingWithoutBrokersFails()
    {
        KafkaLedgerOptions options = optionsFor(*m_cluster, m_clock, std::chrono::milliseconds(500));
        options.brokers = "127.0.0.1:1";
        const auto ledger = KafkaLedger::open(options);
        QVERIFY(!ledger);
        QCOMPARE(ledger.error().code, ErrorCode::LedgerUnavailable);
        QCOMPARE(ledger.error().where, std::string("127.0.0.1:1"));
        QVERIFY(!ledger.error().remedy.empty());
    }

    void settingsAreChecked()
    {
        KafkaLedgerOptions options = optionsFor(*m_cluster, m_clock);
        options.transactionalId.clear();
        QCOMPARE(KafkaLedger::open(options).error().code, ErrorCode::InvalidArgument);
        options = optionsFor(*m_cluster, m_clock, std::chrono::minutes(5));
        QCOMPARE(KafkaLedger::open(options).error().code, ErrorCode::InvalidArgument);
    }

private:
    /// Opens the ledger, anew if need be, and appends a first record to it.
    void open(std::chrono::milliseconds timeout)
    {
        m_ledger.reset();
        auto ledger = KafkaLedger::open(optionsFor(*m_cluster, m_clock, timeout));
        QVERIFY2(ledger, ledger ? "" : ledger.error().text().c_str());
        m_ledger = std::move(*ledger);
        const auto appended = m_ledger->appendAndWait(transaction({draft(0)}));
        QVERIFY2(appended, appended ? "" : appended.error().text().c_str());
    }

    void expectCommands(std::size_t count)
    {
        const auto records = m_ledger->read({"commands", 0}, {0}, 1000);
        QVERIFY(records);
        QCOMPARE(records->size(), count);
    }

    TestClock m_clock;
    std::unique_ptr<MockCluster> m_cluster;
    std::unique_ptr<KafkaLedger> m_ledger;
};

QTEST_GUILESS_MAIN(TestKafkaFaults)
#include "tst_kafka_faults.moc"
