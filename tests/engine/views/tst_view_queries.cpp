// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"
#include "view_test_support.h"
#include "views/field_value.h"

#include <QtTest>

#include <algorithm>

using namespace commander;
using namespace viewtest;

namespace {

using Operator = FieldCondition::Operator;

/// Its documents have fields of every type, and some have none.
class ThingsDomain final : public Domain {
public:
    explicit ThingsDomain(std::vector<std::string> indexes)
    {
        m_description.name = "things";
        m_description.eventsTopic = "note-events";
        m_description.views.push_back({"things", 1, {}, {"thing"}, true, std::move(indexes)});
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
    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &event, DocumentFold &documents) const override
    {
        if (const auto *const document = event.data.find("document"))
            documents.put(event.data.stringAt("key"), *document);
        else
            documents.remove(event.data.stringAt("key"));
        return {};
    }

private:
    DomainDescription m_description;
};

const char *const values[] = {"null",
                              "false",
                              "true",
                              "0",
                              "-0.0",
                              "1",
                              "1.0",
                              "10e-1",
                              "2",
                              "-1",
                              "-1.5",
                              "-10",
                              "9007199254740993",
                              "9007199254740992",
                              "23958446825181076828",
                              "23958446825181076829",
                              "0.1",
                              "0.10000000000000000001",
                              "1e300",
                              "-1e300",
                              "1e-300",
                              "\"\"",
                              "\"a\"",
                              "\"ab\"",
                              "\"b\"",
                              "\"ä\"",
                              "\"a\\u0000\"",
                              "[]",
                              "{\"x\":1}"};

struct QueryBench {
    explicit QueryBench(std::uint64_t seed, std::vector<std::string> indexes = {"/value", "/more/rank"})
        : bench(seed), chance(seed)
    {
        domain = std::make_shared<ThingsDomain>(std::move(indexes));
    }
    void grow(int events)
    {
        for (int i = 0; i < events; ++i) {
            const auto key = "key " + std::to_string(chance() % 60);
            std::string data = "{\"key\":\"" + key + '"';
            if (chance() % 8 != 0) {
                data += ",\"document\":{";
                if (chance() % 6 != 0)
                    data += "\"value\":" + std::string(values[chance() % std::size(values)]) + ',';
                data += "\"more\":{\"rank\":" + std::to_string(chance() % 5) + "}}";
            }
            bench.head = bench.ledger.append("thing", data + '}');
        }
    }
    Result<std::unique_ptr<ViewEngine>> open(const char *file = "views.sqlite")
    {
        auto engine = bench.open(bench.path(file), domain);
        if (engine && (!(*engine)->start() || !(*engine)->reader().waitFor(bench.head, patience)))
            return fail(ErrorCode::Internal, "not folded");
        return engine;
    }
    ViewBench bench;
    std::mt19937_64 chance;
    std::shared_ptr<ThingsDomain> domain;
};

/// The plain way: all documents, kept in a list.
struct Naive {
    std::vector<std::pair<std::string, Json>> documents; ///< by key

    static Naive at(ViewBench &bench, Position position)
    {
        Documents all;
        for (const auto &record : records(bench.ledger.ledger)) {
            if (record->kind != RecordKind::Event || record->position > position)
                continue;
            const auto data = *parseJson(record->data);
            const auto key = std::string(data.stringAt("key"));
            all.erase(key);
            if (const auto *const document = data.find("document"))
                all.emplace(key, *document);
        }
        return {{all.begin(), all.end()}};
    }
    static int compare(const std::string &a, const std::string &b) { return a.compare(b); }
    static bool matches(const Json &document, const FieldCondition &condition)
    {
        const auto *const field = resolvePointer(document, condition.pointer);
        if (!field)
            return false;
        const auto wanted = *parseJson(condition.value);
        const auto a = fieldValue(field);
        const auto b = fieldValue(&wanted);
        if (condition.op == Operator::NotEqual)
            return a != b;
        if (condition.op == Operator::StartsWith)
            return field->isString() && field->asString()->starts_with(*wanted.asString());
        if (a.front() != b.front())
            return false;
        switch (condition.op) {
        case Operator::Equal:
            return a == b;
        case Operator::Less:
            return a < b;
        case Operator::LessOrEqual:
            return a <= b;
        case Operator::Greater:
            return a > b;
        default:
            return a >= b;
        }
    }
    std::vector<std::string> keys(const DocumentListRequest &request) const
    {
        std::vector<std::pair<std::string, std::string>> found;
        for (const auto &[key, document] : documents) {
            const bool all = std::all_of(request.where.begin(), request.where.end(),
                                         [&d = document](const auto &condition) { return matches(d, condition); });
            if (all && key.starts_with(request.prefix))
                found.emplace_back(
                    request.sort ? fieldValue(resolvePointer(document, request.sort->pointer)) : std::string(), key);
        }
        std::sort(found.begin(), found.end());
        if (request.sort && request.sort->descending)
            std::reverse(found.begin(), found.end());
        std::vector<std::string> keys;
        for (auto &[value, key] : found)
            keys.push_back(std::move(key));
        return keys;
    }
};

/// Goes through all pages; errors as a single key.
std::vector<std::string> allKeys(ViewReader &reader, DocumentListRequest request)
{
    std::vector<std::string> keys;
    for (;;) {
        const auto list = reader.list("things", request);
        if (!list)
            return {list.error().text()};
        if (list->documents.size() > request.limit)
            return {"too many"};
        for (const auto &document : list->documents)
            keys.push_back(document.key);
        if (!list->nextKey)
            return keys;
        request.afterKey = list->nextKey;
        request.afterValue = list->nextValue;
    }
}

} // namespace

