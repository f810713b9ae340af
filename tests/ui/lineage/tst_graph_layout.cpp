// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/graph_layout.h"
#include "lineage/graph_scene.h"
#include "lineage/lineage_export.h"
#include "lineage/lineage_picture.h"
#include "lineage/lineage_tree_model.h"
#include "lineage/node_text.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>
#include <random>
#include <thread>

using namespace commander;
using namespace commander::ui;

namespace {

Uuid idOf(std::uint64_t number)
{
    Uuid id;
    for (int i = 0; i < 8; ++i)
        id.bytes[static_cast<std::size_t>(15 - i)] = static_cast<std::uint8_t>(number >> (8 * i));
    id.bytes[0] = 1;
    return id;
}

LineageNode recordNode(std::uint64_t number, RecordKind kind, const std::string &action)
{
    auto record = std::make_shared<Record>();
    record->id = idOf(number);
    record->position = {number};
    record->kind = kind;
    record->action = action;
    record->key = "12345";
    record->recordedAt = {1'463'754'808'902'000 + static_cast<std::int64_t>(number) * 2'000};
    LineageNode node;
    node.kind = kind == RecordKind::Command ? LineageNode::Kind::Command
        : kind == RecordKind::Event         ? LineageNode::Kind::Event
                                            : LineageNode::Kind::Result;
    node.record = std::move(record);
    node.status = CommandStatus::Succeeded;
    return node;
}

LineageNode changeNode(const LineageNode &event, const std::string &key, std::size_t fields)
{
    LineageNode node = event;
    node.kind = LineageNode::Kind::Change;
    node.change = DocumentChange{"accounts", 1, key, event.record->position, event.record->id, {}, false, false};
    for (std::size_t i = 0; i < fields; ++i)
        node.change->fields.push_back({"/field~1" + std::to_string(i), "1", "23958446825181076828"});
    return node;
}

/// One command, its result, and `events` events that change a document each.
LineageGraph fan(std::size_t events)
{
    LineageGraph graph;
    graph.nodes.push_back(recordNode(1, RecordKind::Command, "reserve-items"));
    graph.nodes.push_back(recordNode(2, RecordKind::Result, "succeeded"));
    graph.edges.push_back({0, 1});
    for (std::size_t i = 0; i < events; ++i) {
        graph.nodes.push_back(recordNode(3 + i, RecordKind::Event, "item-reserved"));
        graph.edges.push_back({0, graph.nodes.size() - 1});
        const auto event = graph.nodes.size() - 1;
        graph.nodes.push_back(changeNode(graph.nodes[event], std::to_string(i), 1));
        graph.edges.push_back({event, graph.nodes.size() - 1});
    }
    return graph;
}

void checkLayout(const GraphLayout &layout, const std::vector<LineageEdge> &edges)
{
    for (std::size_t a = 0; a < layout.cards.size(); ++a) {
        // Half a pixel for the rounding of sums, which depends on the optimiser.
        QVERIFY(layout.bounds.adjusted(-0.5, -0.5, 0.5, 0.5).contains(layout.cards[a]));
        for (std::size_t b = a + 1; b < layout.cards.size(); ++b)
            QVERIFY2(!layout.cards[a].intersects(layout.cards[b]),
                     qPrintable(QStringLiteral("%1 and %2 overlap").arg(a).arg(b)));
    }
    for (const auto &edge : edges)
        QVERIFY(layout.cards[edge.cause].right() < layout.cards[edge.effect].left());
}

} // namespace

