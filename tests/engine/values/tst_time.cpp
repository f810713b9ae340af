// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include <commander/time.h>

#include <QTest>

#include <random>

using namespace commander;

class TestTime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("micros");
        const qint64 talk = 1'463'754'808'902'000;
        QTest::newRow("epoch") << QByteArray("1970-01-01T00:00:00Z") << qint64(0);
        QTest::newRow("talk") << QByteArray("2016-05-20T14:33:28.902-00:00") << talk;
        QTest::newRow("zulu") << QByteArray("2016-05-20T14:33:28.902Z") << talk;
        QTest::newRow("lower case") << QByteArray("2016-05-20t14:33:28.902z") << talk;
        QTest::newRow("east") << QByteArray("2016-05-20T16:33:28.902+02:00") << talk;
        QTest::newRow("west over midnight") << QByteArray("2016-05-19T23:03:28.902-15:30") << talk;
        QTest::newRow("one digit") << QByteArray("1970-01-01T00:00:01.5Z") << qint64(1'500'000);
        QTest::newRow("nine digits are cut") << QByteArray("1970-01-01T00:00:00.123456999Z") << qint64(123'456);
        QTest::newRow("cut downwards before 1970") << QByteArray("1969-12-31T23:59:59.999999999Z") << qint64(-1);
        QTest::newRow("leap day") << QByteArray("2000-02-29T00:00:00Z") << qint64(951'782'400'000'000);
        QTest::newRow("leap second") << QByteArray("2016-12-31T23:59:60Z") << qint64(1'483'228'800'000'000);
        QTest::newRow("leap second east") << QByteArray("2017-01-01T01:59:60.5+02:00") << qint64(1'483'228'800'500'000);
        QTest::newRow("first") << QByteArray("0000-01-01T00:00:00Z") << qint64(-62'167'219'200'000'000);
        QTest::newRow("last") << QByteArray("9999-12-31T23:59:59.999999Z") << qint64(253'402'300'799'999'999);
    }
    void parses()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, micros);
        const auto time = Timestamp::parse(text.toStdString());
        QVERIFY2(time, text.constData());
        QCOMPARE(qint64(time->micros), micros);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"",
                                 "2016",
                                 "2016-05-20",
                                 "2016-05-20T14:33:28",
                                 "2016-05-20 14:33:28Z",
                                 "2016-05-20T14:33Z",
                                 "2016-13-20T14:33:28Z",
                                 "2016-00-20T14:33:28Z",
                                 "2016-02-30T14:33:28Z",
                                 "2015-02-29T00:00:00Z",
                                 "1900-02-29T00:00:00Z",
                                 "2016-05-00T14:33:28Z",
                                 "2016-05-20T24:00:00Z",
                                 "2016-05-20T14:60:28Z",
                                 "2016-05-20T14:33:61Z",
                                 "2016-05-20T14:33:60Z",
                                 "2016-05-20T14:33:28.Z",
                                 "2016-05-20T14:33:28,5Z",
                                 "2016-05-20T14:33:28.1234567890Z",
                                 "2016-05-20T14:33:28+24:00",
                                 "2016-05-20T14:33:28+02:60",
                                 "2016-05-20T14:33:28+0200",
                                 "2016-05-20T14:33:28ZZ",
                                 " 2016-05-20T14:33:28Z",
                                 "+016-05-20T14:33:28Z",
                                 "0000-01-01T00:00:00+00:01",
                                 "9999-12-31T23:59:59-00:01",
                                 "9999-12-31T23:59:60Z"})
            QTest::newRow(text) << QByteArray(text);
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto time = Timestamp::parse(text.toStdString());
        QVERIFY(!time);
        QCOMPARE(time.error().code, ErrorCode::InvalidTime);
    }

    void prints()
    {
        QCOMPARE(bytes(Timestamp{1'463'754'808'902'999}.text()), QByteArray("2016-05-20T14:33:28.902Z"));
        QCOMPARE(bytes(Timestamp{0}.text()), QByteArray("1970-01-01T00:00:00.000Z"));
        QCOMPARE(bytes(Timestamp{-1}.text()), QByteArray("1969-12-31T23:59:59.999Z"));
        QCOMPARE(bytes(Timestamp{253'402'300'799'999'999}.text()), QByteArray("9999-12-31T23:59:59.999Z"));
        QCOMPARE(bytes(Timestamp{253'402'300'800'000'000}.text()), QByteArray("253402300800000000us"));
        QCOMPARE(bytes(Timestamp{INT64_MIN}.text()), QByteArray("-9223372036854775808us"));
    }

    void everyPrintedTimeParsesBack()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937_64 random(seed);
        std::uniform_int_distribution<std::int64_t> micros(-62'167'219'200'000'000, 253'402'300'799'999'999);
        for (int i = 0; i < 50'000; ++i) {
            const Timestamp time{micros(random)};
            const auto back = Timestamp::parse(time.text());
            QVERIFY(back);
            const std::int64_t lost = time.micros - back->micros;
            QVERIFY2(lost >= 0 && lost < 1000, time.text().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestTime)
#include "tst_time.moc"
