// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"
#include "views/document_state.h"
#include "views/document_step.h"
#include "views/field_changes.h"

#include <QtTest>

using namespace commander;
using namespace viewtest;

namespace {

Json parsed(const char *text)
{
    auto json = parseJson(text);
    return json ? *json : Json("not JSON");
}

/// Leaves by pointer, without the empty containers.
std::map<std::string, std::string> scalars(const Json &document)
{
    std::map<std::string, std::string> leaves;
    forEachLeaf(document, [&leaves](std::string_view pointer, const Json &value) {
        if (!value.isObject() && !value.isArray())
            leaves.emplace(pointer, writeJson(value));
    });
    return leaves;
}

} // namespace

class DocumentStepTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void patchesAreSmall_data();
    void patchesAreSmall();
    void originsFollowLeaves();
    void depthIsBounded();
    void patchesThatDoNotFitAreRefused_data();
    void patchesThatDoNotFitAreRefused();
    void originsSurviveStorage();
    void fieldChangesSayWhatDiffers();
    void randomStepsGiveTheNextDocument();
    void randomFieldChangesAreExact();
};

void DocumentStepTest::patchesAreSmall_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("patch");
    const auto row = [](const char *name, const char *before, const char *after, const char *patch) {
        QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after) << QString::fromUtf8(patch);
    };
    row("equal", R"({"a":1,"b":[1,{}]})", R"({"a":1,"b":[1,{}]})", "");
    row("one member", R"({"a":1,"b":2})", R"({"a":1,"b":3})", R"([["/b",3]])");
    row("number bytes", R"({"a":1.0})", R"({"a":1.00})", R"([["/a",1.00]])");
    row("nested", R"({"a":{"x":{"y":1}}})", R"({"a":{"x":{"y":2}}})", R"([["/a/x/y",2]])");
    row("added at the end", R"({"a":1})", R"({"a":1,"b":{"c":2}})", R"([["/b",{"c":2}]])");
    row("removed", R"({"a":1,"b":2,"c":3})", R"({"a":1,"c":3})", R"([["/b"]])");
    row("removed and added", R"({"a":1,"b":2})", R"({"b":2,"c":3})", R"([["/a"],["/c",3]])");
    row("added in the middle", R"({"x":{"a":1,"b":2}})", R"({"x":{"a":1,"c":3,"b":2}})",
        R"([["/x",{"a":1,"c":3,"b":2}]])");
    row("reordered", R"({"a":1,"b":2})", R"({"b":2,"a":1})", R"([["",{"b":2,"a":1}]])");
    row("array tail", R"([1,2])", R"([1,3,4])", R"([["/1",3],["/2",4]])");
    row("array shorter", R"({"a":[1,2,3]})", R"({"a":[1]})", R"([["/a/2"],["/a/1"]])");
    row("array emptied", R"([1])", R"([])", R"([["/0"]])");
    row("object filled", R"({})", R"({"a":1})", R"([["/a",1]])");
    row("other type", R"({"a":[]})", R"({"a":{}})", R"([["/a",{}]])");
    row("whole", R"({"a":1})", R"(7)", R"([["",7]])");
    row("escaped", R"({"a/b":1,"c~d":{"":2}})", R"({"a/b":2,"c~d":{"":3}})", R"([["/a~1b",2],["/c~0d/",3]])");
}

void DocumentStepTest::patchesAreSmall()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QString, patch);
    auto from = parsed(before.toUtf8().constData());
    const auto to = parsed(after.toUtf8().constData());
    const auto origins = stepFromNothing(from, 1).origins;
    const auto step = stepBetween(from, origins, to, 2);
    QCOMPARE(QString::fromStdString(step.patch), patch);
    QCOMPARE(step.origins.size(), leafCount(to));
    if (!step.patch.empty())
        QVERIFY(applyPatch(from, step.patch));
    QCOMPARE(writeJson(from), writeJson(to));
}

void DocumentStepTest::originsFollowLeaves()
{
    const auto first = parsed(R"({"a":1,"b":{"c":2,"d":[3,4]},"e":{}})");
    auto origins = stepFromNothing(first, 1).origins;
    QCOMPARE(origins, (LeafOrigins{1, 1, 1, 1, 1}));
    const auto second = parsed(R"({"a":1,"b":{"c":9,"d":[3,4,5]},"e":{}})");
    origins = stepBetween(first, origins, second, 2).origins;
    QCOMPARE(origins, (LeafOrigins{1, 2, 1, 1, 2, 1}));
    // Another order is another text, but nobody set these values anew.
    const auto third = parsed(R"({"e":{},"b":{"d":[3,4,5],"c":9},"a":1})");
    origins = stepBetween(second, origins, third, 3).origins;
    QCOMPARE(origins, (LeafOrigins{1, 1, 1, 2, 2, 1}));
    const auto fourth = parsed(R"({"e":{},"a":1,"b":{"d":[]}})");
    origins = stepBetween(third, origins, fourth, 4).origins;
    QCOMPARE(origins, (LeafOrigins{1, 1, 4}));
    const auto fifth = parsed("{}");
    origins = stepBetween(fourth, origins, fifth, 5).origins;
    QCOMPARE(origins, (LeafOrigins{5}));
}