class TestGraphLayout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void causesStandLeftOfEffectsAndNothingOverlaps()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        for (int turn = 0; turn < 30; ++turn) {
            const std::size_t count = 1 + random() % 60;
            std::vector<QSizeF> sizes;
            std::vector<LineageEdge> edges;
            for (std::size_t node = 0; node < count; ++node) {
                sizes.emplace_back(226, 60 + random() % 120);
                if (node > 0 && random() % 10 > 0)
                    edges.push_back({random() % node, node});
                if (node > 3 && random() % 10 == 0)
                    edges.push_back({random() % node, node});
            }
            const auto layout = layoutGraph(sizes, edges);
            QVERIFY2(layout.has_value(), layout ? "" : layout.error().text().c_str());
            checkLayout(*layout, edges);
        }
    }

    void twoHundredNodesTakeLessThan200Ms()
    {
        std::mt19937 random(5);
        std::vector<QSizeF> sizes(200, QSizeF(226, 100));
        std::vector<LineageEdge> edges;
        for (std::size_t node = 1; node < sizes.size(); ++node)
            edges.push_back({node < 20 ? 0 : random() % node, node});
        QElapsedTimer timer;
        timer.start();
        const auto layout = layoutGraph(sizes, edges);
        const auto elapsed = timer.elapsed();
        QVERIFY(layout.has_value());
        checkLayout(*layout, edges);
        qInfo("200 nodes: %lld ms", static_cast<long long>(elapsed));
        QVERIFY(elapsed < 200);
    }

    void aCircleIsSurvived()
    {
        const std::vector<QSizeF> sizes(3, QSizeF(100, 50));
        const auto layout = layoutGraph(sizes, {{0, 1}, {1, 2}, {2, 0}, {1, 1}});
        QVERIFY(layout.has_value());
        QCOMPARE(layout->cards.size(), std::size_t(3));
        checkLayout(*layout, {});
    }

    void anEdgeToNowhereIsRefused()
    {
        const auto layout = layoutGraph({QSizeF(100, 50)}, {{0, 7}});
        QVERIFY(!layout.has_value());
        QCOMPARE(layout.error().code, ErrorCode::InvalidArgument);
    }

    void severalThreadsMayLayOut()
    {
        const std::vector<QSizeF> sizes(40, QSizeF(100, 50));
        std::vector<LineageEdge> edges;
        for (std::size_t node = 1; node < sizes.size(); ++node)
            edges.push_back({node / 2, node});
        std::atomic<int> good = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int turn = 0; turn < 10; ++turn)
                    good += layoutGraph(sizes, edges).has_value() ? 1 : 0;
            });
        for (auto &thread : threads)
            thread.join();
        QCOMPARE(good.load(), 40);
    }

    void aSmallGraphIsDrawnAsItIs()
    {
        const auto graph = fan(10);
        const auto picture = pictureOf(graph, 200);
        QCOMPARE(picture.nodes.size(), graph.nodes.size());
        QCOMPARE(picture.edges.size(), graph.edges.size());
        QCOMPARE(picture.hidden, std::size_t(0));
    }

    void alikeSiblingsOfALargeGraphShareACard()
    {
        auto graph = fan(312);
        graph.focus = 2; // the first event
        const auto picture = pictureOf(graph, 200);
        // command, result, the chosen event and its change, the other events, their changes
        QCOMPARE(picture.nodes.size(), std::size_t(6));
        QCOMPARE(picture.edges.size(), std::size_t(5));
        QVERIFY(!picture.nodes[picture.focus].isGroup());
        std::size_t members = 0;
        std::size_t largest = 0;
        for (const auto &node : picture.nodes) {
            members += node.members.size();
            largest = std::max(largest, node.members.size());
        }
        QCOMPARE(members, graph.nodes.size());
        QCOMPARE(largest, std::size_t(311));
    }

    void whatIsStillTooMuchIsCounted()
    {
        auto graph = fan(0);
        for (std::size_t i = 0; i < 300; ++i) {
            graph.nodes.push_back(recordNode(10 + i, RecordKind::Event, "event-" + std::to_string(i)));
            graph.edges.push_back({0, graph.nodes.size() - 1});
        }
        graph.hidden = 3;
        graph.focus = graph.nodes.size() - 1;
        const auto picture = pictureOf(graph, 200);
        QCOMPARE(picture.nodes.size(), std::size_t(200));
        QCOMPARE(picture.hidden, std::size_t(302 - 200 + 3));
        QCOMPARE(picture.nodes[picture.focus].members.front(), graph.focus);
    }

    void aChangeIsToldInWords()
    {
        const auto event = recordNode(3, RecordKind::Event, "money-transferred");
        const auto text = nodeText(changeNode(event, "54321", 6));
        QCOMPARE(text.title, QStringLiteral("accounts / 54321"));
        QCOMPARE(text.fields.size(), fieldLinesMax);
        QCOMPARE(text.moreFields, std::size_t(2));
        QCOMPARE(text.fields.front().name, QStringLiteral("field/0"));
        QCOMPARE(text.fields.front().after, QStringLiteral("23958446825181076828"));
        QCOMPARE(pointerText("/owner/first_name"), QStringLiteral("owner › first_name"));
    }

    void anOrphanSaysSo()
    {
        auto node = recordNode(3, RecordKind::Event, "money-transferred");
        QVERIFY(nodeText(node).warning.isEmpty());
        node.orphan = true;
        QVERIFY(!nodeText(node).warning.isEmpty());
    }

    void latencyIsFromCauseToEffect()
    {
        const auto a = recordNode(1, RecordKind::Command, "transfer-money");
        const auto b = recordNode(2, RecordKind::Event, "money-transferred");
        QCOMPARE(latencyText(a, b), QStringLiteral("2.0 ms"));
        QCOMPARE(latencyText(b, a), QString());
        QCOMPARE(latencyText(b, changeNode(b, "1", 1)), QString());
    }

    void theTableHoldsEveryNodeUnderItsCause()
    {
        Theme theme;
        LineageTreeModel model(theme);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto graph = fan(20);
        model.setGraph(graph);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.rowCount(model.index(0, 0)), 21);
        for (std::size_t node = 0; node < graph.nodes.size(); ++node)
            QCOMPARE(model.nodeAt(model.indexOf(node)), std::optional(node));
        model.setGraph({});
        QCOMPARE(model.rowCount(), 0);
    }

    void theSceneIsSavedAsPngAndSvg()
    {
        Theme theme;
        GraphScene scene(theme);
        auto placed = placeLineage(fan(5), 200, NodeItem::Metrics::of(scene.font()));
        QVERIFY(placed.has_value());
        scene.setLineage(std::move(*placed));
        const QTemporaryDir folder;
        const auto png = folder.filePath(QStringLiteral("chain.png"));
        const auto svg = folder.filePath(QStringLiteral("chain.svg"));
        QVERIFY(saveScenePicture(scene, png, QStringLiteral("chain")).has_value());
        QVERIFY(saveScenePicture(scene, svg, QStringLiteral("chain")).has_value());
        QCOMPARE(QImage(png).size(), (scene.sceneRect().size() * 2).toSize());
        QFile file(svg);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        QVERIFY(text.contains("<svg") && text.contains("reserve-items"));
        const auto refused = saveScenePicture(scene, folder.filePath(QStringLiteral("none/chain.png")), {});
        QVERIFY(!refused && refused.error().code == ErrorCode::IoError);
    }

    void arrowKeysFollowTheArrows()
    {
        Theme theme;
        GraphScene scene(theme);
        auto placed = placeLineage(fan(3), 200, NodeItem::Metrics::of(scene.font()));
        QVERIFY(placed.has_value());
        scene.setLineage(std::move(*placed));
        scene.setCurrent(0);
        const auto effect = scene.neighbour(GraphStep::Effect);
        QVERIFY(effect.has_value());
        scene.setCurrent(effect);
        QCOMPARE(scene.neighbour(GraphStep::Cause), std::optional<std::size_t>(0));
        QVERIFY(scene.neighbour(GraphStep::Up).has_value() || scene.neighbour(GraphStep::Down).has_value());
    }
};

QTEST_MAIN(TestGraphLayout)
#include "tst_graph_layout.moc"
