// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"

#include <QCoreApplication>
#include <QtTest>

using namespace commander;

/// The server and Qt's application object: each may be the one that goes first.
class TestRestLifetime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void needsAnApplication()
    {
        TemporaryWorkspace workspace;
        OpenOptions options;
        options.ledgerPath = workspace.ledger();
        auto engine = Engine::open(std::move(options));
        QVERIFY(engine);
        RestOptions rest;
        rest.port = 0;
        const auto server = RestServer::start(**engine, rest);
        QVERIFY(!server);
        QCOMPARE(server.error().code, ErrorCode::InvalidArgument);
    }

    void endsBeforeTheApplication()
    {
        const auto application = makeApplication();
        ServedEngine served;
        RawClient client(served.port());
        QCOMPARE(client.get("/health/live").status, 200);
    }

    void endsAfterTheApplication()
    {
        auto application = makeApplication();
        auto served = std::make_unique<ServedEngine>();
        {
            RawClient client(served->port());
            QCOMPARE(client.get("/health/live").status, 200);
        }
        application.reset();
        served.reset(); // hung for ever once
        QVERIFY(QCoreApplication::startingUp());
    }

private:
    static std::unique_ptr<QCoreApplication> makeApplication()
    {
        static int count = 1;
        static char name[] = "tst_rest_lifetime";
        static char *arguments[] = {name, nullptr};
        return std::make_unique<QCoreApplication>(count, arguments);
    }
};

QTEST_APPLESS_MAIN(TestRestLifetime)
#include "tst_rest_lifetime.moc"
