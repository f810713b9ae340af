// SPDX-License-Identifier: GPL-3.0-or-later
// Step 10 of the security checklist: how often, and how many at the same time.
#include "rest/guarded_server.h"
#include "support/result_macros.h"

#include <QTest>

using namespace commander;

namespace {

class RestLimitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ratePerToken()
    {
        RestOptions options;
        options.requestsPerSecond = 20;
        Guarded guarded(options);
        RawClient client(guarded.served->port());
        int answered = 0;
        Answer last;
        for (int i = 0; i < 200 && last.status != 429; ++i) {
            last = client.get("/health/live", guarded.as("read"));
            answered += last.status == 200;
        }
        QVERIFY2(answered >= 20 && answered < 200, qPrintable(QString::number(answered)));
        QCOMPARE(last.status, 429);
        QCOMPARE(last.code(), std::string("too-many-requests"));
        QCOMPARE(last.field("retry-after"), std::string("1"));
        // Neither another connection helps, nor do others suffer.
        RawClient other(guarded.served->port());
        QCOMPARE(other.get("/health/live", guarded.as("audit")).status, 200);
        // The macros ask twice; here every question counts.
        bool again = false;
        QTRY_VERIFY(again || (again = client.get("/health/live", guarded.as("read")).status == 200));
    }

    void rateOfAConnectionWhereTheDoorIsOpen()
    {
        RestOptions options;
        options.openRequestsPerSecond = 20;
        ServedEngine served(options);
        RawClient client(served.port());
        int answered = 0;
        while (answered < 200 && client.get("/health/live").status == 200)
            ++answered;
        QVERIFY2(answered >= 20 && answered < 200, qPrintable(QString::number(answered)));
        QCOMPARE(RawClient(served.port()).get("/health/live").status, 200);
        ServedEngine unlimited;
        RawClient fast(unlimited.port());
        for (int i = 0; i < 500; ++i)
            QCOMPARE(fast.get("/health/live").status, 200);
    }

    void places()
    {
        RestOptions options;
        options.connectionsMax = 3;
        options.streamsMax = 2;
        ServedEngine served(options);
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<RawClient>(served.port()));
            QCOMPARE(clients.back()->get("/health/live").status, 200);
        }
        RawClient tooMany(served.port());
        const auto answer = tooMany.get("/health/live");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.code(), std::string("too-many-connections"));
        QCOMPARE(answer.field("retry-after"), std::string("1"));
        QVERIFY(tooMany.closes());
        QCOMPARE(clients.front()->get("/health/live").status, 200);
        // Streams have places of their own.
        StreamClient first(served.port(), "/updates");
        StreamClient second(served.port(), "/updates");
        QCOMPARE(first.head().status, 200);
        QCOMPARE(second.head().status, 200);
        StreamClient third(served.port(), "/updates");
        QCOMPARE(third.head().status, 503);
        // A place is free again when its client has left.
        clients.pop_back();
        first.raw().abort();
        bool place = false;
        QTRY_VERIFY(place || (place = RawClient(served.port()).get("/health/live").status == 200));
        place = false;
        QTRY_VERIFY(place || (place = StreamClient(served.port(), "/updates").head().status == 200));
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestLimitsTest)
#include "tst_rest_limits.moc"
