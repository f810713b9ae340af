// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lineage/lineage_fakes.h"
#include "lineage/lineage_tracer.h"
#include "support/result_macros.h"

#include <QtTest>

#include <random>
#include <set>

using namespace commander;

namespace {

std::string nameOf(const LineageNode &node)
{
    return node.change ? node.change->view + "/" + node.change->key : node.record->key;
}

std::vector<std::string> namesOf(const LineageGraph &graph)
{
    std::vector<std::string> names;
    for (const auto &node : graph.nodes)
        names.push_back(nameOf(node));
    return names;
}

std::set<std::string> edgesOf(const LineageGraph &graph)
{
    std::set<std::string> edges;
    for (const auto &edge : graph.edges)
        edges.insert(nameOf(graph.nodes[edge.cause]) + ">" + nameOf(graph.nodes[edge.effect]));
    return edges;
}

const LineageNode &nodeNamed(const LineageGraph &graph, const std::string &name)
{
    return *std::ranges::find_if(graph.nodes, [&name](const auto &node) { return nameOf(node) == name; });
}

/// The talk's example with a reaction behind it.
Story transferStory()
{
    Story story;
    story.add(RecordKind::Command, "other", "", "other");
    story.add(RecordKind::Command, "transfer", "", "transfer", "transfer-money");
    const auto moved = story.add(RecordKind::Event, "moved", "transfer", "transfer", "money-transferred");
    story.add(RecordKind::Result, "done", "transfer", "transfer", "succeeded");
    story.add(RecordKind::Command, "flag", "moved", "transfer", "flag-large-transfer");
    const auto flagged = story.add(RecordKind::Event, "flagged", "flag", "transfer", "large-transfer-flagged");
    story.add(RecordKind::Result, "flag-done", "flag", "transfer", "succeeded");
    story.change(moved, "accounts", "12345");
    story.change(moved, "accounts", "54321");
    story.change(flagged, "statements", "1");
    return story;
}

} // namespace

class tst_Lineage : public QObject {
    Q_OBJECT

private:
    /// What holds for every graph.
    void checkRules(const LineageGraph &graph, const Uuid &focus)
    {
        QVERIFY(!graph.nodes.empty());
        QVERIFY(graph.focus < graph.nodes.size());
        QVERIFY(graph.nodes[graph.focus].record->id == focus && !graph.nodes[graph.focus].change);
        for (const auto &edge : graph.edges) {
            QVERIFY(edge.cause < edge.effect && edge.effect < graph.nodes.size());
            const auto &cause = graph.nodes[edge.cause];
            const auto &effect = graph.nodes[edge.effect];
            QVERIFY(effect.change ? effect.change->event == cause.record->id
                                  : effect.record->parent == cause.record->id);
        }
    }

private Q_SLOTS:
    void wholeChainFromAnyOfItsRecords()
    {
        auto story = transferStory();
        LineageTracer tracer(story.reader, story.views);
        for (const auto *const focus : {"transfer", "moved", "done", "flag", "flagged", "flag-done"}) {
            const auto graph = tracer.around(Story::id(focus), 200, {});
            QVERIFY_RESULT(graph);
            checkRules(*graph, Story::id(focus));
            QCOMPARE(namesOf(*graph),
                     (std::vector<std::string>{"transfer", "moved", "accounts/12345", "accounts/54321", "done", "flag",
                                               "flagged", "statements/1", "flag-done"}));
            QCOMPARE(edgesOf(*graph),
                     (std::set<std::string>{"transfer>moved", "transfer>done", "moved>accounts/12345",
                                            "moved>accounts/54321", "moved>flag", "flag>flagged", "flag>flag-done",
                                            "flagged>statements/1"}));
            QCOMPARE(graph->hidden, std::size_t(0));
            QCOMPARE(nodeNamed(*graph, "transfer").status, CommandStatus::Succeeded);
            QVERIFY(!std::ranges::any_of(graph->nodes, &LineageNode::orphan));
        }
    }

