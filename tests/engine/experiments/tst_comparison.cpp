// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/outcome_comparer.h"
#include "support/result_macros.h"

using namespace commander;

namespace {

/// Documents "k0" … in pages of the size that is asked for.
DocumentPages pagesOf(std::vector<std::pair<std::string, std::string>> documents, std::size_t pageMax)
{
    return [documents = std::move(documents), pageMax](const DocumentListRequest &request,
                                                       std::stop_token) -> Result<DocumentList> {
        DocumentList list;
        for (const auto &[key, json] : documents) {
            if (request.afterKey && key <= *request.afterKey)
                continue;
            if (list.documents.size() == pageMax) {
                list.nextKey = list.documents.back().key;
                break;
            }
            Document document;
            document.key = key;
            document.json = json;
            list.documents.push_back(document);
        }
        return list;
    };
}

} // namespace

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void documents();
    void ignoredFields();
    void erasing_data();
    void erasing();
    void differencesSurviveTheirText();
};

void TestComparison::documents()
{
    const auto left = pagesOf({{"a", "1"}, {"b", R"({"x":1,"y":2})"}, {"c", "3"}, {"e", "5"}}, 1);
    const auto right = pagesOf({{"b", R"({"y":2,"x":1.0})"}, {"c", "3"}, {"d", "4"}, {"e", "5"}, {"f", "6"}}, 3);
    const auto compared = compareDocuments(left, right, {});
    QVERIFY_RESULT(compared);
    QCOMPARE(compared->same, std::uint64_t(2));
    QCOMPARE(compared->different, std::uint64_t(1));
    QCOMPARE(compared->onlyLeft, std::uint64_t(1));
    QCOMPARE(compared->onlyRight, std::uint64_t(2));
    QCOMPARE(compared->examples.size(), std::size_t(4));
    QCOMPARE(compared->examples[1].key, std::string("b"));
    QCOMPARE(compared->examples[1].fields.size(), std::size_t(1)); // the order of members is none, 1.0 is not 1
    QCOMPARE(compared->examples[1].fields[0].pointer, std::string("/x"));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE_ERROR(compareDocuments(left, right, {}, stop.get_token()), ErrorCode::Cancelled);
    const auto failing = [](const DocumentListRequest &, std::stop_token) -> Result<DocumentList> {
        return fail(ErrorCode::UnknownView, "none");
    };
    QCOMPARE_ERROR(compareDocuments(left, failing, {}), ErrorCode::UnknownView);
}

void TestComparison::ignoredFields()
{
    const auto left = pagesOf({{"a", R"({"at":1,"x":1})"}, {"b", R"({"at":1,"x":1})"}}, 10);
    const auto right = pagesOf({{"a", R"({"at":2,"x":1})"}, {"b", R"({"at":2,"x":2})"}}, 10);
    ComparisonRules rules;
    rules.ignore = {"/at"};
    const auto compared = compareDocuments(left, right, rules);
    QVERIFY_RESULT(compared);
    QCOMPARE(compared->same, std::uint64_t(1));
    QCOMPARE(compared->different, std::uint64_t(1));
    QCOMPARE(compared->examples[0].fields.size(), std::size_t(1));
    rules.examplesMax = 0;
    QVERIFY(compareDocuments(left, right, rules)->examples.empty());
}

void TestComparison::erasing_data()
{
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("left");
    QTest::newRow("member") << QByteArray("/a") << QByteArray(R"({"b":[1,2,{"c/d":3}]})");
    QTest::newRow("element") << QByteArray("/b/1") << QByteArray(R"({"a":1.0,"b":[1,{"c/d":3}]})");
    QTest::newRow("escaped") << QByteArray("/b/2/c~1d") << QByteArray(R"({"a":1.0,"b":[1,2,{}]})");
    QTest::newRow("nothing there") << QByteArray("/x/y") << QByteArray(R"({"a":1.0,"b":[1,2,{"c/d":3}]})");
    QTest::newRow("all") << QByteArray("") << QByteArray(R"({"a":1.0,"b":[1,2,{"c/d":3}]})");
}

void TestComparison::erasing()
{
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, left);
    auto json = *parseJson(R"({"a":1.0,"b":[1,2,{"c/d":3}]})");
    erasePointer(json, pointer.toStdString());
    QCOMPARE(QByteArray::fromStdString(writeJson(json)), left);
}

void TestComparison::differencesSurviveTheirText()
{
    OutcomeDifference difference;
    difference.command = uuid5({}, "one");
    difference.position = {12};
    difference.action = "transfer-\"money\"";
    difference.kinds = {DifferenceKind::Status, DifferenceKind::EventData, DifferenceKind::Added};
    difference.recorded = R"({"status":"succeeded"})";
    difference.fields = {{"/a", "1.0", std::nullopt}, {"/b", std::nullopt, R"("ä")"}};
    const auto back = readDifference(writeDifference(difference));
    QVERIFY_RESULT(back);
    QVERIFY(back->command == difference.command && back->position == difference.position);
    QCOMPARE(back->action, difference.action);
    QVERIFY(back->kinds == difference.kinds);
    QCOMPARE(back->recorded, difference.recorded);
    QVERIFY(back->other.empty());
    QVERIFY(back->fields == difference.fields);
    QCOMPARE_ERROR(readDifference("{}"), ErrorCode::InvalidUuid);
}

QTEST_APPLESS_MAIN(TestComparison)
#include "tst_comparison.moc"
