// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lineage/lineage_fakes.h"
#include "engine/query/index_fixture.h"
#include "lineage/lineage_tracer.h"

#include <QtTest>

#include <set>

using namespace commander;

/// The tracer on the real index over a ledger in memory.
class tst_LineageIndex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chainsOfARandomLedger()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        fixture.appendUpTo(1500);
        fixture.openIndex();
        fixture.waitForIndex();
        ChangesReader views;
        for (const auto &record : fixture.records) {
            if (record->kind == RecordKind::Event) {
                DocumentChange change;
                change.view = "accounts";
                change.key = record->key;
                change.event = record->id;
                views.changes[record->position].push_back(change);
            }
        }
        LineageTracer tracer(*fixture.index, views);
        for (int round = 0; round < 150; ++round) {
            const auto &focus = *fixture.records[fixture.make.below(fixture.records.size())];
            std::set<Uuid> expected;
            std::size_t events = 0;
            for (const auto &record : fixture.records) {
                if (record->correlation == focus.correlation) {
                    expected.insert(record->id);
                    events += record->kind == RecordKind::Event;
                }
            }
            const auto graph = tracer.around(focus.id, 500, {});
            QVERIFY_RESULT(graph);
            std::set<Uuid> shown;
            std::size_t changes = 0;
            for (const auto &node : graph->nodes) {
                if (node.change)
                    ++changes;
                else
                    shown.insert(node.record->id);
                QVERIFY(!node.orphan
                        || node.record->id == focus.correlation); // only what a client named can be missing
            }
            QVERIFY(shown == expected);
            QCOMPARE(changes, events);
            QCOMPARE(graph->nodes.front().record->id, focus.correlation);
            QCOMPARE(graph->nodes[graph->focus].record->id, focus.id);
            // A tree: every node but the root has its one cause.
            QCOMPARE(graph->edges.size(), graph->nodes.size() - 1);
        }
    }

    void whatTheIndexDoesNotHaveYet()
    {
        IndexFixture fixture(3);
        fixture.appendUpTo(100);
        auto index = RecordIndex::open(
            {.path = fixture.path(), .ledger = fixture.ledger, .fileSystem = fixture.fileSystem, .onProgress = {}});
        QVERIFY_RESULT(index);
        ChangesReader views;
        LineageTracer tracer(**index, views);
        // Found by id through the ledger, with its causes up to the root.
        for (const auto &record : fixture.records) {
            const auto graph = tracer.around(record->id, 200, {});
            QVERIFY_RESULT(graph);
            QCOMPARE(graph->nodes[graph->focus].record->id, record->id);
            QCOMPARE(graph->nodes.front().record->id, record->correlation);
        }
    }
};

QTEST_GUILESS_MAIN(tst_LineageIndex)
#include "tst_lineage_index.moc"
