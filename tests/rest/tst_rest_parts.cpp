// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/record_json.h"
#include "rest/problem.h"
#include "rest/query_params.h"
#include "rest/router.h"
#include "rest/routes/submit_request.h"
#include "rest/updates/stream_frames.h"

#include "rest/gate/request_gate.h"
#include "support/result_macros.h"

#include <QTest>

#include <set>

using namespace commander;
using namespace commander::rest;

namespace {

CheckedRequest requestOf(const std::string &bytes)
{
    auto policy = std::make_shared<GatePolicy>();
    policy->hosts = {"h"};
    RequestGate gate(policy);
    gate.feed(bytes);
    return gate.take();
}

Record sampleCommand()
{
    Record command;
    command.kind = RecordKind::Command;
    command.id = *Uuid::parse("33bb75db-6e13-48ee-8a54-b3976d3d065b");
    command.correlation = command.id;
    command.topic = "commands";
    command.action = "transfer-money";
    command.actor = "api";
    command.key = "12345";
    command.data = "{\"b\": 1.0,\n \"a\":23958446825181076828}";
    command.timestamp = *Timestamp::parse("2016-05-20T14:33:28.902-00:00");
    command.position = Position{7};
    command.offset = Offset{3};
    return command;
}

class RestPartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyErrorHasAStatusACodeAndAPage()
    {
        for (int i = 0; i < static_cast<int>(ErrorCode::Count); ++i) {
            const auto code = static_cast<ErrorCode>(i);
            QVERIFY(statusOf(code) >= 400);
            const auto info = problemInfo(problemCodeOf(code));
            QVERIFY2(!info.title.empty(), std::string(problemCodeOf(code)).c_str());
            QVERIFY(!info.meaning.empty());
        }
        QVERIFY(problemInfo("no-such-code").title.empty());
    }

    void problemNamesWhatIsKnown()
    {
        Error error{ErrorCode::SchemaInvalid, "the data does not fit", "/amount", "Send a positive integer.", {}};
        error.details.push_back({"/amount", "\"ten\" is no integer"});
        auto problem = problemOf(error);
        problem.instance = "/commands";
        problem.commandId = sampleCommand().id;
        problem.position = Position{7};
        problem.members = "\"extra\":[1.0]";
        const auto json = parseJson(problemJson(problem));
        QVERIFY_RESULT(json);
        QVERIFY(json->stringAt("type") == "/problems/schema-invalid");
        QVERIFY(json->stringAt("code") == "schema-invalid");
        QCOMPARE(json->integerAt("status"), std::optional<std::int64_t>(422));
        QVERIFY(json->stringAt("instance") == "/commands");
        QVERIFY(json->stringAt("commandId") == "33bb75db-6e13-48ee-8a54-b3976d3d065b");
        QCOMPARE(json->integerAt("position"), std::optional<std::int64_t>(7));
        QVERIFY(json->find("errors")->asArray()->front().stringAt("pointer") == "/amount");
        QVERIFY(json->find("extra")->asArray()->front().asNumber()->lexeme == "1.0");
        const auto response = problemResponse(problem);
        QVERIFY(response.contentType == "application/problem+json");
    }

    void commandKeepsItsBytes()
    {
        const auto command = sampleCommand();
        std::string out;
        appendCommand(out, command, {});
        QVERIFY_RESULT(checkJson(out));
        QVERIFY(out.find("\"data\":" + command.data + ",\"timestamp\":\"2016-05-20T14:33:28.902Z\"")
                != std::string::npos);
        QVERIFY(out.find("\"status\":\"accepted\",\"children\":[]") != std::string::npos);
        QVERIFY(out.find("\"parent\"") == std::string::npos);
    }