void DocumentStepTest::depthIsBounded()
{
    const auto nested = [](std::size_t depth) {
        Json value = Json::array();
        for (std::size_t i = 1; i < depth; ++i)
            value = Json(Json::Array{std::move(value)});
        return value;
    };
    const auto deepest = nested(limits::jsonDepthMax);
    const auto tooDeep = nested(limits::jsonDepthMax + 1);
    QVERIFY(!stepFromNothing(deepest, 1).tooDeep);
    QVERIFY(stepFromNothing(tooDeep, 1).tooDeep);
    QVERIFY(stepBetween(deepest, LeafOrigins{1}, tooDeep, 2).tooDeep);
    QVERIFY(stepBetween(Json(1), LeafOrigins{1}, tooDeep, 2).tooDeep);
    QVERIFY(parseJson(writeJson(deepest)));
    QVERIFY(!parseJson(writeJson(tooDeep)));
}

void DocumentStepTest::patchesThatDoNotFitAreRefused_data()
{
    QTest::addColumn<QByteArray>("patch");
    for (const char *const patch : {"", "{}", "[1]", "[[]]", R"([["/a",1,2]])", R"([["/x/y",1]])", R"([["/x"]])",
                                    R"([[""]])", R"([["/list/7",1]])", R"([["/list/1"]])", R"([["/list/x",1]])",
                                    R"([["/list/-1",1]])", R"([["/a/b",1]])", "[[1,2]]"})
        QTest::newRow(patch) << QByteArray(patch);
}

void DocumentStepTest::patchesThatDoNotFitAreRefused()
{
    QFETCH(QByteArray, patch);
    auto document = parsed(R"({"a":1,"list":[1]})");
    const auto applied = applyPatch(document, patch.toStdString());
    QVERIFY(!applied);
    QCOMPARE(applied.error().code, ErrorCode::LedgerDamaged);
}

void DocumentStepTest::originsSurviveStorage()
{
    const LeafOrigins origins{1, 127, 128, 300, 1'000'000, 1'000'001, (1ull << 39) - 1};
    const auto position = (1ull << 39) - 1;
    QCOMPARE(readOrigins(writeOrigins(origins, position), position), std::optional(origins));
    QCOMPARE(readOrigins("", 5), std::optional(LeafOrigins{}));
    QVERIFY(!readOrigins("\x80", 5)); // cut off
    QVERIFY(!readOrigins("\x06", 5)); // before the first position
    QVERIFY(!readOrigins(std::string(12, '\xff'), 5));
}

void DocumentStepTest::fieldChangesSayWhatDiffers()
{
    const auto before = parsed(R"({"a":1,"b":{"c":2,"d":3},"l":[1,2,{"x":1}],"gone":[7]})");
    const auto after = parsed(R"({"b":{"d":3,"c":5},"a":1,"l":[1,9],"new":{"y":1}})");
    const auto changes = fieldChanges(&before, &after);
    const std::vector<FieldChange> expected{{"/b/c", "2", "5"},
                                            {"/l/1", "2", "9"},
                                            {"/l/2", R"({"x":1})", std::nullopt},
                                            {"/gone", "[7]", std::nullopt},
                                            {"/new", std::nullopt, R"({"y":1})"}};
    QCOMPARE(changes.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(changes[i] == expected[i], changes[i].pointer.c_str());

    QVERIFY(fieldChanges(nullptr, nullptr).empty());
    QCOMPARE(fieldChanges(nullptr, &after).front(), (FieldChange{"", std::nullopt, writeJson(after)}));
    QCOMPARE(fieldChanges(&before, nullptr).front(), (FieldChange{"", writeJson(before), std::nullopt}));
}

void DocumentStepTest::randomStepsGiveTheNextDocument()
{
    const auto seed = seedOf("randomStepsGiveTheNextDocument");
    EventMaker maker(seed, 1);
    Json before = maker.value(3);
    auto origins = stepFromNothing(before, 1).origins;
    for (std::uint64_t position = 2; position < 5000; ++position) {
        const auto after = maker.value(3);
        const auto step = stepBetween(before, origins, after, position);
        QCOMPARE(step.patch.empty(), writeJson(before) == writeJson(after));
        auto patched = before;
        if (!step.patch.empty()) {
            const auto applied = applyPatch(patched, step.patch);
            QVERIFY2(applied, step.patch.c_str());
        }
        QCOMPARE(writeJson(patched), writeJson(after));
        QCOMPARE(step.origins.size(), leafCount(after));
        before = after;
        origins = step.origins;
    }
}

void DocumentStepTest::randomFieldChangesAreExact()
{
    const auto seed = seedOf("randomFieldChangesAreExact");
    EventMaker maker(seed, 1);
    for (int round = 0; round < 3000; ++round) {
        const auto before = maker.value(3);
        const auto after = maker.value(3);
        auto leaves = scalars(before);
        for (const auto &change : fieldChanges(&before, &after)) {
            const auto *old = resolvePointer(before, change.pointer);
            const auto *now = resolvePointer(after, change.pointer);
            QCOMPARE(change.before, old ? std::optional(writeJson(*old)) : std::nullopt);
            QCOMPARE(change.after, now ? std::optional(writeJson(*now)) : std::nullopt);
            QVERIFY(change.before != change.after);
            std::erase_if(leaves, [&change](const auto &leaf) {
                return leaf.first == change.pointer || leaf.first.starts_with(change.pointer + "/");
            });
            for (auto &[pointer, value] : now ? scalars(*now) : std::map<std::string, std::string>())
                leaves[change.pointer + pointer] = value;
        }
        QCOMPARE(leaves, scalars(after));
    }
}

QTEST_APPLESS_MAIN(DocumentStepTest)
#include "tst_document_step.moc"
