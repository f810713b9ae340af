// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"

#include <QElapsedTimer>
#include <QtTest>

#include <ctime>

using namespace commander;

/// Figures, and bounds that only a wrong plan would break. COMMANDER_INDEX_RECORDS=1000000 gives the full size.
class tst_IndexSpeed : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<IndexFixture> m_fixture;

    struct Cost {
        double wall; ///< ms, for the eye
        double busy; ///< ms of processor time, for the checks: other programs do not count
    };
    template <class Work> Cost costOf(int rounds, Work work)
    {
        QElapsedTimer timer;
        timer.start();
        const auto busy = std::clock();
        for (int round = 0; round < rounds; ++round)
            work();
        return {static_cast<double>(timer.nsecsElapsed()) / 1e6 / rounds,
                static_cast<double>(std::clock() - busy) * 1e3 / CLOCKS_PER_SEC / rounds};
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto wanted = qEnvironmentVariableIntValue("COMMANDER_INDEX_RECORDS");
        m_fixture = std::make_unique<IndexFixture>(21);
        m_fixture->appendUpTo(wanted > 0 ? static_cast<std::uint64_t>(wanted) : 60'000, 5'000'000, 500);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void indexing()
    {
        const auto count = m_fixture->head().value;
        const auto cost = costOf(1, [this] {
            m_fixture->openIndex();
            QVERIFY(m_fixture->gate.waitFor(m_fixture->head(), std::chrono::seconds(300)));
        });
        qInfo("indexed %llu records in %.0f ms: %.0f records/s, %.0f per second of processor time",
              static_cast<unsigned long long>(count), cost.wall, static_cast<double>(count) * 1000.0 / cost.wall,
              static_cast<double>(count) * 1000.0 / cost.busy);
    }

    void opening()
    {
        m_fixture->index.reset();
        const auto cost = costOf(1, [this] { m_fixture->openIndex(); });
        qInfo("opened in %.2f ms", cost.wall);
        QVERIFY(m_fixture->index->position() == m_fixture->head());
        QVERIFY2(cost.busy < 300, "opening must not read the whole file");
    }

    void reading()
    {
        auto &index = *m_fixture->index;
        const auto middle = Position{m_fixture->head().value / 2};
        const auto report = [](const char *what, Cost cost) {
            qInfo("%-36s %9.3f ms, %8.3f ms of processor time", what, cost.wall, cost.busy);
            QVERIFY2(cost.busy < 400, what);
        };
        report("range of 200", costOf(50, [&] { QVERIFY_RESULT(index.range(middle, 200, {})); }));
        const auto match = [&](const char *what, const RecordFilter &filter) {
            report(what, costOf(20, [&] {
                       QVERIFY_RESULT(index.match(filter, {std::numeric_limits<std::int64_t>::max()},
                                                  ScanDirection::NewestFirst, 200, {}));
                   }));
        };
        RecordFilter filter;
        match("match: all", filter);
        filter.actions = {"money-transferred"};
        match("match: action", filter);
        filter.from = m_fixture->records[m_fixture->records.size() / 4]->recordedAt;
        filter.to = m_fixture->records[m_fixture->records.size() / 2]->recordedAt;
        match("match: action and time", filter);
        filter = {};
        filter.status = CommandStatus::Failed;
        match("match: status", filter);
        filter = {};
        filter.correlation = m_fixture->records[middle.value]->correlation;
        match("match: correlation", filter);
        filter = {};
        filter.text = "person 7";
        match("match: text, found", filter);
        filter.text = "not there at all";
        match("match: text, not found (one call)", filter);
        filter = {};
        filter.key = "no such key";
        match("match: key, not found (one call)", filter);
        const auto first = m_fixture->records.front()->recordedAt;
        const auto last = m_fixture->records.back()->recordedAt;
        for (const std::size_t bins : {100, 2000}) {
            report(bins == 100 ? "histogram of all, 100 bins" : "histogram of all, 2000 bins", costOf(5, [&] {
                       QVERIFY_RESULT(
                           index.histogram({first, {last.micros + 1}, bins, HistogramRequest::GroupBy::Action}, {}));
                   }));
        }
        report("position of a time",
               costOf(100, [&] { QVERIFY_RESULT(index.positionAt(m_fixture->records[middle.value]->recordedAt)); }));
    }
};

QTEST_GUILESS_MAIN(tst_IndexSpeed)
#include "tst_index_speed.moc"
