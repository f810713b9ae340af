// SPDX-License-Identifier: GPL-3.0-or-later
// What operators and authors of domains ask a running server for.
#include "rest/rest_fixture.h"

#include <commander/domain_tests.h>

#include <QTest>

using namespace commander;

namespace {

/// A domain of books that declares everything. `path`: where its view is read; `pages`: a further field of documents.
std::string library(int version, const std::string &path, bool pages = false, const std::string &name = "library")
{
    return R"({"name":")" + name + R"(","version":)" + std::to_string(version) + R"(,"eventsTopic":"library-events",
        "commands":{"put-book":{"key":"isbn","schema":{"type":"object","required":["isbn"]},"example":{"isbn":"1"},
            "emit":[{"event":"book-put","data":{"isbn":"=data.isbn"}}]}},
        "events":{"book-put":{"key":"isbn","schema":{"type":"object"}}},
        "views":{"books":{"version":)"
        + std::to_string(version) + R"(,"path":")" + path
        + R"(","key":"{data.isbn}","on":{"book-put":{"merge":"=data"})"
        + (pages ? R"(,"book-gone":{"merge":"=data"})" : "") + "}}}}";
}

constexpr auto libraryTest = R"({"tests":[{"name":"a book is put","when":{"command":"put-book","data":{"isbn":"7"}},
        "then":{"events":[{"event":"book-put","data":{"isbn":"7"}}]}}]})";
constexpr auto wrongTest = R"({"tests":[{"name":"a book is put","when":{"command":"put-book","data":{"isbn":"7"}},
        "then":{"events":[{"event":"book-put","data":{"isbn":"8"}}]}}]})";

std::string body(const std::string &manifest, const std::string &test = {})
{
    Json files = Json::object();
    files.set("domain.json", Json(manifest));
    if (!test.empty())
        files.set("tests/books.json", Json(test));
    Json json = Json::object();
    json.set("files", std::move(files));
    return writeJson(json);
}

/// The bank, which parks a deposit of 13.
class FaultyBank final : public Domain {
public:
    FaultyBank() : m_bank(makeBankDomain()), m_description(m_bank->description())
    {
        m_description.onFault = FaultPolicy::Park;
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        if (command.data.integerAt("amount") == 13)
            return fail(ErrorCode::DomainFault, "not thirteen");
        return m_bank->decide(command, views, context);
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        return m_bank->fold(view, event, documents);
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                             HandlerContext &context) const override
    {
        return m_bank->react(event, views, context);
    }

private:
    std::shared_ptr<const Domain> m_bank;
    DomainDescription m_description;
};

class RestOperationsTest : public QObject {
    Q_OBJECT

private:
    const std::unique_ptr<DomainLoader> m_loader = makeScriptLoader();

    static Answer put(RawClient &client, const std::string &path, const std::string &body)
    {
        client.send("PUT " + path + " HTTP/1.1\r\n" + client.host()
                    + "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
                    + body);
        return client.receive();
    }
    static Answer remove(RawClient &client, const std::string &path)
    {
        client.send("DELETE " + path + " HTTP/1.1\r\n" + client.host() + "\r\n");
        return client.receive();
    }
    [[nodiscard]] ServedEngine served() const
    {
        return ServedEngine(RestOptions{}, {makeCustomersDomain(), makeBankDomain()}, m_loader.get());
    }

private Q_SLOTS:
    void domainsAreInstalledWhileServing()
    {
        auto engine = served();
        RawClient client(engine.port());
        QCOMPARE(client.get("/books").status, 404);
        QCOMPARE(client.get("/openapi.json").json().find("paths")->find("/books"), nullptr);
        const auto first = put(client, "/domains/library", body(library(1, "/books"), libraryTest));
        QVERIFY2(first.status == 201, first.body.c_str());
        QCOMPARE(first.field("location"), std::string("/domains/library"));
        QVERIFY(first.json().integerAt("position").value_or(0) > 0);

        // Its paths are there at once, and described.
        QCOMPARE(client.get("/books").body, std::string("[]"));
        QVERIFY(client.get("/openapi.json").json().find("paths")->find("/books/{key}"));
        const auto sent = client.post("/commands?sync=true", R"({"action":"put-book","data":{"isbn":"7"}})");
        QCOMPARE(sent.status, 201);
        const auto at = sent.field("commander-position");
        QCOMPARE(client.get("/books/7?atLeast=" + at).body, std::string(R"({"isbn":"7"})"));

        // The same again records nothing.
        const auto head = client.get("/ledger/head").json().integerAt("position");
        QCOMPARE(put(client, "/domains/library", body(library(1, "/books"), libraryTest)).status, 200);
        QCOMPARE(client.get("/ledger/head").json().integerAt("position"), head);

        // A version that reads elsewhere takes the old path away.
        QCOMPARE(put(client, "/domains/library", body(library(2, "/shelf"))).status, 201);
        QCOMPARE(client.get("/shelf/7").status, 200);
        QCOMPARE(client.get("/books/7").status, 404);
        const auto paths = client.get("/openapi.json").json();
        QVERIFY(!paths.find("paths")->find("/books") && paths.find("paths")->find("/shelf"));

        // Its tests, as they were installed: the newest brought none, so nothing can fail.
        QCOMPARE(client.post("/domains/library/test", body(library(2, "/shelf"), libraryTest)).status, 200);
        const auto failed = client.post("/domains/library/test", body(library(2, "/shelf"), wrongTest));
        QCOMPARE(failed.status, 422);
        QCOMPARE(std::string(failed.json().find("problems")->asArray()->front().stringAt("file")),
                 std::string("tests/books.json"));
    }