    void resultShowsTheOutcome()
    {
        Record result;
        result.kind = RecordKind::Result;
        result.action = "rejected";
        result.parent = sampleCommand().id;
        CommandOutcome outcome;
        outcome.status = CommandStatus::Rejected;
        outcome.errorCode = "insufficient-funds";
        outcome.errorMessage = "only 5 \"left\"";
        outcome.errorDetails = "{\"balance\":5}";
        result.data = writeOutcome(outcome);
        std::string out;
        appendResult(out, result);
        const auto json = parseJson(out);
        QVERIFY_RESULT(json);
        QVERIFY(json->stringAt("status") == "rejected");
        QVERIFY(json->find("error")->stringAt("message") == "only 5 \"left\"");
        QCOMPARE(json->find("error")->find("details")->integerAt("balance"), std::optional<std::int64_t>(5));
    }

    void lineBreaksLeaveTheValueAlone()
    {
        std::string text = "{\"a\":\r\n \"x\\n\"}";
        const auto before = parseJson(text);
        replaceLineBreaks(text);
        QVERIFY(text.find('\n') == std::string::npos && text.find('\r') == std::string::npos);
        QVERIFY(*parseJson(text) == *before);
    }

    void commandIsReadByteForByte()
    {
        const auto draft
            = readCommand("{\"id\":\"33bb75db-6e13-48ee-8a54-b3976d3d065b\", \"action\":\"transfer\\u002dmoney\","
                          "\"data\": {\"b\": 1.0, \"a\":1e3 },\"timestamp\":\"2016-05-20T14:33:28.902-00:00\","
                          "\"topic\":\"commands\",\"parent\":null,\"actor\":\"somebody else\"}",
                          "ci");
        QVERIFY_RESULT(draft);
        QVERIFY(draft->action == "transfer-money");
        QVERIFY(draft->data == "{\"b\": 1.0, \"a\":1e3 }");
        QVERIFY(draft->id && draft->timestamp && !draft->parent);
        QVERIFY(draft->actor == "ci");
    }

