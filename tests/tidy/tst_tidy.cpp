// SPDX-License-Identifier: GPL-3.0-or-later
#include "house_rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

/// House rules over the whole source tree, and proof that each rule can fail.
class TestTidy : public QObject {
    Q_OBJECT

    const QDir m_top{QStringLiteral(COMMANDER_SOURCE_DIR)};

    [[nodiscard]] QStringList sources(const QString &folder, const QStringList &patterns) const
    {
        QStringList paths;
        QDirIterator files(m_top.filePath(folder), patterns, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            paths << m_top.relativeFilePath(files.next());
        paths.sort();
        return paths;
    }
    [[nodiscard]] QString read(const QString &path) const
    {
        QFile file(m_top.filePath(path));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private Q_SLOTS:
    void sourcesKeepTheRules()
    {
        QStringList offences;
        int files = 0;
        for (const auto *const folder : {"app", "engine", "ui", "tests"}) {
            for (const auto &path : sources(QLatin1String(folder), {QStringLiteral("*.cpp"), QStringLiteral("*.h")})) {
                ++files;
                for (const auto &offence : houserules::check(path, read(path)))
                    offences << path + QStringLiteral(": ") + offence;
            }
        }
        QVERIFY2(files > 100, "the source tree was not found");
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(u'\n')));
    }

    void everyTestIsRegistered()
    {
        QString lists;
        for (const auto &path : sources(QStringLiteral("tests"), {QStringLiteral("CMakeLists.txt")}))
            lists += read(path);
        for (const auto &path : sources(QStringLiteral("tests"), {QStringLiteral("tst_*.cpp")})) {
            const auto name = path.section(u'/', -1).chopped(4); // lists name some in a loop, without .cpp
            QVERIFY2(lists.contains(name), qPrintable(path + QStringLiteral(" is in no CMakeLists.txt")));
        }
    }

    void rulesCanFail_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        const auto row = [](const char *name, const char *path, const char *line) {
            QTest::newRow(name) << QString::fromUtf8(path) << QString::fromUtf8(line);
        };
        row("engine includes ui", "engine/views/a.cpp", "#include \"ui/theme/theme.h\"");
        row("engine includes ui folder", "engine/views/a.cpp", "#include \"theme/theme.h\"");
        row("engine includes widgets", "engine/rest/a.cpp", "#include <QWidget>");
        row("engine translates", "engine/rest/a.cpp", "    return tr(\"no\");");
        row("ui opens sqlite", "ui/home/a.cpp", "#include <sqlite3.h>");
        row("ui speaks http", "ui/home/a.cpp", "#include <QTcpSocket>");
        row("ui reaches inside", "ui/home/a.cpp", "#include \"processor/processor.h\"");
        row("http server elsewhere", "engine/rest/router.cpp", "#include <QHttpServer>");
        row("singleton", "ui/home/a.cpp", "    Settings::instance().load();");
        row("processEvents", "ui/home/a.cpp", "    QCoreApplication::processEvents();");
        row("sleep", "engine/views/a.cpp", "    std::this_thread::sleep_for(1s);");
        row("qWait", "tests/engine/a.cpp", "    QTest::qWait(100);");
        row("leftover", "ui/home/a.cpp", "    // TODO later");
        row("raw string", "tests/ui/tst_a.cpp", "    f(R\"(a \\\" b)\");");
        row("skip", "tests/ui/a.cpp", "    QSKIP(\"no\");");
        row("lossy json", "engine/rest/a.cpp", "    QJsonDocument document;");
        row("slow hash", "engine/values/a.cpp", "    QCryptographicHash hash;");
        row("connect without context", "ui/home/a.cpp",
            "    connect(button, &QPushButton::clicked, [this] { go(); });");
        row("trailing space", "ui/home/a.cpp", "int a; ");
    }
    void rulesCanFail()
    {
        QFETCH(QString, path);
        QFETCH(QString, line);
        const auto text = QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n") + line + u'\n';
        QCOMPARE(houserules::check(path, text).size(), 1);
    }
    void lengthAndLicenceCanFail()
    {
        const auto spdx = QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n");
        QCOMPARE(houserules::check(QStringLiteral("ui/a.cpp"),
                                   spdx + QStringLiteral("int a;\n").repeated(houserules::linesMax))
                     .size(),
                 1);
        QCOMPARE(houserules::check(QStringLiteral("ui/a.cpp"), QStringLiteral("int a;\n")).size(), 1);
        QCOMPARE(houserules::check(QStringLiteral("ui/a.h"), spdx).size(), 1);
    }
};

QTEST_APPLESS_MAIN(TestTidy)
#include "tst_tidy.moc"