    void testsOfWhatIsInstalled()
    {
        auto engine = served();
        RawClient client(engine.port());
        QCOMPARE(put(client, "/domains/library", body(library(1, "/books"), libraryTest)).status, 201);
        client.send("POST /domains/library/test HTTP/1.1\r\n" + client.host() + "Content-Length: 0\r\n\r\n");
        const auto passed = client.receive();
        QVERIFY2(passed.status == 200, passed.body.c_str());
        QCOMPARE(std::string(passed.json().stringAt("domain")), std::string("library"));
        client.send("POST /domains/bank/test HTTP/1.1\r\n" + client.host() + "Content-Length: 0\r\n\r\n");
        QCOMPARE(client.receive().code(), std::string("unsupported"));
        client.send("POST /domains/nobody/test HTTP/1.1\r\n" + client.host() + "Content-Length: 0\r\n\r\n");
        QCOMPARE(client.receive().status, 404);
    }

    void whatIsWrongNamesItsPlace()
    {
        auto engine = served();
        RawClient client(engine.port());
        const std::string broken = "{\n  \"name\": 1\n}";
        for (const auto &answer :
             {put(client, "/domains/library", body(broken)), client.post("/domains/library/validate", body(broken))}) {
            QVERIFY2(answer.status == 422, answer.body.c_str());
            QCOMPARE(answer.code(), std::string("domain-invalid"));
            const auto json = answer.json();
            const auto &problem = json.find("problems")->asArray()->front();
            QCOMPARE(std::string(problem.stringAt("file")), std::string("domain.json"));
            QCOMPARE(problem.integerAt("line").value_or(0), 2);
            QCOMPARE(problem.integerAt("column").value_or(0), 11);
        }
        QCOMPARE(client.post("/domains/library/validate", body(library(1, "/books"))).status, 200);
        // A test that fails keeps it from being installed.
        QCOMPARE(put(client, "/domains/library", body(library(1, "/books"), wrongTest)).status, 422);
        QCOMPARE(client.get("/domains/library").status, 404);
        // The name belongs to the path, and to nobody else.
        QCOMPARE(put(client, "/domains/books", body(library(1, "/books"))).status, 422);
        QCOMPARE(put(client, "/domains/commander", body(library(1, "/books", false, "commander"))).status, 422);
        QCOMPARE(put(client, "/domains/library", "{").status, 400);
        for (const auto *shape : {"[]", "{}", R"({"files":{}})", R"({"files":{"domain.json":1}})", R"({"file":{}})"})
            QCOMPARE(put(client, "/domains/library", shape).code(), std::string("schema-invalid"));
    }

    void aServerWithoutLoaderSaysSo()
    {
        ServedEngine engine;
        RawClient client(engine.port());
        QCOMPARE(put(client, "/domains/library", body(library(1, "/books"))).status, 501);
        QCOMPARE(client.post("/views/accounts/versions", body(library(1, "/books"))).status, 501);
    }

