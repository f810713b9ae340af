// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"
#include "engine/query/unordered_ledger.h"

#include <QtTest>

#include <map>

using namespace commander;

namespace {

std::vector<Uuid> idsOf(const std::vector<RecordPtr> &records)
{
    std::vector<Uuid> ids;
    for (const auto &record : records)
        ids.push_back(record->id);
    return ids;
}

template <class Predicate> std::vector<Uuid> idsWhere(const std::vector<RecordPtr> &records, Predicate predicate)
{
    std::vector<Uuid> ids;
    for (const auto &record : records) {
        if (predicate(*record))
            ids.push_back(record->id);
    }
    return ids;
}

} // namespace

class tst_RecordIndex : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<IndexFixture> m_fixture;
    RecordReader &reader() { return *m_fixture->index; }
    const std::vector<RecordPtr> &records() { return m_fixture->records; }
    const Record &any() { return *records()[m_fixture->make.below(records().size())]; }

private Q_SLOTS:
    void initTestCase()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        m_fixture = std::make_unique<IndexFixture>(seed);
        m_fixture->appendUpTo(2000);
        m_fixture->openIndex();
        m_fixture->waitForIndex();
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void extent()
    {
        const auto extent = reader().extent();
        QVERIFY_RESULT(extent);
        QCOMPARE(extent->position, m_fixture->head());
        QCOMPARE(extent->first, records().front()->recordedAt);
        QCOMPARE(extent->last, records().back()->recordedAt);
        QCOMPARE(m_fixture->index->position(), m_fixture->head());
        QVERIFY(m_fixture->index->fault().empty());
    }

    void range()
    {
        for (int round = 0; round < 50; ++round) {
            const auto first = 1 + m_fixture->make.below(records().size() + 10);
            const auto count = m_fixture->make.below(1500);
            const auto range = reader().range({first}, count, {});
            QVERIFY_RESULT(range);
            const auto expected
                = first > records().size() ? 0 : std::min<std::uint64_t>(count, records().size() + 1 - first);
            QCOMPARE(range->size(), expected);
            for (std::size_t i = 0; i < range->size(); ++i)
                QCOMPARE((*range)[i]->id, records()[first - 1 + i]->id);
        }
    }

    void at()
    {
        for (int round = 0; round < 50; ++round) {
            std::vector<Position> positions;
            for (auto count = m_fixture->make.below(300); count > 0; --count)
                positions.push_back(any().position); // in any order, some twice
            const auto found = reader().at(positions, {});
            QVERIFY_RESULT(found);
            QCOMPARE(found->size(), positions.size());
            for (std::size_t i = 0; i < positions.size(); ++i)
                QCOMPARE((*found)[i]->position, positions[i]);
        }
        for (const auto missing : {Position{0}, Position{records().size() + 1}}) {
            const std::vector<Position> positions{{1}, missing};
            QCOMPARE_ERROR(reader().at(positions, {}), ErrorCode::NotFound);
        }
    }

    void find()
    {
        const auto &record = any();
        const auto found = reader().find(record.id);
        QVERIFY_RESULT(found);
        QCOMPARE((*found)->position, record.position);
        QCOMPARE_ERROR(reader().find(m_fixture->make.newId()), ErrorCode::NotFound);
    }

    void childrenAndCorrelated()
    {
        for (int round = 0; round < 200; ++round) {
            const auto &record = any();
            auto expected = idsWhere(records(), [&](const Record &r) { return r.parent == record.id; });
            auto children = reader().children(record.id, 1000);
            QVERIFY_RESULT(children);
            QVERIFY(idsOf(*children) == expected);
            children = reader().children(record.id, 1);
            QVERIFY_RESULT(children);
            QCOMPARE(children->size(), std::min<std::size_t>(expected.size(), 1));

            expected = idsWhere(records(), [&](const Record &r) { return r.correlation == record.correlation; });
            const auto correlated = reader().correlated(record.correlation, 1000);
            QVERIFY_RESULT(correlated);
            QVERIFY(idsOf(*correlated) == expected);
        }
        const auto none = reader().children(m_fixture->make.newId(), 10);
        QVERIFY_RESULT(none);
        QVERIFY(none->empty());
    }

    void statusAndResult()
    {
        std::map<Uuid, RecordPtr> results;
        for (const auto &record : records()) {
            if (record->kind == RecordKind::Result)
                results[record->parent] = record;
        }
        for (const auto &record : records()) {
            if (record->kind != RecordKind::Command) {
                QCOMPARE_ERROR(reader().status(record->id), ErrorCode::NotFound);
                continue;
            }
            const auto status = reader().status(record->id);
            QVERIFY_RESULT(status);
            const auto result = reader().result(record->id);
            QVERIFY_RESULT(result);
            const auto expected = results.find(record->id);
            if (expected == results.end()) {
                QCOMPARE(*status, CommandStatus::Accepted);
                QVERIFY(!*result);
            } else {
                QCOMPARE(*status, *commandStatusFromName(expected->second->action));
                QCOMPARE((*result)->id, expected->second->id);
            }
        }
        QCOMPARE_ERROR(reader().status(m_fixture->make.newId()), ErrorCode::NotFound);
        const auto nothing = reader().result(m_fixture->make.newId());
        QVERIFY_RESULT(nothing);
        QVERIFY(!*nothing);
    }

    void topicsAndActions()
    {
        std::map<std::string, std::uint64_t> topics;
        std::map<std::string, std::uint64_t> actions;
        for (const auto &record : records()) {
            ++topics[record->topic];
            ++actions[record->action];
        }
        const auto same
            = [](const Result<std::vector<NameCount>> &list, const std::map<std::string, std::uint64_t> &expected) {
                  std::map<std::string, std::uint64_t> counts;
                  for (const auto &[name, count] : *list)
                      counts[name] = count;
                  return counts == expected && std::ranges::is_sorted(*list, {}, &NameCount::name);
              };
        QVERIFY(same(reader().topics(), topics));
        QVERIFY(same(reader().actions(), actions));
    }

    void positionAt()
    {
        for (int round = 0; round < 500; ++round) {
            const Timestamp time{any().recordedAt.micros + static_cast<std::int64_t>(m_fixture->make.below(3)) - 1};
            const auto position = reader().positionAt(time);
            QVERIFY_RESULT(position);
            const auto expected
                = std::ranges::lower_bound(records(), time, {}, [](const RecordPtr &r) { return r->recordedAt; });
            QCOMPARE(position->value, static_cast<std::uint64_t>(expected - records().begin()) + 1);
        }
        QCOMPARE(*reader().positionAt({std::numeric_limits<std::int64_t>::min()}), Position{1});
        QCOMPARE(*reader().positionAt({std::numeric_limits<std::int64_t>::max()}), m_fixture->head().next());
    }

    void clientsReadTheirOwnWrites()
    {
        // The index does not follow yet, so it holds nothing; the ledger answers what is asked by id.
        IndexFixture fixture(1);
        fixture.appendUpTo(200);
        auto index = RecordIndex::open(
            {.path = fixture.path(), .ledger = fixture.ledger, .fileSystem = fixture.fileSystem, .onProgress = {}});
        QVERIFY_RESULT(index);
        QCOMPARE((*index)->position(), Position{0});
        for (const auto &record : fixture.records) {
            QVERIFY_RESULT((*index)->find(record->id));
            if (record->kind != RecordKind::Result)
                continue;
            const auto status = (*index)->status(record->parent);
            QVERIFY_RESULT(status);
            QCOMPARE(*status, *commandStatusFromName(record->action));
            const auto result = (*index)->result(record->parent);
            QVERIFY_RESULT(result);
            QCOMPARE((*result)->id, record->id);
        }
        QCOMPARE(*(*index)->positionAt({0}), Position{1});
        for (const auto &record : fixture.records) {
            const auto expected = std::ranges::lower_bound(fixture.records, record->recordedAt, {},
                                                           [](const RecordPtr &r) { return r->recordedAt; });
            QCOMPARE(*(*index)->positionAt(record->recordedAt), (*expected)->position);
        }
        QCOMPARE(*(*index)->positionAt({std::numeric_limits<std::int64_t>::max()}),
                 fixture.records.back()->position.next());
        QVERIFY_RESULT((*index)->extent());
        QVERIFY((*index)->topics()->empty());
    }

    void ledgerWithoutTotalOrder()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        UnorderedLedger ledger(fixture.ledger);
        PositionGate gate;
        const auto open = [&]() {
            auto index = RecordIndex::open(
                {.path = fixture.path(),
                 .ledger = ledger,
                 .fileSystem = fixture.fileSystem,
                 .onProgress = [&gate](Position position) { gate.reach(position); },
                 .sources = {{"commands", 0}, {"command-results", 0}, {"bank-events", 0}, {"customer-events", 0}}});
            if (index) {
                if (auto started = (*index)->start(); !started)
                    return Result<std::unique_ptr<RecordIndex>>(fail(started.error()));
            }
            return index;
        };
        // Closed and opened again on the way.
        Result<std::unique_ptr<RecordIndex>> index = fail(ErrorCode::NotReady, "");
        for (std::uint64_t count = 300; count <= 1200; count += 300) {
            fixture.appendUpTo(count);
            index = fail(ErrorCode::NotReady, "");
            index = open();
            QVERIFY_RESULT(index);
            QVERIFY2(gate.waitFor(fixture.head()), (*index)->fault().c_str());
        }
        const auto all = (*index)->range({1}, 10'000, {});
        QVERIFY_RESULT(all);
        QCOMPARE(all->size(), fixture.records.size());
        std::map<TopicPartition, std::uint64_t> next;
        Timestamp last{std::numeric_limits<std::int64_t>::min()};
        for (std::size_t i = 0; i < all->size(); ++i) {
            const auto &record = *(*all)[i];
            QCOMPARE(record.position.value, i + 1);
            QCOMPARE(record.offset.value, (next[{record.topic, record.partition}]++));
            QVERIFY(record.recordedAt >= last);
            last = record.recordedAt;
            const auto original = fixture.ledger.find(record.id);
            QVERIFY_RESULT(original);
            QCOMPARE(record.data, (*original)->data);
            QVERIFY(record.leaf == (*original)->leaf);
            const auto found = (*index)->find(record.id);
            QVERIFY_RESULT(found);
            QCOMPARE((*found)->position, record.position);
        }
        RecordFilter filter;
        filter.text = "person 7";
        std::size_t matches = 0;
        for (Position start{1};;) {
            const auto page = (*index)->match(filter, start, ScanDirection::OldestFirst, 50, {});
            QVERIFY_RESULT(page);
            matches += page->positions.size();
            if (page->complete)
                break;
            start = page->next;
        }
        QCOMPARE(matches, idsWhere(fixture.records, [](const Record &r) {
                              return r.data.find("Person 7") != std::string::npos;
                          }).size());
    }

    void readersWhileWriting()
    {
        IndexFixture fixture(5);
        fixture.openIndex();
        std::atomic<bool> done = false;
        std::atomic<int> wrong = 0;
        std::atomic<int> rounds = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&fixture, &done, &wrong, &rounds] {
                auto &index = *fixture.index;
                RecordFilter events;
                events.kinds = {RecordKind::Event};
                std::uint64_t before = 0;
                while (!done) {
                    const auto position = index.position();
                    std::uint64_t counted = 0;
                    const auto topics = index.topics();
                    if (topics) {
                        for (const auto &topic : *topics)
                            counted += topic.count;
                    }
                    wrong += counted < position.value || counted < before;
                    before = counted;
                    const auto page = index.match(events, {std::numeric_limits<std::int64_t>::max()},
                                                  ScanDirection::NewestFirst, 50, {});
                    const auto found
                        = page ? index.at(page->positions, {}) : Result<std::vector<RecordPtr>>(fail(page.error()));
                    wrong += !found
                        || !std::ranges::all_of(*found, [](const auto &r) { return r->kind == RecordKind::Event; });
                    const auto extent = index.extent();
                    wrong += !extent || extent->position < position;
                    if (extent && extent->position.value > 0) {
                        const auto histogram = index.histogram(
                            {extent->first, {extent->last.micros + 1}, 50, HistogramRequest::GroupBy::Topic}, {});
                        wrong += !histogram || histogram->total < extent->position.value;
                        const auto last = index.positionAt(extent->last);
                        wrong += !last || *last > extent->position;
                    }
                    ++rounds;
                }
            });
        }
        fixture.appendUpTo(6000);
        fixture.waitForIndex();
        done = true;
        threads.clear();
        QCOMPARE(wrong.load(), 0);
        QVERIFY(rounds > 0);
        qInfo("%d rounds of reading", rounds.load());
    }
};

QTEST_GUILESS_MAIN(tst_RecordIndex)
#include "tst_record_index.moc"