/// Lists with conditions and order, now and then.
class ViewQueriesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesOrderAsTheyShould();
    void answersAreTheNaiveOnes();
    void anIndexIsUsedWhereThereIsOne();
    void aScanIsBoundedAndSaysSo();
    void wrongQuestionsAreRefused();
    void otherIndexesBuildTheViewAnew();
};

void ViewQueriesTest::valuesOrderAsTheyShould()
{
    const char *const ordered[] = {"null",
                                   "false",
                                   "true",
                                   "-1e300",
                                   "-10",
                                   "-9.99",
                                   "-1.5",
                                   "-1",
                                   "-1e-300",
                                   "0",
                                   "1e-300",
                                   "0.1",
                                   "0.10000000000000000001",
                                   "0.2",
                                   "1",
                                   "1.5",
                                   "2",
                                   "9",
                                   "10",
                                   "9007199254740992",
                                   "9007199254740993",
                                   "23958446825181076828",
                                   "23958446825181076829",
                                   "1e300",
                                   "\"\"",
                                   "\"a\"",
                                   "\"a\\u0000\"",
                                   "\"ab\"",
                                   "\"b\"",
                                   "\"ä\"",
                                   "[1]",
                                   "[]",
                                   "{}"};
    auto last = fieldValue(nullptr);
    for (const auto *const text : ordered) {
        const auto value = *parseJson(text);
        const auto bytes = fieldValue(&value);
        QVERIFY2(last < bytes, text);
        last = bytes;
    }
    for (const auto &[a, b] :
         {std::pair{"1", "1.0"}, {"10e-1", "1"}, {"0", "-0.0"}, {"-120", "-1.2e2"}, {"0e5", "0"}}) {
        const auto left = *parseJson(a);
        const auto right = *parseJson(b);
        QVERIFY2(fieldValue(&left) == fieldValue(&right), a);
    }
}

void ViewQueriesTest::answersAreTheNaiveOnes()
{
    const auto seed = seedOf("answersAreTheNaiveOnes");
    QueryBench query(seed);
    auto &chance = query.chance;
    for (int round = 0; round < 4; ++round) {
        query.grow(120);
        auto engine = query.open();
        QVERIFY_RESULT(engine);
        for (int i = 0; i < 250; ++i) {
            DocumentListRequest request;
            request.limit = 1 + chance() % 12;
            Position at = query.bench.head;
            if (chance() % 2 == 0) {
                at = {1 + chance() % (query.bench.head.value + 3)};
                request.at = at;
            }
            static const char *const pointers[] = {"/value", "/more/rank", "/more", "/nothing"};
            for (auto n = chance() % 3; n > 0; --n) {
                FieldCondition condition{pointers[chance() % 4], static_cast<Operator>(chance() % 7),
                                         values[chance() % std::size(values)]};
                if (condition.op == Operator::StartsWith)
                    condition.value = chance() % 2 ? "\"a\"" : "\"\"";
                request.where.push_back(condition);
            }
            if (chance() % 2 == 0)
                request.sort = DocumentSort{pointers[chance() % 2], chance() % 2 == 0};
            if (chance() % 4 == 0)
                request.prefix = "key 1";
            const auto expected = Naive::at(query.bench, at).keys(request);
            const auto found = allKeys((*engine)->reader(), request);
            QVERIFY2(found == expected,
                     qPrintable(QStringLiteral("round %1, query %2: %3 instead of %4, first %5")
                                    .arg(round)
                                    .arg(i)
                                    .arg(found.size())
                                    .arg(expected.size())
                                    .arg(QString::fromStdString(found.empty() ? "-" : found.front()))));
        }
    }
    // The index of a file that grew bit by bit is that of one built at once.
    const auto live = dump(query.bench.path());
    QVERIFY(live.find("field|") != std::string::npos);
    QVERIFY_RESULT(query.open("again.sqlite"));
    QCOMPARE(dump(query.bench.path("again.sqlite")), live);
}