    void versionsOfViewsBesideEachOther()
    {
        auto engine = served();
        RawClient client(engine.port());
        QCOMPARE(put(client, "/domains/library", body(library(1, "/books"))).status, 201);
        QCOMPARE(client.post("/commands?sync=true", R"({"action":"put-book","data":{"isbn":"7"}})").status, 201);
        const auto started = client.post("/views/books/versions", body(library(2, "/books")));
        QVERIFY2(started.status == 202, started.body.c_str());
        const auto label = std::string(started.json().stringAt("version"));
        QVERIFY(label.starts_with("2-"));
        const auto stateOf = [&client](int number) {
            const auto list = client.get("/views/books/versions").json();
            for (const auto &version : *list.find("versions")->asArray()) {
                if (version.integerAt("number") == number)
                    return std::string(version.stringAt("state"));
            }
            return std::string();
        };
        QTRY_COMPARE(stateOf(2), std::string("ready"));
        QCOMPARE(stateOf(1), std::string("serving"));

        // Either can be read.
        QCOMPARE(client.get("/views/books/7?version=2").json().integerAt("version").value_or(0), 2);
        QCOMPARE(client.get("/views/books/7").json().integerAt("version").value_or(0), 1);
        QCOMPARE(client.get("/views/books?version=" + label).json().find("documents")->asArray()->size(),
                 std::size_t{1});
        QCOMPARE(RawClient(engine.port()).get("/books?version=2", "Accept: application/x-ndjson\r\n").status, 200);
        QCOMPARE(client.get("/views/books/7/history?version=2").status, 200);
        QCOMPARE(client.get("/views/books/7?version=9").status, 404);
        QCOMPARE(client.get("/views/books/7?version=2&atLeast=1").field("commander-stale"), std::string());

        const auto diff = client.get("/views/books/versions/1/diff/2");
        QVERIFY2(diff.status == 200, diff.body.c_str());
        QCOMPARE(diff.json().integerAt("same").value_or(-1), 1);
        QCOMPARE(diff.json().integerAt("changed").value_or(-1), 0);
        QCOMPARE(client.get("/views/books/versions/1/diff/3").status, 404);

        // The library decides with it, so only installing its domain may let it serve.
        client.send("POST /views/books/versions/2/promote HTTP/1.1\r\n" + client.host() + "Content-Length: 0\r\n\r\n");
        const auto promoted = client.receive();
        QVERIFY2(promoted.status == 400, promoted.body.c_str());
        QCOMPARE(remove(client, "/views/books/versions/2").status, 204);
        QCOMPARE(stateOf(2), std::string());
        QCOMPARE(remove(client, "/views/books/versions/1").status, 400);
        client.send("POST /views/books/versions/rollback HTTP/1.1\r\n" + client.host() + "Content-Length: 0\r\n\r\n");
        QCOMPARE(client.receive().status, 404);
        QCOMPARE(client.get("/views/none/versions").status, 404);
        QCOMPARE(client.post("/views/accounts/versions", body(library(1, "/books"))).status, 404);
    }

    void theLedgerIsVerified()
    {
        auto engine = served();
        engine.run("open-account", R"({"account":"1","owner":"Ann"})");
        RawClient client(engine.port());
        client.send("POST /ledger/verify HTTP/1.1\r\n" + client.host() + "Content-Length: 0\r\n\r\n");
        const auto begun = client.receive();
        QCOMPARE(begun.status, 202);
        const auto done = client.get(begun.field("location"), "Prefer: wait=30\r\n");
        QCOMPARE(done.status, 200);
        QCOMPARE(std::string(done.json().stringAt("state")), std::string("done"));
        const auto json = done.json();
        QVERIFY2(json.find("report"), done.body.c_str());
        QCOMPARE(std::string(json.find("report")->stringAt("verdict")), std::string("intact"));
        QCOMPARE(std::string(json.find("report")->stringAt("chain")),
                 std::string(client.get("/ledger/head").json().stringAt("hash")));
        QCOMPARE(client.get("/ledger/verify/99").status, 404);
        // Waiting at once does as well.
        client.send("POST /ledger/verify HTTP/1.1\r\n" + client.host()
                    + "Prefer: wait=30\r\nContent-Length: 0\r\n\r\n");
        const auto waited = client.receive();
        QCOMPARE(std::string(waited.json().stringAt("state")), std::string("done"));
        QCOMPARE(waited.field("preference-applied"), std::string("wait=30"));
        QVERIFY(waited.field("location") != begun.field("location"));
    }

    void deadLettersWaitToBeFreed()
    {
        ServedEngine engine(RestOptions{}, {std::make_shared<FaultyBank>()});
        RawClient client(engine.port());
        QCOMPARE(client.post("/commands?sync=true", R"({"action":"open-account","data":{"account":"1","owner":"A"}})")
                     .status,
                 201);
        const auto bad = client.post("/commands", R"({"action":"deposit-money","data":{"account":"1","amount":13}})");
        QCOMPARE(bad.status, 202);
        QCOMPARE(client.post("/commands", R"({"action":"deposit-money","data":{"account":"1","amount":1}})").status,
                 202);
        const auto letters = [&client] { return client.get("/dead-letters").json(); };
        QTRY_COMPARE(letters().find("documents")->asArray()->size(), std::size_t{1});
        const auto letter = letters();
        const auto *document = letter.find("documents")->asArray()->front().find("document");
        QCOMPARE(std::string(document->stringAt("command")), std::string(bad.json().stringAt("id")));
        QVERIFY(document->find("fault"));
        const auto discarded = client.post("/commands?sync=true",
                                           R"({"action":"discard-dead-letter","data":{"command":")"
                                               + std::string(bad.json().stringAt("id")) + R"("}})");
        QVERIFY2(discarded.status == 201, discarded.body.c_str());
        QTRY_COMPARE(letters().find("documents")->asArray()->size(), std::size_t{0});
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestOperationsTest)
#include "tst_rest_operations.moc"
