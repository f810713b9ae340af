// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/sabotage.h"

#include <QFile>
#include <QTest>

/// Nothing in a program for use can break it on purpose. Where the saboteurs are built in they must be found, which is
/// how this test can fail.
class TestNoSabotage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theProgramHoldsNoTrace_data()
    {
        QTest::addColumn<QByteArray>("trace");
        QTest::newRow("the variable that chooses one") << QByteArray("COMMANDER_SABOTAGE");
#define COMMANDER_SABOTEUR(value, name) QTest::newRow(name) << QByteArray(name);
        COMMANDER_SABOTEURS(COMMANDER_SABOTEUR)
#undef COMMANDER_SABOTEUR
    }
    void theProgramHoldsNoTrace()
    {
        QFETCH(const QByteArray, trace);
        QFile program(QStringLiteral(COMMANDERCTL));
        QVERIFY(program.open(QIODevice::ReadOnly));
        const auto bytes = program.readAll();
        QVERIFY(bytes.contains("commanderctl"));
#ifdef COMMANDER_SABOTAGE
        QVERIFY(bytes.contains(trace));
#else
        QVERIFY(!bytes.contains(trace));
#endif
    }
};

QTEST_APPLESS_MAIN(TestNoSabotage)
#include "tst_no_sabotage.moc"
