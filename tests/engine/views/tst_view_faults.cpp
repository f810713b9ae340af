// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include <QtTest>

#include <stdexcept>

using namespace commander;
using namespace viewtest;

namespace {

std::string errorOf(ViewEngine &engine, const std::string &view)
{
    for (const auto &status : engine.reader().views()) {
        if (status.name == view)
            return status.error;
    }
    return "no such view";
}

/// Puts a document that cannot be kept, after one that can.
class BadDomain final : public Domain {
public:
    explicit BadDomain(int kind) : m_kind(kind)
    {
        m_description.name = "bad";
        m_description.eventsTopic = "note-events";
        m_description.views.push_back({"bad", 1, {}, {"documents-set"}});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return Decision(std::vector<EventDraft>());
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &, DocumentFold &documents) const override
    {
        documents.put("first", Json(1));
        Json document = Json::object();
        switch (m_kind) {
        case 0:
            for (std::size_t i = 0; i < limits::jsonDepthMax; ++i)
                document = Json(Json::Array{document});
            break;
        case 1:
            document.set("n", Json(Json::Number{"NaN"}));
            break;
        case 2:
            document.set("text", Json("\xff"));
            break;
        case 3:
            *document.asObject() = {{"a", Json(1)}, {"a", Json(2)}};
            break;
        default:
            document.set("long", Json(std::string(1000, 'x')));
            if (const auto *before = documents.get("second")) {
                document = *before;
                document.asObject()->push_back({"long", Json(2)});
            } else {
                documents.put("second", document);
                return {};
            }
        }
        documents.put("second", document);
        return {};
    }

private:
    const int m_kind;
    DomainDescription m_description;
};

} // namespace

/// A fold that fails stops its view, and nothing else.
class ViewFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFaultStopsOneView();
    void aStoppedViewIsTriedAgain();
    void whenAllViewsStopNobodyWaits();
    void unusableDocumentsStopTheView_data();
    void unusableDocumentsStopTheView();
};

void ViewFaultsTest::aFaultStopsOneView()
{
    ViewBench bench(seedOf("aFaultStopsOneView"), 20);
    auto engine = bench.open(bench.path(), std::make_shared<NotesDomain>());
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    const auto bad = bench.ledger.append("documents-set", R"({"set":[{"key":"a","document":1}],"break":true})");
    bench.grow(20);
    auto &reader = (*engine)->reader();
    QVERIFY(reader.waitFor(bench.head, patience));
    QCOMPARE((*engine)->position(), bench.head);
    QVERIFY((*engine)->faults().empty());
    for (const auto &status : reader.views()) {
        const bool stopped = status.name == "fragile";
        QCOMPARE(status.position, stopped ? Position{bad.value - 1} : bench.head);
        QCOMPARE(status.error.empty(), !stopped);
        if (stopped)
            QVERIFY2(QString::fromStdString(status.error).contains(QStringLiteral("told to break")),
                     status.error.c_str());
    }
    // Nothing of the event that it could not take is in it.
    QCOMPARE(reader.get("fragile", "count")->json, std::string(R"({"events":20})"));
    QCOMPARE(reader.get("fragile", "half").error().code, ErrorCode::NotFound);
    QCOMPARE(reader.get("documents", "a", bad)->json, std::string("1"));
    // What it holds must not be taken for the present.
    QCOMPARE((*engine)->currentDocument("fragile", "count").error().code, ErrorCode::DomainFault);
    QVERIFY((*engine)->currentDocument("documents", "a"));
}

void ViewFaultsTest::aStoppedViewIsTriedAgain()
{
    ViewBench bench(seedOf("aStoppedViewIsTriedAgain"), 20);
    bench.ledger.append("documents-set", R"({"set":[{"key":"a","document":1}],"break":true})");
    bench.grow(20);
    const auto stopped = bench.build(bench.path());
    QCOMPARE(bench.build(bench.path()), stopped); // tried again, and stopped again
    QCOMPARE(bench.rebuildReason, std::string());

    const auto mended = std::make_shared<NotesDomain>();
    mended->mended = true;
    std::map<std::string, int> folded;
    mended->onFold = [&folded](const ViewSpec &view, const Record &) { ++folded[view.name]; };
    const auto caughtUp = bench.build(bench.path(), mended);
    QCOMPARE(folded, (std::map<std::string, int>{{"fragile", 21}}));
    QCOMPARE(caughtUp, bench.build(bench.path("fresh.sqlite"), mended));
}

void ViewFaultsTest::whenAllViewsStopNobodyWaits()
{
    ViewBench bench(seedOf("whenAllViewsStopNobodyWaits"));
    auto domain = std::make_shared<NotesDomain>();
    domain->onFold = [](const ViewSpec &, const Record &) { throw std::runtime_error("thrown by a fold"); };
    auto engine = bench.open(bench.path(), domain);
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    bench.grow(3);
    QVERIFY((*engine)->reader().waitFor(bench.head, patience));
    for (const char *const view : {"documents", "letters", "fragile"})
        QVERIFY(QString::fromStdString(errorOf(**engine, view)).contains(QStringLiteral("thrown by a fold")));
}

void ViewFaultsTest::unusableDocumentsStopTheView_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("too deep") << 0;
    QTest::newRow("not a number") << 1;
    QTest::newRow("not UTF-8") << 2;
    QTest::newRow("twice the same member") << 3;
    QTest::newRow("twice the same member, in a patch") << 4;
}

void ViewFaultsTest::unusableDocumentsStopTheView()
{
    QFETCH(int, kind);
    ViewBench bench(7);
    auto engine = bench.open(bench.path(), std::make_shared<BadDomain>(kind));
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    bench.ledger.append("documents-set", "{}");
    const auto last = bench.ledger.append("documents-set", "{}");
    QVERIFY((*engine)->reader().waitFor(last, patience));
    QVERIFY(!errorOf(**engine, "bad").empty());
    const auto second = (*engine)->reader().get("bad", "second");
    QCOMPARE(second.has_value(), kind == 4);
    QCOMPARE((*engine)->reader().get("bad", "first").has_value(), kind == 4); // wholly or not at all
}

QTEST_GUILESS_MAIN(ViewFaultsTest)
#include "tst_view_faults.moc"