    void unknownRecord()
    {
        auto story = transferStory();
        LineageTracer tracer(story.reader, story.views);
        QCOMPARE_ERROR(tracer.around(Story::id("nobody"), 200, {}), ErrorCode::NotFound);
    }

    void cancelled()
    {
        auto story = transferStory();
        LineageTracer tracer(story.reader, story.views);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE_ERROR(tracer.around(Story::id("moved"), 200, stop.get_token()), ErrorCode::Cancelled);
    }

    void nearestStayWhenThereAreTooMany()
    {
        auto story = transferStory();
        LineageTracer tracer(story.reader, story.views);
        for (std::size_t most = 0; most <= 10; ++most) {
            for (const auto *const focus : {"transfer", "flagged", "flag-done"}) {
                const auto graph = tracer.around(Story::id(focus), most, {});
                QVERIFY_RESULT(graph);
                checkRules(*graph, Story::id(focus));
                QVERIFY(graph->nodes.size() <= std::max<std::size_t>(most, 1));
                if (most < 9)
                    QVERIFY(graph->hidden > 0);
            }
        }
        const auto graph = tracer.around(Story::id("flag-done"), 3, {});
        QVERIFY_RESULT(graph);
        QCOMPARE(namesOf(*graph), (std::vector<std::string>{"flag", "flagged", "flag-done"}));
        QCOMPARE(graph->hidden, std::size_t(4)); // three records, and the change that "flagged" made
    }

    void longChainIsReadAroundTheFocus()
    {
        Story story;
        story.add(RecordKind::Command, "root", "", "root");
        for (int i = 1; i <= 500; ++i)
            story.add(RecordKind::Event, "e" + std::to_string(i), "root", "root");
        LineageTracer tracer(story.reader, story.views);
        const auto graph = tracer.around(Story::id("e400"), 20, {});
        QVERIFY_RESULT(graph);
        checkRules(*graph, Story::id("e400"));
        QCOMPARE(graph->nodes.size(), std::size_t(20));
        QCOMPARE(graph->hidden, std::size_t(481));
        QCOMPARE(nameOf(graph->nodes.front()), std::string("root")); // its cause, however far back
        QCOMPARE(graph->edges.size(), std::size_t(19));
    }

    void missingParentIsAnOrphan()
    {
        Story story;
        story.add(RecordKind::Command, "retry", "lost", "retry");
        story.add(RecordKind::Event, "event", "retry", "retry");
        story.add(RecordKind::Command, "first", "", "first");
        story.add(RecordKind::Command, "second", "first", "second"); // caused by another chain
        LineageTracer tracer(story.reader, story.views);
        auto graph = tracer.around(Story::id("event"), 200, {});
        QVERIFY_RESULT(graph);
        QVERIFY(nodeNamed(*graph, "retry").orphan);
        QVERIFY(!nodeNamed(*graph, "event").orphan);
        graph = tracer.around(Story::id("second"), 200, {});
        QVERIFY_RESULT(graph);
        QCOMPARE(namesOf(*graph), std::vector<std::string>{"second"});
        QVERIFY(!graph->nodes.front().orphan);
    }

    void circlesEnd()
    {
        Story story;
        story.add(RecordKind::Command, "a", "c", "a");
        story.add(RecordKind::Command, "b", "a", "a");
        story.add(RecordKind::Command, "c", "b", "a");
        story.add(RecordKind::Command, "self", "self", "a");
        story.add(RecordKind::Command, "effect first", "cause later", "a");
        story.add(RecordKind::Command, "cause later", "", "a");
        LineageTracer tracer(story.reader, story.views);
        for (const auto *const focus : {"a", "b", "c", "self", "cause later"}) {
            const auto graph = tracer.around(Story::id(focus), 200, {});
            QVERIFY_RESULT(graph);
            checkRules(*graph, Story::id(focus));
            QCOMPARE(graph->nodes.size(), std::size_t(6));
            QCOMPARE(edgesOf(*graph), (std::set<std::string>{"a>b", "b>c", "cause later>effect first"}));
        }
    }

