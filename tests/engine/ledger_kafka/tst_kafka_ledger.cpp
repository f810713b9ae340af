// SPDX-License-Identifier: GPL-3.0-or-later
#include "mock_cluster.h"

#include <QElapsedTimer>

#include <future>
#include <set>
#include <thread>

using namespace commander;

namespace {

#define VERIFY_RESULT(result)                                                                                          \
    do {                                                                                                               \
        const auto &verified = (result);                                                                               \
        QVERIFY2(verified, verified ? "" : verified.error().text().c_str());                                           \
    } while (false)

void compareRecords(const Record &actual, const Record &expected)
{
    QVERIFY(actual.kind == expected.kind);
    QCOMPARE(actual.id, expected.id);
    QCOMPARE(actual.parent, expected.parent);
    QCOMPARE(actual.correlation, expected.correlation);
    QCOMPARE(actual.topic, expected.topic);
    QCOMPARE(actual.partition, expected.partition);
    QCOMPARE(actual.key, expected.key);
    QCOMPARE(actual.action, expected.action);
    QCOMPARE(actual.actor, expected.actor);
    QCOMPARE(actual.depth, expected.depth);
    QCOMPARE(actual.schemaVersion, expected.schemaVersion);
    QCOMPARE(actual.domainVersion, expected.domainVersion);
    QVERIFY(actual.timestamp == expected.timestamp);
    QCOMPARE(actual.headers, expected.headers);
    QCOMPARE(actual.data, expected.data);
    QVERIFY(actual.position == expected.position);
    QCOMPARE(actual.offset.value, expected.offset.value);
    QVERIFY(actual.recordedAt == expected.recordedAt);
    QCOMPARE(actual.salt, expected.salt);
    QCOMPARE(actual.leaf, expected.leaf);
    QCOMPARE(actual.chain, expected.chain);
}

/// Waits for `count` records, as long as they keep coming.
std::vector<RecordPtr> take(LedgerCursor &cursor, std::size_t count)
{
    std::vector<RecordPtr> all;
    while (all.size() < count) {
        auto next = cursor.next(count - all.size(), std::chrono::seconds(10));
        if (!next || next->empty())
            break;
        all.insert(all.end(), next->begin(), next->end());
    }
    return all;
}

} // namespace

