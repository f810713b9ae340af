// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"
#include "query/histogram_query.h"
#include "query/index_storage.h"

#include <QtTest>

using namespace commander;

namespace {

constexpr std::int64_t second = 1'000'000;

std::string nameOf(const Record &record, HistogramRequest::GroupBy groupBy)
{
    switch (groupBy) {
    case HistogramRequest::GroupBy::Topic:
        return record.topic;
    case HistogramRequest::GroupBy::Action:
        return record.action;
    case HistogramRequest::GroupBy::Kind:
        return std::string(recordKindName(record.kind));
    }
    return {};
}

Histogram naive(const std::vector<RecordPtr> &records, const Histogram &bins, const HistogramRequest &request)
{
    auto expected = bins;
    expected.series.clear();
    expected.total = 0;
    for (const auto &record : records) {
        if (record->recordedAt < request.from || record->recordedAt >= request.to)
            continue;
        const auto bin = static_cast<std::size_t>((record->recordedAt.micros - bins.from.micros) / bins.binMicros);
        auto &series = expected.series[nameOf(*record, request.groupBy)];
        series.resize(bins.bins);
        ++series[bin];
        ++expected.total;
    }
    return expected;
}

} // namespace

class tst_Histogram : public QObject {
    Q_OBJECT

private:
    void compareRandomRequests(IndexFixture &fixture, int rounds)
    {
        const auto first = fixture.records.front()->recordedAt.micros;
        const auto span = fixture.records.back()->recordedAt.micros - first + 1;
        for (int round = 0; round < rounds; ++round) {
            const auto reach = std::max<std::int64_t>(span >> fixture.make.below(22), 2);
            const auto from
                = first - span / 10 + static_cast<std::int64_t>(fixture.make.below(static_cast<std::uint64_t>(span)));
            HistogramRequest request;
            request.from = {from};
            request.to = {from + 1 + static_cast<std::int64_t>(fixture.make.below(static_cast<std::uint64_t>(reach)))};
            request.bins = 1 + fixture.make.below(fixture.make.below(4) == 0 ? 2000 : 120);
            request.groupBy = static_cast<HistogramRequest::GroupBy>(fixture.make.below(3));

            const auto answer = fixture.index->histogram(request, {});
            QVERIFY_RESULT(answer);
            const auto asked = (request.to.micros - request.from.micros + static_cast<std::int64_t>(request.bins) - 1)
                / static_cast<std::int64_t>(request.bins);
            QCOMPARE(answer->from, request.from);
            QCOMPARE(answer->binMicros, asked);
            QVERIFY(answer->bins >= 1 && answer->bins <= request.bins);
            QVERIFY(answer->from.micros + static_cast<std::int64_t>(answer->bins) * asked >= request.to.micros);
            const auto expected = naive(fixture.records, *answer, request);
            QCOMPARE(answer->total, expected.total);
            QVERIFY(answer->series == expected.series);
        }
    }

private Q_SLOTS:
    void randomRequests_data()
    {
        QTest::addColumn<qint64>("start");
        QTest::addColumn<quint64>("step");
        QTest::newRow("minutes") << qint64(1'463'754'808'902'000) << quint64(700'000);
        QTest::newRow("months") << qint64(1'463'754'808'902'000) << quint64(20'000'000'000);
        QTest::newRow("around 1970") << qint64(-200'000'123) << quint64(700'000);
        QTest::newRow("within a second") << qint64(1'463'754'808'000'000) << quint64(900);
    }

    void randomRequests()
    {
        QFETCH(qint64, start);
        QFETCH(quint64, step);
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        fixture.clock.set({start});
        fixture.appendUpTo(3000, step);
        fixture.openIndex();
        fixture.waitForIndex();
        compareRandomRequests(fixture, 250);
    }

    void growsWithTheLedger()
    {
        IndexFixture fixture(1);
        fixture.openIndex();
        for (std::uint64_t count = 100; count <= 1500; count += 200) {
            fixture.appendUpTo(count);
            fixture.waitForIndex();
            compareRandomRequests(fixture, 20);
        }
    }

    void tooManyRecordsForPartsOfSeconds()
    {
        IndexFixture fixture(2);
        fixture.clock.set({10 * second + 300'000});
        fixture.appendUpTo(3000, 20'000);
        auto storage = IndexStorage::open({fixture.path(), fixture.ledger, fixture.fileSystem, {}});
        QVERIFY_RESULT(storage);
        QVERIFY_RESULT((*storage)->write(fixture.records));
        const auto snapshot = (*storage)->snapshot();
        auto lease = (*storage)->reader();
        QVERIFY_RESULT(lease);
        RecordBodies bodies(fixture.ledger, lease->reader(), (*storage)->path());
        const IndexReading reading(lease->reader(), *snapshot, bodies, {});
        const Timestamp last{fixture.records.back()->recordedAt.micros + 1};

        // Bins of less than a second, and such of more that begin within one.
        for (const std::size_t bins : {1000, 1}) {
            const HistogramRequest request{fixture.records.front()->recordedAt, last, bins,
                                           HistogramRequest::GroupBy::Topic};
            auto answer = queryHistogram(reading, request, 10);
            QVERIFY_RESULT(answer);
            QCOMPARE(answer->from, Timestamp{10 * second});
            QCOMPARE(answer->binMicros % second, std::int64_t(0));
            QVERIFY(answer->bins <= bins);
            QCOMPARE(answer->total, fixture.records.size());
            auto whole = request;
            whole.from = answer->from;
            whole.to = {answer->from.micros + static_cast<std::int64_t>(answer->bins) * answer->binMicros};
            QVERIFY(answer->series == naive(fixture.records, *answer, whole).series);

            answer = queryHistogram(reading, request);
            QVERIFY_RESULT(answer);
            QCOMPARE(answer->from, request.from);
        }
    }

    void emptyLedger()
    {
        IndexFixture fixture(3);
        fixture.openIndex();
        for (const auto to : {second / 2, 100 * second}) {
            const auto answer = fixture.index->histogram({{0}, {to}, 10, HistogramRequest::GroupBy::Kind}, {});
            QVERIFY_RESULT(answer);
            QCOMPARE(answer->total, std::uint64_t(0));
            QVERIFY(answer->series.empty());
        }
    }

    void refusesNonsense()
    {
        IndexFixture fixture(4);
        fixture.openIndex();
        const auto ask = [&fixture](std::int64_t from, std::int64_t to, std::size_t bins) {
            return fixture.index->histogram({{from}, {to}, bins, HistogramRequest::GroupBy::Topic}, {});
        };
        QCOMPARE_ERROR(ask(5, 5, 10), ErrorCode::InvalidArgument);
        QCOMPARE_ERROR(ask(5, 4, 10), ErrorCode::InvalidArgument);
        QCOMPARE_ERROR(ask(0, 5, 0), ErrorCode::InvalidArgument);
        QCOMPARE_ERROR(ask(0, 5, 2001), ErrorCode::InvalidArgument);
        QCOMPARE_ERROR(ask(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), 10),
                       ErrorCode::InvalidArgument);
        QVERIFY_RESULT(ask(-62'167'219'200 * second, 253'402'300'799 * second, 1)); // years 0 to 9999
    }
};

QTEST_GUILESS_MAIN(tst_Histogram)
#include "tst_histogram.moc"
