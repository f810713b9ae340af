// SPDX-License-Identifier: GPL-3.0-or-later
// Step 5 of the security checklist: tokens, roles, tickets.
#include "rest/guarded_server.h"
#include "support/result_macros.h"

#include <QTest>

using namespace commander;

namespace {

const std::string deposit = R"({"action":"deposit-money","data":{"account":"1","amount":1}})";

class RestAccessTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Guarded> m_guarded;
    [[nodiscard]] std::uint16_t port() const { return m_guarded->served->port(); }

private Q_SLOTS:
    void initTestCase() { m_guarded = std::make_unique<Guarded>(); }
    void cleanupTestCase() { m_guarded.reset(); }

    void withoutATokenNothingIsTold()
    {
        RawClient client(port());
        for (const auto *path : {"/commands", "/", "/openapi.json", "/metrics", "/health/ready", "/nowhere", "/tokens",
                                 "/commands/x/y/z", "/updates"}) {
            const auto answer = client.get(path);
            QCOMPARE(answer.status, 401);
            QCOMPARE(answer.code(), std::string("token-required"));
            QCOMPARE(answer.field("www-authenticate"), std::string("Bearer realm=\"commander\""));
            QCOMPARE(answer.field("content-type"), std::string("application/problem+json"));
        }
        QCOMPARE(RawClient(port()).post("/commands", deposit).status, 401);
        client.send("DELETE /commands HTTP/1.1\r\n" + client.host() + "\r\n");
        QCOMPARE(client.receive().status, 401); // not 405
    }

    void whatNeedsNoToken()
    {
        RawClient client(port());
        for (const auto *path : {"/health/live", "/problems/token-required", "/docs", "/docs.js"})
            QCOMPARE(client.get(path).status, 200);
        client.send("OPTIONS /commands HTTP/1.1\r\n" + client.host() + "\r\n");
        QCOMPARE(client.receive().status, 204);
    }