    void malformedCommands_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<int>("code");
        const auto invalid = static_cast<int>(ErrorCode::SchemaInvalid);
        const auto notJson = static_cast<int>(ErrorCode::InvalidJson);
        QTest::newRow("empty") << QString() << notJson;
        QTest::newRow("array") << QStringLiteral("[]") << notJson;
        QTest::newRow("cut") << QStringLiteral("{\"action\":\"a\"") << notJson;
        QTest::newRow("two bodies") << QStringLiteral("{\"action\":\"a\"}{}") << notJson;
        QTest::newRow("twice") << QStringLiteral("{\"action\":\"a\",\"action\":\"b\"}")
                               << static_cast<int>(ErrorCode::DuplicateKey);
        QTest::newRow("no action") << QStringLiteral("{\"data\":{}}") << invalid;
        QTest::newRow("action is null") << QStringLiteral("{\"action\":null}") << invalid;
        QTest::newRow("action is a number") << QStringLiteral("{\"action\":1}") << invalid;
        QTest::newRow("bad id") << QStringLiteral("{\"action\":\"a\",\"id\":\"1\"}") << invalid;
        QTest::newRow("null id") << QStringLiteral("{\"action\":\"a\",\"id\":\"00000000-0000-0000-0000-000000000000\"}")
                                 << invalid;
        QTest::newRow("bad time") << QStringLiteral("{\"action\":\"a\",\"timestamp\":\"now\"}") << invalid;
        QTest::newRow("unknown member") << QStringLiteral("{\"action\":\"a\",\"amount\":1}") << invalid;
    }
    void malformedCommands()
    {
        QFETCH(QString, body);
        QFETCH(int, code);
        QCOMPARE_ERROR(readCommand(body.toStdString(), "ci"), static_cast<ErrorCode>(code));
    }

    void preferences()
    {
        const auto preferenceOf = [](const std::string &query, const std::string &fields) {
            return *waitPreference(requestOf("GET /x" + query + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").head);
        };
        using namespace std::chrono_literals;
        QCOMPARE(preferenceOf("", "").wait, 0ms);
        QCOMPARE(preferenceOf("?sync=true", "").wait, 5000ms);
        QCOMPARE(preferenceOf("?sync=false", "").wait, 0ms);
        QCOMPARE(preferenceOf("", "Prefer: wait=3\r\n").wait, 3000ms);
        QVERIFY(preferenceOf("", "Prefer: wait=3\r\n").applied == "wait=3");
        QVERIFY(preferenceOf("", "Prefer: foo, wait=\"900\"\r\n").applied == "wait=60");
        QVERIFY(preferenceOf("", "Prefer: respond-async\r\n").applied == "respond-async");
        QVERIFY(preferenceOf("", "Prefer: wait=x\r\n").applied.empty());
        QVERIFY(!waitPreference(requestOf("GET /x?sync=perhaps HTTP/1.1\r\nHost: h\r\n\r\n").head));
    }

    void idempotencyKeys()
    {
        QCOMPARE(idempotencyId("33bb75db-6e13-48ee-8a54-b3976d3d065b").text(), sampleCommand().id.text());
        QCOMPARE(idempotencyId("\"33BB75DB-6e13-48ee-8a54-b3976d3d065b\"").text(), sampleCommand().id.text());
        QVERIFY(idempotencyId("order 17") == idempotencyId(" \"order 17\" "));
        QVERIFY(idempotencyId("order 17") != idempotencyId("order 18"));
    }

    void queries()
    {
        const QueryParams query(
            "a=1&b=%C3%A4+x&list=p,q&list=r&flag&at=12&when=2016-05-20T14:33:28.902%2B02:00&bad=-1");
        QCOMPARE(**query.number("a"), std::uint64_t{1});
        QVERIFY(query.text("b") == "\xc3\xa4 x");
        QCOMPARE(query.list("list").size(), std::size_t{3});
        QVERIFY(*query.flag("flag"));
        QVERIFY(std::get<Position>(**query.moment("at")) == Position{12});
        QVERIFY(std::holds_alternative<Timestamp>(**query.moment("when")));
        QVERIFY(!query.number("bad"));
        QVERIFY(!query.moment("b"));
        QCOMPARE(*query.limit(), std::size_t{100});
        QVERIFY(!QueryParams("limit=0").limit());
        QVERIFY(!QueryParams("limit=1001").limit());
        QVERIFY(QueryParams("a=1&cursor=x&b=c d").without("cursor") == "a=1&b=c%20d");
        QVERIFY(*readCursor(writeCursor("k\xc3\xa4y")) == "k\xc3\xa4y");
        QVERIFY(!readCursor(""));
        QVERIFY(!readCursor("c1"));
        QVERIFY(!readCursor("czz"));
    }

    void filters()
    {
        const auto filter = recordFilter(QueryParams("kind=command,event&action=a&status=rejected&text=x"), true, {});
        QVERIFY_RESULT(filter);
        QCOMPARE(filter->kinds.size(), std::size_t{2});
        QVERIFY(filter->status == CommandStatus::Rejected);
        QVERIFY(!recordFilter(QueryParams("kind=thing"), true, {}));
        QVERIFY(!recordFilter(QueryParams("correlation=1"), true, {}));
        QVERIFY(!recordFilter(QueryParams("from=yesterday"), true, {}));

        const auto command = sampleCommand();
        const auto expression = recordFilter(
            QueryParams("filter=key%20%3D%2012345%20and%20data.a%20%3E%2023958446825181076827"), true, {});
        QVERIFY_RESULT(expression);
        QVERIFY(expression->expression && expression->matches(command));
        const auto wrong = recordFilter(QueryParams("filter=key%20%3D%3D"), true, {});
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, ErrorCode::InvalidFilter);
        QCOMPARE(wrong.error().where, std::string("filter, column 5"));
        RecordFilter wanted;
        QVERIFY(wanted.matches(command));
        wanted.text = "TRANSFER";
        QVERIFY(wanted.matches(command));
        wanted.text = "nowhere";
        QVERIFY(!wanted.matches(command));
        wanted.text.clear();
        wanted.key = "12345";
        QVERIFY(wanted.matches(command));
        wanted.topics = {"bank-events"};
        QVERIFY(!wanted.matches(command));
    }

    void routes()
    {
        Router router;
        for (const auto *pattern : {"/", "/commands", "/commands/updates", "/commands/{id}", "/views/{view}/{key}"}) {
            Route route;
            route.pattern = pattern;
            router.add(std::move(route));
        }
        Route post;
        post.verb = Method::Post;
        post.pattern = "/commands";
        post.bodies = {"application/json"};
        router.add(std::move(post));
        const auto check = [&router](const std::string &line, const std::string &fields = {}) {
            auto request = requestOf(line + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" + fields + "\r\n");
            const auto refusal = router.check(request);
            if (refusal)
                return std::to_string(refusal->status) + (refusal->allow.empty() ? "" : ' ' + refusal->allow);
            if (request.route == Router::optionsRoute)
                return std::string("options");
            auto text = std::string(methodName(router.at(request.route).verb)) + ' ' + router.at(request.route).pattern;
            for (const auto &param : request.params)
                text += " <" + param + '>';
            return text;
        };
        QCOMPARE(check("GET /"), std::string("GET /"));
        QCOMPARE(check("GET /commands?limit=1"), std::string("GET /commands"));
        QCOMPARE(check("HEAD /commands"), std::string("GET /commands"));
        QCOMPARE(check("GET /commands/updates"), std::string("GET /commands/updates"));
        QCOMPARE(check("GET /commands/1"), std::string("GET /commands/{id} <1>"));
        QCOMPARE(check("GET /commands/{id}"), std::string("GET /commands/{id} <{id}>"));
        QCOMPARE(check("GET /views/a%2Fb/c%20d"), std::string("GET /views/{view}/{key} <a/b> <c d>"));
        QCOMPARE(check("GET /commands/"), std::string("404"));
        QCOMPARE(check("GET /foo"), std::string("404"));
        QCOMPARE(check("GET //"), std::string("404"));
        QCOMPARE(check("DELETE /commands"), std::string("405 GET, HEAD, POST, OPTIONS"));
        QCOMPARE(check("POST /commands/1"), std::string("405 GET, HEAD, OPTIONS"));
        QCOMPARE(check("OPTIONS /commands"), std::string("options"));
        QCOMPARE(check("POST /commands"), std::string("415"));
        QCOMPARE(check("POST /commands", "Content-Type: text/plain\r\n"), std::string("415"));
        QCOMPARE(check("POST /commands", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"),
                 std::string("415"));
        QCOMPARE(check("POST /commands", "Content-Type: Application/JSON; charset=utf-8\r\n"),
                 std::string("POST /commands"));
        QCOMPARE(check("GET /commands", "Accept: text/html\r\n"), std::string("406"));
        QCOMPARE(check("GET /commands", "Accept: text/html, */*;q=0.1\r\n"), std::string("GET /commands"));
    }

    void framesAreFoundByPosition()
    {
        const auto batchOf = [](std::uint64_t first, std::size_t count) {
            FrameBatch batch;
            batch.first = Position{first};
            for (std::size_t i = 0; i < count; ++i) {
                auto record = std::make_shared<Record>(sampleCommand());
                record->position = Position{first + i};
                batch.frames.push_back(
                    std::make_shared<RecordFrames>(RecordFrames{record, Frame("1", "command", "{}"), {}}));
            }
            return batch;
        };
        FrameCache cache;
        QVERIFY(!cache.find(Position{1}));
        cache.add(batchOf(100, 10));
        cache.add(batchOf(110, 10)); // follows on
        cache.add(batchOf(1, 5));    // somebody catching up
        for (const std::uint64_t position : {100, 109, 110, 119, 1, 5})
            QCOMPARE(cache.find(Position{position})->record->position.value, position);
        for (const std::uint64_t position : {99, 120, 0, 6})
            QVERIFY(!cache.find(Position{position}));
        cache.add(batchOf(500, 1)); // the live end went on meanwhile
        QVERIFY(cache.find(Position{500}) && !cache.find(Position{119}));
        for (std::uint64_t i = 0; i < 10'000; ++i)
            cache.add(batchOf(501 + i, 1));
        QVERIFY(cache.find(Position{10'500}) && !cache.find(Position{501}));
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestPartsTest)
#include "tst_rest_parts.moc"
