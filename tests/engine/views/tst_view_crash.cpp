// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include <QFile>
#include <QProcess>
#include <QtTest>

#include <unistd.h>

using namespace commander;
using namespace viewtest;

namespace {

constexpr int diedAsTold = 9;

/// The ledger that a seed makes, the same in every process.
struct SameLedger {
    explicit SameLedger(std::uint64_t seed, int events) : ledger(seed)
    {
        EventMaker maker(seed);
        for (int i = 0; i < events; ++i) {
            const auto event = maker.next();
            head = ledger.append(event.action, event.data);
        }
    }
    SeededLedger ledger;
    Position head;
};

/// Folds on from where the file stands, and ends the process without a goodbye before the given fold (0: never).
int foldAndDie(const std::string &path, std::uint64_t seed, int events, int dieBeforeFold)
{
    SameLedger same(seed, events);
    SystemFileSystem files;
    const auto folds = std::make_shared<std::atomic<int>>(0);
    const auto domain = std::make_shared<NotesDomain>();
    domain->onFold = [folds, dieBeforeFold](const ViewSpec &, const Record &) {
        if (++*folds == dieBeforeFold)
            ::_exit(diedAsTold);
    };
    auto engine = ViewEngine::open({.path = path,
                                    .ledger = same.ledger.ledger,
                                    .fileSystem = files,
                                    .folds = foldsOf(domain),
                                    .onProgress = {},
                                    .sources = {}});
    if (!engine) {
        qCritical("%s", engine.error().text().c_str());
        return 1;
    }
    const auto &reason = (*engine)->rebuildReason();
    if (!reason.empty() && reason != "there was none") {
        qCritical("built anew: %s", reason.c_str());
        return 2;
    }
    if (!(*engine)->start() || !(*engine)->reader().waitFor(same.head, patience))
        return 3;
    return 0;
}

} // namespace

class ViewCrashTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killedAnywhereGoesOnWithoutGapOrRepeat();
};

void ViewCrashTest::killedAnywhereGoesOnWithoutGapOrRepeat()
{
    const auto seed = seedOf("killedAnywhereGoesOnWithoutGapOrRepeat");
    std::mt19937_64 chance(seed);
    const QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("views.sqlite"));
    // The ledger grows between the crashes; each run folds what is new, over what the one before left.
    int events = 0;
    int deaths = 0;
    for (int round = 0; round < 20; ++round) {
        events += static_cast<int>(chance() % 40);
        const auto die = 1 + static_cast<int>(chance() % 150);
        const auto code = QProcess::execute(QCoreApplication::applicationFilePath(),
                                            {QStringLiteral("--fold-and-die"), path, QString::number(seed),
                                             QString::number(events), QString::number(die)});
        QVERIFY2(code == 0 || code == diedAsTold, qPrintable(QString::number(code)));
        deaths += code == diedAsTold;
    }
    QVERIFY(deaths > 0);
    QCOMPARE(foldAndDie(path.toStdString(), seed, events, 0), 0);
    const auto fresh = folder.filePath(QStringLiteral("fresh.sqlite")).toStdString();
    QCOMPARE(foldAndDie(fresh, seed, events, 0), 0);
    const auto text = dump(path.toStdString());
    QVERIFY(text.ends_with("integrity ok"));
    QCOMPARE(text, dump(fresh));
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const auto arguments = application.arguments();
    if (arguments.size() == 6 && arguments[1] == QStringLiteral("--fold-and-die"))
        return foldAndDie(arguments[2].toStdString(), arguments[3].toULongLong(), arguments[4].toInt(),
                          arguments[5].toInt());
    ViewCrashTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_view_crash.moc"