class TestKafkaLedger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_cluster = std::make_unique<MockCluster>(3);
        m_clock.micros = 1'463'754'808'902'001;
        m_ledger = open();
        QVERIFY(m_ledger);
    }
    void cleanup()
    {
        m_ledger.reset();
        m_cluster.reset();
    }

    void everyFieldComesBack()
    {
        RecordDraft full = draft(1, "bank-events");
        full.kind = RecordKind::Event;
        full.parent = uuid5({}, "parent");
        full.correlation = uuid5({}, "root");
        full.partition = 2;
        full.key = "K\xC3\xB6ln \"x\"";
        full.action = "money-\"transferred\"\n";
        full.actor = "domain:bank";
        full.depth = 65'535;
        full.schemaVersion = 4'000'000'000;
        full.domainVersion = sha256("domain");
        full.timestamp = Timestamp{-12'345'678};
        full.headers = "{\"trace\": \"a1\"}";
        full.data = "{\"z\": 23958446825181076828, \"a\":1.0, \"e\":\"\\u0041\"}";
        RecordDraft spaced = draft(2);
        spaced.data = "\n\t [1, 2 ]  \n";
        RecordDraft bare;
        bare.id = uuid5({}, "bare");
        bare.topic = "commands";
        RecordDraft result = draft(3, "command-results");
        result.kind = RecordKind::Result;
        result.action = "succeeded";

        const auto appended = m_ledger->appendAndWait(transaction({full, spaced, bare, result}));
        VERIFY_RESULT(appended);
        QCOMPARE(appended->records.size(), std::size_t(4));
        for (const RecordPtr &record : appended->records) {
            QCOMPARE(record->recordedAt.micros, m_clock.micros.load());
            const auto read = m_ledger->read({record->topic, record->partition}, record->offset, 1);
            VERIFY_RESULT(read);
            QCOMPARE(read->size(), std::size_t(1));
            compareRecords(*read->front(), *record);
            const auto found = m_ledger->find(record->id);
            VERIFY_RESULT(found);
            compareRecords(**found, *record);
        }
        QCOMPARE(appended->records[0]->data, full.data);
        QCOMPARE(appended->records[0]->offset.value, std::uint64_t(0));
        QCOMPARE(appended->records[1]->data, spaced.data);
    }

    void valueIsTheTalksShape()
    {
        RecordDraft record = draft(1);
        record.parent = uuid5({}, "parent");
        record.timestamp = Timestamp{1'463'754'808'902'000};
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({record})));

        // Read with nothing of ours.
        char reason[256] = {};
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "bootstrap.servers", m_cluster->brokers().c_str(), reason, sizeof reason);
        rd_kafka_conf_set(conf, "group.id", "anybody", reason, sizeof reason);
        rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof reason);
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, "test.commands", 0)->offset = 0;
        rd_kafka_assign(consumer, list);
        rd_kafka_topic_partition_list_destroy(list);
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 10'000);
        QVERIFY(message);
        QVERIFY(!message->err);
        const std::string value(static_cast<const char *>(message->payload), message->len);
        const std::string key(static_cast<const char *>(message->key), message->key_len);
        rd_kafka_message_destroy(message);
        rd_kafka_destroy_flags(consumer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        const std::string expected = "{\"id\":\"" + record.id.text() + "\",\"parent\":\"" + record.parent.text()
            + "\",\"action\":\"do-something\",\"data\":{\"n\":1},\"timestamp\":\"2016-05-20T14:33:28.902Z\"}";
        QCOMPARE(QByteArray::fromStdString(value), QByteArray::fromStdString(expected));
        QCOMPARE(key, record.key);
    }

    void readReturnsRanges()
    {
        for (std::uint64_t i = 0; i < 10; ++i)
            VERIFY_RESULT(m_ledger->appendAndWait(transaction({draft(i)})));
        const TopicPartition source{"commands", 0};
        const auto some = m_ledger->read(source, {3}, 4);
        VERIFY_RESULT(some);
        QCOMPARE(some->size(), std::size_t(4));
        for (std::size_t i = 0; i < 4; ++i)
            QCOMPARE(some->at(i)->offset.value, 3 + i);
        QCOMPARE(m_ledger->read(source, {8}, 100)->size(), std::size_t(2));
        QVERIFY(m_ledger->read(source, {10}, 100)->empty());
        QVERIFY(m_ledger->read(source, {1000}, 100)->empty());
        QVERIFY(m_ledger->read(source, {0}, 0)->empty());
        QVERIFY(m_ledger->read({"commands", 1}, {0}, 100)->empty());
    }

    void whatItCannotDoIsSaid()
    {
        const LedgerTraits traits = m_ledger->traits();
        QVERIFY(!traits.totalOrder && !traits.detectsDuplicateIds && !traits.hashed);
        QCOMPARE(m_ledger->readAt({1}, 1).error().code, ErrorCode::Unsupported);
        QCOMPARE(m_ledger->follow(Position{0}).error().code, ErrorCode::Unsupported);
        QCOMPARE(m_ledger->find(uuid5({}, "nobody")).error().code, ErrorCode::NotFound);
        QCOMPARE(m_ledger->head()->position.value, std::uint64_t(0));
    }

    void badTransactionsAreRefusedAlone()
    {
        RecordDraft nameless = draft(1);
        nameless.id = {};
        QCOMPARE(m_ledger->appendAndWait(transaction({nameless})).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(m_ledger->appendAndWait(transaction({draft(1), draft(1)})).error().code, ErrorCode::DuplicateId);
        RecordDraft notText = draft(2);
        notText.action = "\xff";
        const auto refused = m_ledger->appendAndWait(transaction({draft(3), notText}));
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(refused.error().where, notText.id.text());
        RecordDraft elsewhere = draft(4);
        elsewhere.partition = 4'000'000'000;
        QCOMPARE(m_ledger->appendAndWait(transaction({elsewhere})).error().code, ErrorCode::InvalidArgument);
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({})));
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({draft(5)})));
        QCOMPARE(m_ledger->read({"commands", 0}, {0}, 100)->size(), std::size_t(1));
    }

    void timeNeverGoesBack()
    {
        const auto first = m_ledger->appendAndWait(transaction({draft(1)}));
        VERIFY_RESULT(first);
        const Timestamp before = first->records[0]->recordedAt;
        m_clock.micros -= 3'600'000'000;
        const auto second = m_ledger->appendAndWait(transaction({draft(2)}));
        VERIFY_RESULT(second);
        QVERIFY(second->records[0]->recordedAt == before);
        m_ledger.reset();
        m_ledger = open();
        QVERIFY(m_ledger);
        QVERIFY(m_ledger->head()->recordedAt == before);
        const auto third = m_ledger->appendAndWait(transaction({draft(3)}));
        VERIFY_RESULT(third);
        QVERIFY(third->records[0]->recordedAt == before);
    }

    void reopeningFindsEverything()
    {
        const Uuid id = m_ledger->ledgerId();
        QVERIFY(!id.isNull());
        std::vector<RecordPtr> all;
        for (std::uint64_t i = 0; i < 30; ++i) {
            RecordDraft record = draft(i, i % 2 ? "commands" : "bank-events");
            record.partition = static_cast<std::uint32_t>(i % 3);
            const auto appended = m_ledger->appendAndWait(transaction({record}));
            VERIFY_RESULT(appended);
            all.push_back(appended->records[0]);
        }
        m_ledger.reset();
        m_ledger = open();
        QVERIFY(m_ledger);
        QCOMPARE(m_ledger->ledgerId(), id);
        for (const RecordPtr &record : all) {
            const auto found = m_ledger->find(record->id);
            VERIFY_RESULT(found);
            compareRecords(**found, *record);
        }
    }

    void ledgersOfOneClusterDoNotMix()
    {
        VERIFY_RESULT(m_ledger->appendAndWait({{draft(1)}, {{"processor", {"commands", 0}, {1}}}}));
        KafkaLedgerOptions options = optionsFor(*m_cluster, m_clock);
        options.topicPrefix = "other.";
        options.transactionalId = "other-ledger";
        auto other = KafkaLedger::open(options);
        VERIFY_RESULT(other);
        QVERIFY((*other)->ledgerId() != m_ledger->ledgerId());
        QCOMPARE((*other)->find(draft(1).id).error().code, ErrorCode::NotFound);
        QVERIFY((*other)->read({"commands", 0}, {0}, 10)->empty());
        QVERIFY(!(*other)->progress("processor", {"commands", 0}).value());
    }

    void progressCommitsWithTheRecords()
    {
        const TopicPartition source{"commands", 1};
        const auto none = m_ledger->progress("processor", source);
        VERIFY_RESULT(none);
        QVERIFY(!*none);
        VERIFY_RESULT(m_ledger->appendAndWait({{draft(1)}, {{"processor", source, {5}}, {"audit", source, {2}}}}));
        QCOMPARE(m_ledger->progress("processor", source)->value().value, std::uint64_t(5));
        QCOMPARE(m_ledger->progress("audit", source)->value().value, std::uint64_t(2));
        QVERIFY(!m_ledger->progress("processor", {"commands", 0}).value());
        // Progress alone is a transaction, too.
        VERIFY_RESULT(m_ledger->appendAndWait({{}, {{"processor", source, {9}}}}));
        QCOMPARE(m_ledger->progress("processor", source)->value().value, std::uint64_t(9));
    }

    void progressOfOthersIsLookedUp()
    {
        // The mock forgets offsets that are committed within a transaction, so commit one without.
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({draft(1)})));
        char reason[256] = {};
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "bootstrap.servers", m_cluster->brokers().c_str(), reason, sizeof reason);
        rd_kafka_conf_set(conf, "group.id", "test.processor", reason, sizeof reason);
        rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof reason);
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, "test.commands", 2)->offset = 7;
        QCOMPARE(rd_kafka_commit(consumer, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
        rd_kafka_topic_partition_list_destroy(list);
        rd_kafka_destroy_flags(consumer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        const auto progress = m_ledger->progress("processor", {"commands", 2});
        VERIFY_RESULT(progress);
        QCOMPARE(progress->value().value, std::uint64_t(7));
        QVERIFY(!m_ledger->progress("processor", {"commands", 1}).value());
        QVERIFY(!m_ledger->progress("somebody", {"commands", 2}).value());
    }

    void cursorsFollowWithoutGapOrRepeat()
    {
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({draft(0), draft(1), draft(2)})));
        auto cursor = m_ledger->follow(std::vector<TopicStart>{{{"commands", 0}, {1}}, {{"bank-events", 0}, {0}}});
        VERIFY_RESULT(cursor);
        std::jthread writer([this] {
            for (std::uint64_t i = 3; i < 203; ++i) {
                if (!m_ledger->appendAndWait(transaction({draft(i), draft(10'000 + i, "bank-events")})))
                    return;
            }
        });
        const auto records = take(**cursor, 2 + 2 * 200);
        QCOMPARE(records.size(), std::size_t(402));
        std::uint64_t command = 1;
        std::uint64_t event = 0;
        for (const RecordPtr &record : records)
            QCOMPARE(record->offset.value, record->topic == "commands" ? command++ : event++);
        QCOMPARE(command, std::uint64_t(203));
        QCOMPARE(event, std::uint64_t(200));
    }

    void cursorsWait()
    {
        auto cursor = m_ledger->follow(std::vector<TopicStart>{{{"commands", 0}, {0}}});
        VERIFY_RESULT(cursor);
        QElapsedTimer timer;
        timer.start();
        QVERIFY((*cursor)->next(10, std::chrono::milliseconds(150))->empty());
        QVERIFY(timer.elapsed() >= 149);
        // One that comes while waiting ends the wait.
        auto waiting = std::async(std::launch::async, [&] { return (*cursor)->next(10, std::chrono::seconds(20)); });
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({draft(1)})));
        const auto records = waiting.get();
        VERIFY_RESULT(records);
        QCOMPARE(records->size(), std::size_t(1));
        QVERIFY(timer.elapsed() < 15'000);
    }

    void cursorsWakeUp()
    {
        auto cursor = m_ledger->follow(std::vector<TopicStart>{{{"commands", 0}, {0}}});
        VERIFY_RESULT(cursor);
        QElapsedTimer timer;
        timer.start();
        (*cursor)->wake(); // before: the coming wait
        QVERIFY((*cursor)->next(10, std::chrono::seconds(20))->empty());
        for (int i = 0; i < 50; ++i) { // during, or nearly
            auto waiting
                = std::async(std::launch::async, [&] { return (*cursor)->next(10, std::chrono::seconds(20)); });
            (*cursor)->wake();
            QVERIFY(waiting.get()->empty());
        }
        QVERIFY(timer.elapsed() < 15'000);
    }

    void manyThreadsShareCommits()
    {
        constexpr int threads = 8;
        constexpr int each = 100;
        QElapsedTimer timer;
        timer.start();
        std::atomic<int> stored = 0;
        {
            std::vector<std::jthread> writers;
            for (int t = 0; t < threads; ++t) {
                writers.emplace_back([this, t, &stored] {
                    std::vector<std::future<bool>> waiting;
                    for (int i = 0; i < each; ++i) {
                        auto promise = std::make_shared<std::promise<bool>>();
                        waiting.push_back(promise->get_future());
                        m_ledger->append(
                            transaction({draft(static_cast<std::uint64_t>(t * each + i))}),
                            [promise](Result<Appended> appended) { promise->set_value(appended.has_value()); });
                    }
                    for (auto &one : waiting)
                        stored += one.get() ? 1 : 0;
                });
            }
        }
        QCOMPARE(stored.load(), threads * each);
        qInfo("%d transactions in %lld ms", stored.load(), timer.elapsed());
        const auto records = m_ledger->read({"commands", 0}, {0}, 10'000);
        VERIFY_RESULT(records);
        std::set<Uuid> ids;
        for (std::size_t i = 0; i < records->size(); ++i) {
            QCOMPARE(records->at(i)->offset.value, i);
            ids.insert(records->at(i)->id);
        }
        QCOMPARE(ids.size(), std::size_t(threads * each));
    }

    void closingAnswersWhatWaits()
    {
        std::atomic<int> answered = 0;
        for (std::uint64_t i = 0; i < 500; ++i)
            m_ledger->append(transaction({draft(i)}), [&answered](const Result<Appended> &) { ++answered; });
        m_ledger.reset();
        QCOMPARE(answered.load(), 500);
    }

    void foreignMessagesAreReported()
    {
        VERIFY_RESULT(m_ledger->appendAndWait(transaction({draft(1)})));
        m_ledger.reset();
        char reason[256] = {};
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "bootstrap.servers", m_cluster->brokers().c_str(), reason, sizeof reason);
        rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
        char text[] = "hello";
        QCOMPARE(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("test.commands"), RD_KAFKA_V_PARTITION(0),
                                   RD_KAFKA_V_VALUE(text, 5), RD_KAFKA_V_END),
                 RD_KAFKA_RESP_ERR_NO_ERROR);
        QCOMPARE(rd_kafka_flush(producer, 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
        rd_kafka_destroy(producer);
        const auto opened = KafkaLedger::open(optionsFor(*m_cluster, m_clock));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::LedgerDamaged);
        QCOMPARE(opened.error().where, std::string("test.commands partition 0 offset 1"));
    }

private:
    std::unique_ptr<KafkaLedger> open()
    {
        auto ledger = KafkaLedger::open(optionsFor(*m_cluster, m_clock));
        if (!ledger)
            qWarning("%s", ledger.error().text().c_str());
        return ledger ? std::move(*ledger) : nullptr;
    }

    TestClock m_clock;
    std::unique_ptr<MockCluster> m_cluster;
    std::unique_ptr<KafkaLedger> m_ledger;
};

QTEST_GUILESS_MAIN(TestKafkaLedger)
#include "tst_kafka_ledger.moc"