    void roles_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("role");
        const auto row = [](const char *verb, const char *path, const char *role) {
            QTest::addRow("%s %s", verb, path)
                << QString::fromLatin1(verb) << QString::fromLatin1(path) << QString::fromLatin1(role);
        };
        row("GET", "/", "read");
        row("GET", "/commands", "read");
        row("GET", "/commands/33bb75db-6e13-48ee-8a54-b3976d3d065b", "read");
        row("GET", "/events", "read");
        row("GET", "/records", "read");
        row("GET", "/views", "read");
        row("GET", "/accounts", "read");
        row("GET", "/domains", "read");
        row("GET", "/consumers", "read");
        row("GET", "/ledger/head", "read");
        row("GET", "/metrics", "read");
        row("GET", "/openapi.json", "read");
        row("POST", "/tickets", "read");
        row("POST", "/commands", "submit");
        row("POST", "/commands/preview", "submit");
        row("POST", "/commands/33bb75db-6e13-48ee-8a54-b3976d3d065b/retry", "operate");
        row("POST", "/consumers/nobody/pause", "operate");
        row("POST", "/consumers/nobody/resume", "operate");
        row("POST", "/consumers/nobody/reset", "operate");
        row("POST", "/consumers/nobody/skip", "operate");
        row("PUT", "/domains/none", "operate");
        row("POST", "/domains/none/validate", "operate");
        row("POST", "/domains/none/test", "operate");
        row("POST", "/views/none/versions", "operate");
        row("POST", "/views/none/versions/2/promote", "operate");
        row("DELETE", "/views/none/versions/2", "operate");
        row("GET", "/ledger/export", "read");
        row("POST", "/ledger/verify", "audit");
        row("GET", "/ledger/verify/none", "audit");
        row("GET", "/tokens", "operate");
        row("POST", "/tokens", "operate");
        row("DELETE", "/tokens/nobody", "operate");
        row("GET", "/requests", "audit");
    }
    void roles()
    {
        QFETCH(QString, verb);
        QFETCH(QString, path);
        QFETCH(QString, role);
        for (const auto &[name, secret] : m_guarded->secrets) {
            RawClient client(port());
            const bool posts = verb == u"POST" || verb == u"PUT";
            client.send(verb.toStdString() + ' ' + path.toStdString() + " HTTP/1.1\r\n" + client.host()
                        + Guarded::bearer(secret)
                        + (posts ? "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" : "\r\n"));
            const auto answer = client.receive();
            if (name == role.toStdString()) {
                QVERIFY2(answer.status != 401 && answer.status != 403 && answer.status > 0, answer.body.c_str());
            } else {
                QCOMPARE(answer.status, 403);
                QCOMPARE(answer.code(), std::string("insufficient-scope"));
                QVERIFY(
                    answer.field("www-authenticate").find("error=\"insufficient_scope\", scope=\"" + role.toStdString())
                    != std::string::npos);
            }
        }
    }

    void theTableIsInTheDocument()
    {
        RawClient client(port());
        const auto document = client.get("/openapi.json", m_guarded->as("read")).json();
        QVERIFY(resolvePointer(document, "/components/securitySchemes/token/scheme"));
        const auto *paths = document.find("paths");
        QVERIFY(paths && paths->asObject());
        std::size_t free = 0;
        std::size_t operations = 0;
        for (const auto &[path, item] : *paths->asObject()) {
            for (const auto &[verb, operation] : *item.asObject()) {
                if (verb == "parameters")
                    continue;
                ++operations;
                const auto *security = operation.find("security");
                QVERIFY2(security && security->asArray() && !security->asArray()->empty(), path.c_str());
                const auto &first = security->asArray()->front();
                if (first.asObject()->empty()) {
                    ++free;
                    QVERIFY2(path == "/health/live" || path == "/problems/{code}", path.c_str());
                    continue;
                }
                const auto *role = resolvePointer(first, "/token/0");
                QVERIFY2(role && role->asString() && accessRoleFromName(*role->asString()), path.c_str());
                // Nothing that changes anything is had by reading alone, but for a ticket to read with.
                QVERIFY2(verb == "get" || path == "/tickets" || *role->asString() != "read", path.c_str());
            }
        }
        QCOMPARE(free, std::size_t{2});
        QVERIFY(operations > 40);
        QVERIFY(resolvePointer(document, "/paths/~1updates/get/security/1/ticket"));
    }

    void anOpenServerSaysSoInItsDocument()
    {
        ServedEngine open;
        RawClient client(open.port());
        const auto document = client.get("/openapi.json").json();
        const auto *second = resolvePointer(document, "/paths/~1commands/post/security/1");
        QVERIFY(second && second->asObject() && second->asObject()->empty());
    }

    void theActorIsTheTokensName()
    {
        RawClient client(port());
        const std::string claims
            = R"({"action":"deposit-money","actor":"somebody else","data":{"account":"1","amount":1}})";
        const auto answer = client.post("/commands?sync=true", claims, m_guarded->as("submit"));
        QCOMPARE(answer.status, 201);
        QCOMPARE(answer.json().stringAt("actor"), std::string_view("submit"));
        const auto batch
            = client.post("/commands", '[' + claims + ',' + deposit + ']', Guarded::bearer(m_guarded->all));
        QCOMPARE(batch.status, 202);
        const auto receipts = batch.json();
        QCOMPARE(receipts.asArray()->at(0).stringAt("actor"), std::string_view("all"));
        QCOMPARE(receipts.asArray()->at(1).stringAt("actor"), std::string_view("all"));
    }

    void credentials_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, const QString &fields, int status, const char *code) {
            QTest::newRow(name) << fields << status << QString::fromLatin1(code);
        };
        row("lower-case scheme", QStringLiteral("Authorization: bearer READ\r\n"), 200, "");
        row("further blanks", QStringLiteral("Authorization:   Bearer   READ  \r\n"), 200, "");
        row("no scheme", QStringLiteral("Authorization: READ\r\n"), 401, "invalid-token");
        row("basic", QStringLiteral("Authorization: Basic YTpi\r\n"), 401, "invalid-token");
        row("empty", QStringLiteral("Authorization:\r\n"), 401, "invalid-token");
        row("two", QStringLiteral("Authorization: Bearer READ\r\nAuthorization: Bearer READ\r\n"), 400, "bad-request");
        row("in a cookie", QStringLiteral("Cookie: token=READ\r\n"), 401, "token-required");
        row("in a field of its own", QStringLiteral("X-Api-Key: READ\r\n"), 401, "token-required");
    }
    void credentials()
    {
        QFETCH(QString, fields);
        QFETCH(int, status);
        QFETCH(QString, code);
        fields.replace(QStringLiteral("READ"), QString::fromStdString(m_guarded->secrets["read"]));
        RawClient client(port());
        const auto answer = client.get("/commands", fields.toStdString());
        QCOMPARE(answer.status, status);
        QCOMPARE(QString::fromStdString(answer.code()), code);
    }

    void neverInAnAddress()
    {
        RawClient client(port());
        const auto &secret = m_guarded->secrets["read"];
        for (const auto *name : {"token", "access_token", "ticket", "authorization"})
            QCOMPARE(client.get(std::string("/commands?") + name + '=' + secret).code(), std::string("token-required"));
    }

    void wrongTokensAreCountedRightOnesNot()
    {
        Guarded guarded;
        RawClient client(guarded.served->port());
        for (int i = 0; i < 10; ++i) {
            const auto answer = client.get("/commands", Guarded::bearer("cmdr_" + std::to_string(i)));
            QCOMPARE(answer.status, 401);
            QCOMPARE(answer.code(), std::string("invalid-token"));
            QCOMPARE(answer.field("www-authenticate"),
                     std::string("Bearer realm=\"commander\", error=\"invalid_token\""));
        }
        RawClient other(guarded.served->port());
        const auto answer = other.get("/commands", Guarded::bearer("cmdr_x"));
        QCOMPARE(answer.status, 429);
        QCOMPARE(answer.code(), std::string("too-many-bad-tokens"));
        QVERIFY(std::atoi(answer.field("retry-after").c_str()) > 50);
        QCOMPARE(other.get("/commands", guarded.as("read")).status, 200);
        QCOMPARE(other.get("/commands").status, 401);
    }

    void revokedAtOnce()
    {
        Guarded guarded;
        RawClient client(guarded.served->port());
        const auto secret = guarded.make("brief", {AccessRole::Read});
        QCOMPARE(client.get("/commands", Guarded::bearer(secret)).status, 200);
        QVERIFY_RESULT(guarded.tokens->revoke("brief"));
        QCOMPARE(client.get("/commands", Guarded::bearer(secret)).code(), std::string("invalid-token"));
    }

    void tokensOverTheNetwork()
    {
        Guarded guarded;
        RawClient client(guarded.served->port());
        const auto operate = guarded.as("operate");
        const auto made = client.post(
            "/tokens", R"({"name":"helper","roles":["operate"],"expires":"2999-01-01T00:00:00Z"})", operate);
        QCOMPARE(made.status, 201);
        QCOMPARE(made.field("location"), std::string("/tokens/helper"));
        const auto secret = std::string(made.json().stringAt("token"));
        QCOMPARE(client.get("/tokens", Guarded::bearer(secret)).status, 200);
        const auto list = client.get("/tokens", operate);
        QCOMPARE(list.status, 200);
        QVERIFY(list.body.find("\"name\":\"helper\"") != std::string::npos);
        QVERIFY(list.body.find("cmdr_") == std::string::npos);

        QCOMPARE(client.post("/tokens", R"({"name":"helper","roles":["operate"]})", operate).status, 409);
        const auto more = client.post("/tokens", R"({"name":"more","roles":["operate","audit"]})", operate);
        QCOMPARE(more.status, 403); // nobody gives away what he has not
        QCOMPARE(more.code(), std::string("insufficient-scope"));
        for (const auto *wrong : {R"({"name":"a b","roles":["operate"]})", R"({"name":"x","roles":[]})",
                                  R"({"name":"x","roles":["operate"],"expires":"1999-01-01T00:00:00Z"})", "{"})
            QCOMPARE(client.post("/tokens", wrong, operate).status, 400);
        for (const auto *wrong : {R"({"name":"x","roles":["admin"]})", R"({"name":1,"roles":["operate"]})",
                                  R"({"name":"x","roles":["operate"],"secret":"mine"})", "[]"})
            QCOMPARE(client.post("/tokens", wrong, operate).status, 422);

        const auto revoke = [&client, &operate](const std::string &name) {
            client.send("DELETE /tokens/" + name + " HTTP/1.1\r\n" + client.host() + operate + "\r\n");
            return client.receive().status;
        };
        QCOMPARE(revoke("helper"), 204);
        QCOMPARE(revoke("helper"), 404);
        QCOMPARE(client.get("/tokens", Guarded::bearer(secret)).status, 401);
    }

    void theFirstTokenClosesTheDoor()
    {
        TemporaryWorkspace folder;
        SystemFileSystem files;
        const SystemClock clock;
        SystemRandom random;
        RestOptions options;
        options.tokens = AccessTokens::open(folder.file("tokens"), files, clock, random);
        ServedEngine served(options);
        RawClient client(served.port());
        QCOMPARE(client.get("/commands").status, 200);
        QCOMPARE(client.get("/commands", Guarded::bearer("cmdr_x")).status, 401); // a wrong one is told even so
        const auto made = client.post("/tokens", R"({"name":"first","roles":["read","operate"]})");
        QCOMPARE(made.status, 201);
        QCOMPARE(client.get("/commands").status, 401);
        const auto first = Guarded::bearer(std::string(made.json().stringAt("token")));
        QCOMPARE(client.get("/commands", first).status, 200);
        client.send("DELETE /tokens/first HTTP/1.1\r\n" + client.host() + first + "\r\n");
        QCOMPARE(client.receive().status, 204);
        QCOMPARE(client.get("/commands").status, 401); // nobody is not everybody
    }

    void tickets()
    {
        RawClient client(port());
        const auto issue = [&] {
            const auto answer
                = client.post("/tickets", R"({"path":"/events/updates?from=start"})", m_guarded->as("read"));
            return answer.status == 201 ? std::string(answer.json().stringAt("ticket")) : std::string();
        };
        const auto ticket = issue();
        QCOMPARE(ticket.size(), std::size_t{64});
        StreamClient stream(port(), "/events/updates?from=start&ticket=" + ticket);
        QCOMPARE(stream.head().status, 200);
        QVERIFY(stream.next());

        const auto refused = [this](const std::string &target) { return RawClient(port()).get(target).code(); };
        QCOMPARE(refused("/events/updates?ticket=" + ticket), std::string("invalid-ticket")); // spent
        const auto other = issue();
        QCOMPARE(refused("/updates?ticket=" + other), std::string("invalid-ticket"));        // of another path
        QCOMPARE(refused("/events/updates?ticket=" + other), std::string("invalid-ticket")); // and spent by it
        QCOMPARE(refused("/events?ticket=" + issue()), std::string("token-required"));       // streams only
        for (const auto *wrong : {R"({"path":"/events"})", R"({"path":"/nowhere"})", R"({"path":1})", "{}", "[]",
                                  R"({"path":"/updates","for":"ever"})"})
            QCOMPARE(client.post("/tickets", wrong, m_guarded->as("read")).status, 422);
    }

    void aTicketDiesWithItsToken()
    {
        Guarded guarded;
        RawClient client(guarded.served->port());
        const auto secret = guarded.make("brief", {AccessRole::Read});
        const auto answer = client.post("/tickets", R"({"path":"/updates"})", Guarded::bearer(secret));
        QCOMPARE(answer.status, 201);
        QVERIFY_RESULT(guarded.tokens->revoke("brief"));
        QCOMPARE(client.get("/updates?ticket=" + std::string(answer.json().stringAt("ticket"))).status, 401);
    }

    void streamsEndWithTheirToken()
    {
        Guarded guarded;
        const auto secret = guarded.make("brief", {AccessRole::Read});
        RawClient client(guarded.served->port());
        client.send("GET /updates HTTP/1.1\r\n" + client.host() + Guarded::bearer(secret) + "\r\n");
        QCOMPARE(client.receive().status, 200);
        RawClient other(guarded.served->port());
        other.send("GET /updates HTTP/1.1\r\n" + other.host() + guarded.as("read") + "\r\n");
        QCOMPARE(other.receive().status, 200);
        QVERIFY_RESULT(guarded.tokens->revoke("brief"));
        QVERIFY(client.closes());
        QVERIFY(other.socket().state() == QAbstractSocket::ConnectedState);
        QTRY_COMPARE(guarded.served->server().status().streams, std::uint64_t{1});
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestAccessTest)
#include "tst_rest_access.moc"
