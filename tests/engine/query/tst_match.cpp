// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"
#include "filter/text_search.h"

#include <QtTest>

#include <map>
#include <set>

using namespace commander;

namespace {

template <class T> bool anyOf(const std::vector<T> &wanted, const T &value)
{
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

/// The filter, word for word as the contract says it.
class Naive {
public:
    explicit Naive(const std::vector<RecordPtr> &records) : m_records(records)
    {
        for (const auto &record : records) {
            if (record->kind == RecordKind::Result)
                m_status[record->parent] = *commandStatusFromName(record->action);
        }
    }

    bool matches(const RecordFilter &filter, const Record &record) const
    {
        if (filter.status && (record.kind != RecordKind::Command || statusOf(record.id) != *filter.status))
            return false;
        return anyOf(filter.kinds, record.kind) && anyOf(filter.topics, record.topic)
            && anyOf(filter.actions, record.action) && anyOf(filter.actors, record.actor)
            && (!filter.key || record.key == *filter.key) && (!filter.parent || record.parent == *filter.parent)
            && (!filter.correlation || record.correlation == *filter.correlation)
            && (filter.text.empty() || TextSearch(filter.text).isIn(record))
            && (!filter.from || record.recordedAt >= *filter.from) && (!filter.to || record.recordedAt < *filter.to)
            && record.position >= filter.first && record.position <= filter.last;
    }

    std::vector<Position> answer(const RecordFilter &filter, Position start, ScanDirection direction) const
    {
        std::vector<Position> positions;
        for (const auto &record : m_records) {
            const bool ahead
                = direction == ScanDirection::OldestFirst ? record->position >= start : record->position <= start;
            if (ahead && matches(filter, *record))
                positions.push_back(record->position);
        }
        if (direction == ScanDirection::NewestFirst)
            std::ranges::reverse(positions);
        return positions;
    }

    CommandStatus statusOf(const Uuid &command) const
    {
        const auto found = m_status.find(command);
        return found == m_status.end() ? CommandStatus::Accepted : found->second;
    }

private:
    const std::vector<RecordPtr> &m_records;
    std::map<Uuid, CommandStatus> m_status;
};

/// Any filter, most of them with something to find.
class FilterMaker {
public:
    FilterMaker(IndexFixture &fixture) : m_fixture(fixture), m_make(fixture.make) { }

    RecordFilter filter()
    {
        RecordFilter filter;
        if (one(4))
            pick(filter.kinds, {RecordKind::Command, RecordKind::Event, RecordKind::Result});
        if (one(4))
            pick(filter.topics,
                 {std::string("commands"), std::string("bank-events"), std::string("customer-events"),
                  std::string("nowhere")});
        if (one(4))
            pick(filter.actions,
                 {std::string("open-account"), std::string("money-transferred"), std::string("rejected"),
                  std::string("never")});
        if (one(5))
            pick(filter.actors,
                 {std::string("engine"), std::string("actor-1"), std::string("actor-2"), std::string("nobody")});
        if (one(6))
            filter.key = "key-" + std::to_string(m_make.below(22));
        if (one(8))
            filter.parent = any().parent;
        if (one(8))
            filter.correlation = any().correlation;
        if (one(5))
            filter.status = static_cast<CommandStatus>(m_make.below(4));
        if (one(4))
            filter.text = text();
        if (one(4))
            filter.from = Timestamp{any().recordedAt.micros + jitter()};
        if (one(4))
            filter.to = Timestamp{any().recordedAt.micros + jitter()};
        if (one(6))
            filter.first = any().position;
        if (one(6))
            filter.last = any().position;
        return filter;
    }

    Position start()
    {
        if (one(5))
            return {std::numeric_limits<std::int64_t>::max()};
        return one(5) ? Position{1} : any().position;
    }

private:
    bool one(std::uint64_t of) { return m_make.below(of) == 0; }
    std::int64_t jitter() { return static_cast<std::int64_t>(m_make.below(3)) - 1; }
    const Record &any() { return *m_fixture.records[m_make.below(m_fixture.records.size())]; }
    template <class T> void pick(std::vector<T> &list, std::initializer_list<T> from)
    {
        for (const auto &value : from) {
            if (one(2))
                list.push_back(value);
        }
    }
    std::string text()
    {
        switch (m_make.below(5)) {
        case 0:
            return "person " + std::to_string(m_make.below(50));
        case 1:
            return "KEY-" + std::to_string(m_make.below(20));
        case 2:
            return any().id.text().substr(m_make.below(20), 5);
        case 3:
            return "money";
        default:
            return "not there";
        }
    }

    IndexFixture &m_fixture;
    RecordMaker &m_make;
};

std::string listed(const std::vector<Position> &positions)
{
    std::string text = std::to_string(positions.size()) + ":";
    for (std::size_t i = 0; i < positions.size() && i < 40; ++i)
        text += " " + std::to_string(positions[i].value);
    return text;
}

} // namespace

class tst_Match : public QObject {
    Q_OBJECT

private:
    /// Follows `next` to the end and checks each page on the way.
    void scanAll(RecordIndex &index, const RecordFilter &filter, Position start, ScanDirection direction,
                 std::size_t limit, std::vector<Position> &positions)
    {
        for (int calls = 0;; ++calls) {
            QVERIFY2(calls < 100'000, "the scan does not end");
            const auto page = index.match(filter, start, direction, limit, {});
            QVERIFY_RESULT(page);
            QVERIFY(page->positions.size() <= limit);
            std::ranges::copy(page->positions, std::back_inserter(positions));
            if (page->complete) {
                const auto again = index.match(filter, page->next, direction, limit, {});
                QVERIFY_RESULT(again);
                QVERIFY2(again->complete && again->positions.empty(), "found more behind the end");
                return;
            }
            QVERIFY2(direction == ScanDirection::OldestFirst ? page->next > start : page->next < start,
                     "no way forward");
            start = page->next;
        }
    }

private Q_SLOTS:
    void randomFilters()
    {
        const unsigned seed
            = qEnvironmentVariableIsSet("SEED") ? qEnvironmentVariableIntValue("SEED") : std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        fixture.appendUpTo(2000);
        fixture.openIndex();
        fixture.waitForIndex();
        const Naive naive(fixture.records);
        FilterMaker make(fixture);
        std::size_t found = 0;
        for (int round = 0; round < 800; ++round) {
            const auto filter = make.filter();
            const auto start = make.start();
            const auto direction = fixture.make.below(2) ? ScanDirection::OldestFirst : ScanDirection::NewestFirst;
            const std::size_t limits[] = {1, 2, 7, 100, 5000};
            const auto limit = limits[fixture.make.below(5)];
            const auto expected = naive.answer(filter, start, direction);
            std::vector<Position> positions;
            scanAll(*fixture.index, filter, start, direction, limit, positions);
            QVERIFY2(positions == expected,
                     ("round " + std::to_string(round) + ": " + listed(positions) + " instead of " + listed(expected))
                         .c_str());
            found += expected.size();
        }
        qInfo("%zu matches", found);
    }

    void pagesAreBounded()
    {
        // No record matches, yet no call may look at all of them.
        IndexFixture fixture(1);
        fixture.appendUpTo(60'000, 10'000, 500);
        fixture.openIndex();
        fixture.waitForIndex();
        RecordFilter byText;
        byText.text = "nowhere to be found";
        RecordFilter byKey;
        byKey.key = "no such key";
        for (const auto &filter : {byText, byKey}) {
            for (const auto direction : {ScanDirection::OldestFirst, ScanDirection::NewestFirst}) {
                const auto page = fixture.index->match(
                    filter, direction == ScanDirection::OldestFirst ? Position{1} : fixture.head(), direction, 100, {});
                QVERIFY_RESULT(page);
                QVERIFY(page->positions.empty());
                QVERIFY(!page->complete);
                std::vector<Position> positions;
                scanAll(*fixture.index, filter, page->next, direction, 100, positions);
                QVERIFY(positions.empty());
            }
        }
    }

    void goesOnWithWhatArrivesLater()
    {
        IndexFixture fixture(2);
        fixture.openIndex();
        RecordFilter filter;
        filter.kinds = {RecordKind::Event};
        auto page = fixture.index->match(filter, {1}, ScanDirection::OldestFirst, 1000, {});
        QVERIFY_RESULT(page);
        QVERIFY(page->complete);
        QCOMPARE(page->next, Position{1});
        std::vector<Position> positions;
        for (std::uint64_t count = 100; count <= 1000; count += 100) {
            fixture.appendUpTo(count);
            fixture.waitForIndex();
            page = fixture.index->match(filter, page->next, ScanDirection::OldestFirst, 1000, {});
            QVERIFY_RESULT(page);
            QVERIFY(page->complete);
            std::ranges::copy(page->positions, std::back_inserter(positions));
        }
        QVERIFY(positions == Naive(fixture.records).answer(filter, {1}, ScanDirection::OldestFirst));
    }

    void observesTheStopToken()
    {
        IndexFixture fixture(3);
        fixture.appendUpTo(500);
        fixture.openIndex();
        fixture.waitForIndex();
        std::stop_source stop;
        stop.request_stop();
        const auto token = stop.get_token();
        QCOMPARE_ERROR(fixture.index->match({}, {1}, ScanDirection::OldestFirst, 10, token), ErrorCode::Cancelled);
        QCOMPARE_ERROR(fixture.index->histogram({{0}, {1'000'000'000'000'000'000}, 10, {}}, token),
                       ErrorCode::Cancelled);
        QCOMPARE_ERROR(fixture.index->range({1}, 10, token), ErrorCode::Cancelled);
        const std::vector<Position> positions{{1}};
        QCOMPARE_ERROR(fixture.index->at(positions, token), ErrorCode::Cancelled);
    }

    void refusesALimitOfNothing()
    {
        IndexFixture fixture(4);
        fixture.openIndex();
        QCOMPARE_ERROR(fixture.index->match({}, {1}, ScanDirection::OldestFirst, 0, {}), ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(tst_Match)
#include "tst_match.moc"