    void randomStories()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        for (int round = 0; round < 300; ++round) {
            Story story;
            const auto count = 1 + random() % 40;
            for (unsigned i = 0; i < count; ++i) {
                // Any parent at all, itself and later ones too.
                const auto parent = random() % 5 == 0 ? std::string() : std::to_string(random() % (count + 3));
                const auto position
                    = story.add(RecordKind::Event, std::to_string(i), parent, "root" + std::to_string(random() % 2));
                for (auto changes = random() % 3; changes > 0; --changes)
                    story.change(position, "view", std::to_string(random() % 4));
            }
            LineageTracer tracer(story.reader, story.views);
            const auto focus = Story::id(std::to_string(random() % count));
            const auto most = 1 + random() % 60;
            const auto graph = tracer.around(focus, most, {});
            QVERIFY_RESULT(graph);
            checkRules(*graph, focus);
            QVERIFY(graph->nodes.size() <= most);
        }
    }

    void dot()
    {
        auto story = transferStory();
        LineageTracer tracer(story.reader, story.views);
        auto graph = tracer.around(Story::id("moved"), 3, {});
        QVERIFY_RESULT(graph);
        const auto text = lineageToDot(*graph);
        QVERIFY2(text.starts_with("digraph lineage {\n") && text.ends_with("}\n"), text.c_str());
        QVERIFY2(text.find("n0 [shape=box") != std::string::npos, text.c_str());
        QVERIFY2(text.find("transfer-money\\ncommand " + Story::id("transfer").text() + " (succeeded)")
                     != std::string::npos,
                 text.c_str());
        QVERIFY2(text.find("n0 -> n1;") != std::string::npos, text.c_str());
        QVERIFY2(text.find("more not shown") != std::string::npos, text.c_str());
    }

    void textsAreEscaped()
    {
        Story story;
        const std::string nasty = "a\"b\\c\nd<e>#f;[g]{h}(i)|`&\x7f";
        const auto position = story.add(RecordKind::Event, nasty, "lost", nasty, nasty);
        story.change(position, nasty, nasty);
        LineageTracer tracer(story.reader, story.views);
        const auto graph = tracer.around(Story::id(nasty), 10, {});
        QVERIFY_RESULT(graph);

        const auto dot = lineageToDot(*graph);
        QVERIFY2(dot.find("a\\\"b\\\\c d<e>#f;[g]{h}(i)|`& ") != std::string::npos, dot.c_str());
        QVERIFY(dot.find("style=dashed") != std::string::npos);
        // Outside of escapes, quotes come in pairs and no line is torn apart.
        for (std::size_t start = 0; start < dot.size();) {
            const auto end = dot.find('\n', start);
            std::size_t quotes = 0;
            for (auto i = start; i < end; ++i) {
                if (dot[i] == '\\')
                    ++i;
                else if (dot[i] == '"')
                    ++quotes;
            }
            QCOMPARE(quotes % 2, std::size_t(0));
            start = end + 1;
        }

        const auto mermaid = lineageToMermaid(*graph);
        QVERIFY(mermaid.starts_with("flowchart LR\n"));
        QVERIFY2(mermaid.find("a#34;b#92;c d#60;e#62;#35;f#59;#91;g#93;#123;h#125;#40;i#41;#124;#96;#38; ")
                     != std::string::npos,
                 mermaid.c_str());
        QVERIFY(mermaid.find("n0 --> n1\n") != std::string::npos);
        QVERIFY(mermaid.find("style n0 stroke-dasharray:4 4\n") != std::string::npos);
    }

    void emptyGraph()
    {
        QCOMPARE(lineageToMermaid({}), std::string("flowchart LR\n"));
        QVERIFY(lineageToDot({}).ends_with("}\n"));
    }
};

QTEST_GUILESS_MAIN(tst_Lineage)
#include "tst_lineage.moc"