void ViewQueriesTest::anIndexIsUsedWhereThereIsOne()
{
    QueryBench query(seedOf("anIndexIsUsedWhereThereIsOne"));
    query.grow(200);
    auto engine = query.open();
    QVERIFY_RESULT(engine);
    auto &reader = (*engine)->reader();
    DocumentListRequest request;
    request.limit = 2;
    request.where = {{"/more/rank", Operator::Greater, "2"}};
    auto list = reader.list("things", request);
    QVERIFY_RESULT(list);
    QVERIFY(list->indexed && list->scanned <= 3);
    request.where = {{"/more", Operator::NotEqual, "1"}};
    list = reader.list("things", request);
    QVERIFY_RESULT(list);
    QVERIFY(!list->indexed);
    request.where = {};
    request.sort = DocumentSort{"/value", true};
    list = reader.list("things", request);
    QVERIFY_RESULT(list);
    QVERIFY(list->indexed && list->scanned <= 3 && list->nextKey);
    QCOMPARE(reader.views()[0].indexes.size(), 2u);
}

void ViewQueriesTest::aScanIsBoundedAndSaysSo()
{
    constexpr std::size_t things = 50'500;
    QueryBench query(seedOf("aScanIsBoundedAndSaysSo"), {});
    for (std::size_t i = 0; i < things; i += 500) {
        LedgerTransaction transaction;
        for (std::size_t j = i; j < i + 500; ++j) {
            RecordDraft event;
            event.kind = RecordKind::Event;
            event.id = uuid5(query.bench.ledger.ledger.ledgerId(), std::to_string(j));
            event.parent = event.correlation = event.id;
            event.topic = "note-events";
            event.action = "thing";
            event.actor = "test";
            event.data
                = "{\"key\":\"k" + std::to_string(100'000 + j) + "\",\"document\":{\"n\":" + std::to_string(j) + "}}";
            transaction.records.push_back(std::move(event));
        }
        const auto appended = query.bench.ledger.ledger.appendAndWait(std::move(transaction));
        QVERIFY_RESULT(appended);
        query.bench.head = appended->records.back()->position;
    }
    auto engine = query.open();
    QVERIFY_RESULT(engine);
    DocumentListRequest request;
    request.where = {{"/n", Operator::GreaterOrEqual, std::to_string(things - 5)}};
    const auto first = (*engine)->reader().list("things", request);
    QVERIFY_RESULT(first);
    QVERIFY(!first->indexed && first->documents.empty() && first->nextKey);
    QCOMPARE(first->scanned, 50'000u);
    request.afterKey = first->nextKey;
    const auto second = (*engine)->reader().list("things", request);
    QVERIFY_RESULT(second);
    QCOMPARE(second->documents.size(), 5u);
    QVERIFY(!second->nextKey);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE_ERROR((*engine)->reader().list("things", request, stop.get_token()), ErrorCode::Cancelled);
}

void ViewQueriesTest::wrongQuestionsAreRefused()
{
    QueryBench query(seedOf("wrongQuestionsAreRefused"));
    query.grow(3);
    auto engine = query.open();
    QVERIFY_RESULT(engine);
    const auto ask = [&](std::vector<FieldCondition> where, std::optional<DocumentSort> sort = {}) {
        DocumentListRequest request;
        request.where = std::move(where);
        request.sort = std::move(sort);
        return (*engine)->reader().list("things", request);
    };
    QCOMPARE_ERROR(ask({{"value", Operator::Equal, "1"}}), ErrorCode::InvalidArgument);
    QCOMPARE_ERROR(ask({{"/value", Operator::Equal, "1,"}}), ErrorCode::InvalidJson);
    QCOMPARE_ERROR(ask({{"/value", Operator::StartsWith, "1"}}), ErrorCode::InvalidArgument);
    QCOMPARE_ERROR(ask({}, DocumentSort{"/more", false}), ErrorCode::InvalidArgument);
    QVERIFY_RESULT(ask({}, DocumentSort{"/value", false}));
    query.domain = std::make_shared<ThingsDomain>(std::vector<std::string>{"value"});
    QCOMPARE_ERROR(query.open("other.sqlite"), ErrorCode::InvalidArgument);
    query.domain = std::make_shared<ThingsDomain>(std::vector<std::string>(33, "/a"));
    QCOMPARE_ERROR(query.open("other.sqlite"), ErrorCode::InvalidArgument);
}

void ViewQueriesTest::otherIndexesBuildTheViewAnew()
{
    QueryBench query(seedOf("otherIndexesBuildTheViewAnew"));
    query.grow(100);
    QVERIFY_RESULT(query.open());
    query.domain = std::make_shared<ThingsDomain>(std::vector<std::string>{"/more/rank"});
    QVERIFY_RESULT(query.open());
    QVERIFY_RESULT(query.open("fresh.sqlite"));
    QCOMPARE(dump(query.bench.path()), dump(query.bench.path("fresh.sqlite")));
}

QTEST_GUILESS_MAIN(ViewQueriesTest)
#include "tst_view_queries.moc"
