// SPDX-License-Identifier: GPL-3.0-or-later
// Step 3 of the security checklist: encryption, and addresses that others can reach.
#include "rest/guarded_server.h"
#include "rest/self_signed.h"
#include "support/result_macros.h"

#include <QElapsedTimer>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#include <algorithm>

using namespace commander;

namespace {

const std::string deposit = R"({"action":"deposit-money","data":{"account":"1","amount":1}})";

class RestTlsTest : public QObject {
    Q_OBJECT

private:
    SelfSigned m_pem;

    [[nodiscard]] RestOptions encrypted() const
    {
        RestOptions options;
        options.tlsCertificate = m_pem.certificate;
        options.tlsKey = m_pem.key;
        return options;
    }
    [[nodiscard]] std::unique_ptr<QSslSocket> connected(std::uint16_t port, bool knowsCertificate = true) const
    {
        auto socket = std::make_unique<QSslSocket>();
        auto configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(knowsCertificate
                                            ? QSslCertificate::fromData(QByteArray::fromStdString(m_pem.certificate))
                                            : QList<QSslCertificate>());
        socket->setSslConfiguration(configuration);
        socket->connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
        return socket->waitForEncrypted(10'000) ? std::move(socket) : nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(QSslSocket::supportsSsl(), "Qt has no TLS here: install OpenSSL and Qt's TLS plugin");
        m_pem = makeSelfSigned();
    }

    void requestsAndAnswers()
    {
        ServedEngine served(encrypted());
        served.run("open-account", R"({"account":"1","owner":"Ann"})");
        QVERIFY(served.server().status().baseUrl.starts_with("https://127.0.0.1:"));
        RawClient client(served.port(), connected(served.port()));
        for (int i = 0; i < 50; ++i) {
            QCOMPARE(client.get("/health/live").status, 200);
            QCOMPARE(client.post("/commands?sync=true", deposit).status, 201);
        }
        // Pipelined, and many at once.
        std::string bytes;
        for (int i = 0; i < 200; ++i)
            bytes += "GET /commands?limit=50 HTTP/1.1\r\n" + client.host() + "\r\n";
        client.send(bytes);
        for (int i = 0; i < 200; ++i)
            QCOMPARE(client.receive().status, 200);
        const auto last = client.get("/health/live", "Connection: close\r\n");
        QCOMPARE(last.status, 200);
        QVERIFY(client.closes());
        const auto cross
            = RawClient(served.port(), connected(served.port()))
                  .get("/health/live", "Origin: http://127.0.0.1:" + std::to_string(served.port()) + "\r\n");
        QCOMPARE(cross.status, 403); // the same place without encryption is another origin
    }

    void refusedBodiesGetTheirAnswer()
    {
        ServedEngine served(encrypted());
        RawClient client(served.port(), connected(served.port()));
        client.send("POST /commands HTTP/1.1\r\n" + client.host()
                    + "Content-Type: application/json\r\nContent-Length: 3000000\r\n\r\n"
                    + std::string(3'000'000, 'x'));
        QCOMPARE(client.receive().status, 413);
        QVERIFY(client.closes());
    }

    void aStreamArrivesAndEnds()
    {
        auto served = std::make_unique<ServedEngine>(encrypted());
        served->run("open-account", R"({"account":"1","owner":"Ann"})");
        RawClient client(served->port(), connected(served->port()));
        client.send("GET /events/updates?from=start HTTP/1.1\r\n" + client.host() + "\r\n");
        QCOMPARE(client.receive().status, 200);
        std::string text;
        const auto reads = [&](std::size_t events) {
            std::size_t count = 0;
            do {
                text += client.receiveSome();
                count = 0;
                for (auto at = text.find("\nevent: event"); at != std::string::npos;
                     at = text.find("\nevent: event", at + 1))
                    ++count;
            } while (count < events && client.socket().state() == QAbstractSocket::ConnectedState);
            return count;
        };
        QCOMPARE(reads(1), std::size_t{1});
        for (int i = 0; i < 300; ++i)
            served->run("deposit-money", R"({"account":"1","amount":1})");
        QCOMPARE(reads(301), std::size_t{301});
        served.reset();
        QVERIFY(client.closes());
    }

    void aLongListArrivesWhole()
    {
        ServedEngine served(encrypted());
        served.run("open-account", R"({"account":"1","owner":"Ann"})");
        std::string batch = "[";
        for (int i = 0; i < 1000; ++i)
            batch += (i ? "," : "") + deposit;
        batch += ']';
        RawClient client(served.port(), connected(served.port()));
        for (int i = 0; i < 4; ++i)
            QCOMPARE(client.post("/commands", batch).status, 202);
        QCOMPARE(client.post("/commands?sync=true", deposit).status, 201);
        // A list has what the index has by then.
        auto &engine = served.engine();
        QTRY_VERIFY(engine.updates().progress().indexed >= engine.ledger().head()->position);
        RawClient reader(served.port(), connected(served.port()));
        reader.send("GET /records HTTP/1.0\r\n" + reader.host() + "Accept: application/x-ndjson\r\n\r\n");
        std::string all;
        for (auto some = reader.receiveSome(); !some.empty(); some = reader.receiveSome())
            all += some;
        // Commands, results and events, and one account.
        QVERIFY(std::count(all.begin(), all.end(), '\n') > 3 * 4000);
        QVERIFY(all.ends_with("}\n"));
    }

    void whoDoesNotEncryptIsNotAnswered()
    {
        ServedEngine served(encrypted());
        RawClient plain(served.port());
        plain.send("GET /health/live HTTP/1.1\r\n" + plain.host() + "\r\n");
        QVERIFY(plain.receiveSome(10'000).find("HTTP/1.1") == std::string::npos);
        QVERIFY(plain.closes());
        QVERIFY(!connected(served.port(), false)); // and a client that does not know the certificate does not go on
        QCOMPARE(RawClient(served.port(), connected(served.port())).get("/health/live").status, 200);
    }

    void handshakesDoNotWaitForEver()
    {
        ServedEngine served(encrypted());
        std::vector<std::unique_ptr<RawClient>> silent;
        for (int i = 0; i < 100; ++i)
            silent.push_back(std::make_unique<RawClient>(served.port()));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(RawClient(served.port(), connected(served.port())).get("/health/live").status, 200);
        QVERIFY(timer.elapsed() < 4000); // nobody waits behind them
        QVERIFY(silent.front()->closes());
        QVERIFY(silent.back()->closes());
        QVERIFY(timer.elapsed() < 9000);
    }

    void whatIsNoCertificateOrKey()
    {
        ServedEngine served;
        auto options = encrypted();
        options.port = 0;
        options.tlsCertificate = "nonsense";
        QCOMPARE_ERROR(RestServer::start(served.engine(), options), ErrorCode::InvalidArgument);
        options = encrypted();
        options.port = 0;
        options.tlsKey = m_pem.certificate;
        QCOMPARE_ERROR(RestServer::start(served.engine(), options), ErrorCode::InvalidArgument);
        options.tlsKey.clear();
        QCOMPARE_ERROR(RestServer::start(served.engine(), options), ErrorCode::InvalidArgument);
    }

    void othersReachItWithTokensAndEncryptionOnly()
    {
        ServedEngine served;
        TemporaryWorkspace folder;
        SystemFileSystem files;
        const SystemClock clock;
        SystemRandom random;
        const auto tokens = AccessTokens::open(folder.file("tokens"), files, clock, random);
        RestOptions options;
        options.port = 0;
        options.host = "0.0.0.0";
        const auto refusal = [&served](const RestOptions &with) {
            const auto server = RestServer::start(served.engine(), with);
            return server || server.error().code != ErrorCode::InvalidArgument ? std::string() : server.error().text();
        };
        QVERIFY(refusal(options).find("neither tokens nor TLS") != std::string::npos);
        options.tlsCertificate = m_pem.certificate;
        options.tlsKey = m_pem.key;
        QVERIFY(refusal(options).find("are no tokens") != std::string::npos);
        options.tokens = tokens; // that has none
        QVERIFY(refusal(options).find("are no tokens") != std::string::npos);
        const auto made = tokens->create({"desk", {AccessRole::Read}, {}});
        QVERIFY_RESULT(made);
        options.tlsKey.clear();
        QVERIFY(refusal(options).find("is no TLS") != std::string::npos);
        options.tlsKey = m_pem.key;
        options.host = "shop.example";
        QVERIFY(refusal(options).find("not an address") != std::string::npos);

        options.host = "0.0.0.0";
        options.hostNames = {"Shop.Example"};
        const auto server = RestServer::start(served.engine(), options);
        QVERIFY_RESULT(server);
        const auto url = (*server)->status().baseUrl;
        const auto port = static_cast<std::uint16_t>(std::atoi(url.substr(url.rfind(':') + 1).c_str()));
        const auto ask = [&](const std::string &host, const std::string &fields) {
            RawClient client(port, connected(port));
            client.send("GET /commands HTTP/1.1\r\nHost: " + host + ':' + std::to_string(port) + "\r\n" + fields
                        + "\r\n");
            return client.receive();
        };
        const auto bearer = Guarded::bearer(made->secret);
        QCOMPARE(ask("127.0.0.1", bearer).status, 200);
        QCOMPARE(ask("shop.example", bearer).status, 200);
        QCOMPARE(ask("evil.example", bearer).status, 403);
        QCOMPARE(ask("127.0.0.1", {}).status, 401);
        // What could be reached by others does not open when the last token goes and its file with it.
        QVERIFY_RESULT(tokens->revoke("desk"));
        QVERIFY_RESULT(files.remove(folder.file("tokens")));
        QTRY_VERIFY(!tokens->isClosed());
        QCOMPARE(ask("127.0.0.1", {}).status, 401);
    }

    void everyLoopbackAddressWillDo()
    {
        RestOptions options;
        options.host = "127.0.0.2";
        ServedEngine served(options);
        QVERIFY(served.server().status().baseUrl.starts_with("http://127.0.0.2:"));
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestTlsTest)
#include "tst_rest_tls.moc"
