// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_client.h"
#include "million_records.h"
#include "served_workspace.h"

#include "bench/large_ledger.h"
#include "workspace.h"

#include <QElapsedTimer>

#include <algorithm>
#include <random>

using namespace commander;

namespace {

std::size_t numberOf(const char *variable, std::size_t otherwise)
{
    const auto given = qEnvironmentVariable(variable);
    return given.isEmpty() ? otherwise : static_cast<std::size_t>(given.toULongLong());
}

/// Of many measurements, in milliseconds.
struct Latency {
    std::vector<double> all;
    double at(double part)
    {
        std::sort(all.begin(), all.end());
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
    }
};

} // namespace

/// A ledger with many records and many documents: what opening costs, and reading any document at any position.
class TestManyDocuments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensFastAndReadsAnywhere()
    {
        const auto records = numberOf("COMMANDER_RECORDS", 200'000);
        const auto documents = numberOf("COMMANDER_DOCUMENTS", 20'000);
        ServedWorkspace served;
        QElapsedTimer timer;
        timer.start();
        const LargeLedger large(records, documents);
        const auto path = served.ledger().toStdString();
        const auto written = large.write(path);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        qInfo("%zu records, %zu documents, written in %.1f s", records, documents,
              static_cast<double>(timer.restart()) / 1000);
        {
            auto engine = Engine::open(workspaceOptions(path));
            QVERIFY2(engine, engine ? "" : engine.error().text().c_str());
            QVERIFY((*engine)->views().waitFor({large.records()}, std::chrono::hours(1)));
            QTRY_VERIFY_WITH_TIMEOUT((*engine)->updates().progress().indexed.value >= large.records(), 3'600'000);
        }
        qInfo("index and views built in %.1f s", static_cast<double>(timer.elapsed()) / 1000);

        // The best of three: a shared machine can only make it slower.
        qint64 openedMs = 1'000'000;
        for (int attempt = 0; attempt < 3; ++attempt) {
            timer.start();
            QVERIFY(served.start());
            openedMs = std::min(openedMs, timer.elapsed());
            if (attempt < 2)
                QCOMPARE(served.stop(), 0);
        }
        HttpClient http(served.port());
        const auto seventh = "/customers/" + QByteArray::fromStdString(large.key(7));
        for (const auto &target : {QByteArray("/customers?limit=1000"), seventh, seventh + "?at=50000",
                                   QByteArray("/views/customers?limit=1000&at=100000")}) {
            const auto answer = http.get(target);
            QVERIFY2(answer && answer->status == 200, target.constData());
        }
        const auto peak = residentMiB(served.pid(), true);
        qInfo("opens and answers after %lld ms, peak resident %.0f MiB", static_cast<long long>(openedMs), peak);
        QVERIFY(openedMs < 1000);
        QVERIFY(peak > 0 && peak < 300);
        QCOMPARE(served.stop(), 0);

        auto engine = Engine::open(workspaceOptions(served.ledger().toStdString(), true));
        QVERIFY2(engine, engine ? "" : engine.error().text().c_str());
        auto &views = (*engine)->views();
        const auto head = (*engine)->ledger().head()->position.value;
        QVERIFY(views.waitFor({head}, std::chrono::seconds(30)));
        std::mt19937_64 chance(head);
        Latency states;
        Latency blames;
        for (int i = 0; i < 2000; ++i) {
            const auto customer = chance() % large.customers();
            const auto key = large.key(customer);
            const Position at{1 + chance() % head};
            timer.start();
            const auto state = views.get("customers", key, at);
            states.all.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QCOMPARE(state.has_value(), at >= large.created(customer));
            timer.start();
            const auto blame = views.blame("customers", key, at);
            blames.all.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QCOMPARE(blame.has_value(), state.has_value());
        }
        qInfo("state at a position: p50 %.3f ms, p99 %.3f ms; blame: p50 %.3f ms, p99 %.3f ms", states.at(0.5),
              states.at(0.99), blames.at(0.5), blames.at(0.99));
        QVERIFY(states.at(0.5) < 5 && blames.at(0.5) < 5);
        // All documents as of the middle, a page at a time: bounded by the documents, not by the records.
        timer.start();
        DocumentListRequest request;
        request.limit = 1000;
        request.at = Position{head / 2};
        const auto page = views.list("customers", request);
        QVERIFY(page);
        qInfo("1000 documents as of the middle: %.1f ms", static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QVERIFY(!page->documents.empty());
    }
};

QTEST_GUILESS_MAIN(TestManyDocuments)
#include "tst_many_documents.moc"
