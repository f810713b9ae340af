// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"

#include <commander/domain_tests.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace commander;

/// Follows resources/docs/writing-a-domain.md to the letter: the guide must not promise what does not work.
class TestDomainGuide : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void declared();
    void scripted();
    void shownDifference();
    void shownFault();
    void upcasts_data();
    void upcasts();
    void missingUpcaster();

private:
    /// domain.json as it is after step 4.
    [[nodiscard]] Json scriptedManifest() const;
    void write(const QString &name, const std::string &bytes) const;
    /// Adds the members of a fragment of the guide to the object at the pointer.
    static void add(Json &manifest, const std::vector<std::string> &path, const std::string &fragment);

    QTemporaryDir m_folder;
    std::vector<std::string> m_blocks; ///< code of the guide, in its order
    std::string m_text;
};

void TestDomainGuide::initTestCase()
{
    QFile guide(QStringLiteral(COMMANDER_RESOURCES "/docs/writing-a-domain.md"));
    QVERIFY(guide.open(QIODevice::ReadOnly));
    m_text = guide.readAll().toStdString();
    const std::string fence = "```";
    for (std::size_t at = m_text.find(fence); at != std::string::npos; at = m_text.find(fence, at)) {
        const auto begin = m_text.find('\n', at) + 1;
        const auto end = m_text.find(fence, begin);
        m_blocks.push_back(m_text.substr(begin, end - begin));
        at = end + fence.size();
    }
    QCOMPARE(m_blocks.size(), std::size_t(14));
}

void TestDomainGuide::write(const QString &name, const std::string &bytes) const
{
    const auto path = m_folder.filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(QByteArray::fromStdString(bytes)), static_cast<qint64>(bytes.size()));
}

void TestDomainGuide::add(Json &manifest, const std::vector<std::string> &path, const std::string &fragment)
{
    const auto parsed = parseJson('{' + fragment + '}');
    QVERIFY_RESULT(parsed);
    auto *at = &manifest;
    for (const auto &name : path) {
        auto &members = *at->asObject();
        const auto found
            = std::find_if(members.begin(), members.end(), [&](const auto &member) { return member.first == name; });
        QVERIFY(found != members.end());
        at = &found->second;
    }
    for (const auto &[name, value] : *parsed->asObject())
        at->set(name, value);
}

void TestDomainGuide::declared()
{
    write(QStringLiteral("domain.json"), m_blocks[0]);
    write(QStringLiteral("tests/books.json"), m_blocks[1]);
    const auto report = runDomainTests(m_folder.path().toStdString());
    QVERIFY_RESULT(report);
    QCOMPARE(report->text(), std::string("library: 2 passed, 0 failed\n"));
    QVERIFY(m_text.find(report->text()) != std::string::npos);
}

Json TestDomainGuide::scriptedManifest() const
{
    auto manifest = *parseJson(m_blocks[0]);
    add(manifest, {"commands"}, m_blocks[2]);
    add(manifest, {"events"}, m_blocks[3]);
    add(manifest, {"views", "books", "on"}, m_blocks[4]);
    add(manifest, {"views"}, m_blocks[5]);
    add(manifest, {}, m_blocks[6]);
    return manifest;
}

void TestDomainGuide::scripted()
{
    write(QStringLiteral("domain.json"), writeJson(scriptedManifest()));
    write(QStringLiteral("domain.js"), m_blocks[7]);
    write(QStringLiteral("tests/loans.json"), m_blocks[8]);
    const auto report = runDomainTests(m_folder.path().toStdString());
    QVERIFY_RESULT(report);
    QVERIFY2(report->failed() == 0, report->text().c_str());
    QCOMPARE(report->results.size(), std::size_t(3));
}

void TestDomainGuide::shownDifference()
{
    auto wrong = QString::fromStdString(m_blocks[8]);
    wrong.replace(QStringLiteral("\"reminders\": 0"), QStringLiteral("\"reminders\": 1"));
    write(QStringLiteral("tests/loans.json"), wrong.toStdString());
    const auto report = runDomainTests(m_folder.path().toStdString());
    QVERIFY_RESULT(report);
    for (const auto &line : QString::fromStdString(report->text()).split(u'\n'))
        QVERIFY2(m_text.find(line.toStdString()) != std::string::npos, qPrintable(line));
}

void TestDomainGuide::shownFault()
{
    auto script = QString::fromStdString(m_blocks[7]);
    const auto line = script.split(u'\n').at(6);
    script.replace(line, QStringLiteral("    if (book.names.length) return [];"));
    write(QStringLiteral("domain.js"), script.toStdString());
    write(QStringLiteral("tests/loans.json"), m_blocks[8]);
    const auto report = runDomainTests(m_folder.path().toStdString());
    QVERIFY_RESULT(report);
    const std::string shown
        = "TypeError: Cannot read property 'length' of undefined (domain.js:7:20, the handler of borrow-book)";
    QVERIFY(m_text.find(shown) != std::string::npos);
    QVERIFY2(report->text().find(shown) != std::string::npos, report->text().c_str());
}

void TestDomainGuide::upcasts_data()
{
    QTest::addColumn<bool>("declared");
    QTest::newRow("declared") << true;
    QTest::newRow("scripted") << false;
}

void TestDomainGuide::upcasts()
{
    QFETCH(bool, declared);
    auto manifest = scriptedManifest();
    auto event = QString::fromStdString(m_blocks[9]);
    auto script = QString::fromStdString(m_blocks[7]);
    const auto replace = [](QString &text, const QString &from, const QString &to) {
        QVERIFY2(text.contains(from), qPrintable(from));
        text.replace(from, to);
    };
    // The lines of the guide, in the place of those that they change.
    const auto linesFrom = [](const QString &text, const QString &first, int count) {
        const auto lines = text.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (lines[i].startsWith(first))
                return lines.mid(i, count).join(u'\n') + u'\n';
        }
        return QStringLiteral("no line begins with ") + first;
    };
    replace(script, linesFrom(script, QStringLiteral("    return [{ action: \"book-borrowed\""), 1),
            QString::fromStdString(m_blocks[10]));
    replace(script, linesFrom(script, QStringLiteral("      const { loan, isbn, reader, due }"), 2),
            QString::fromStdString(m_blocks[11]));
    if (!declared) {
        const auto from = event.indexOf(QStringLiteral(",\n      \"upcast\""));
        QVERIFY(from > 0);
        event = event.left(from) + QStringLiteral("\n    }");
        script += u'\n' + QString::fromStdString(m_blocks[13]);
    }
    add(manifest, {"events"}, event.toStdString());
    auto loans = QString::fromStdString(m_blocks[8]);
    const auto due = QStringLiteral("\"due\": \"{now+1209600}\"");
    QCOMPARE(loans.count(due), 2);
    loans.replace(due, due + QStringLiteral(", \"days\": 14"));
    write(QStringLiteral("domain.json"), writeJson(manifest));
    write(QStringLiteral("domain.js"), script.toStdString());
    write(QStringLiteral("tests/loans.json"), loans.toStdString());
    write(QStringLiteral("tests/old-loans.json"), m_blocks[12]);
    const auto report = runDomainTests(m_folder.path().toStdString());
    QVERIFY_RESULT(report);
    QCOMPARE(report->text(), std::string("library: 4 passed, 0 failed\n"));
    QVERIFY(m_text.find(report->text()) != std::string::npos);
}

void TestDomainGuide::missingUpcaster()
{
    // As the row before left it, without the function.
    auto script = QString::fromStdString(m_blocks[7]);
    write(QStringLiteral("domain.js"), script.toStdString());
    const auto problems = checkDomainFolder(m_folder.path().toStdString());
    QCOMPARE(problems.size(), std::size_t(1));
    const std::string shown = "domain.js: no upcaster leads from version 1 on: there is no function "
                              "upcasters[\"book-borrowed\"][\"1\"]";
    QVERIFY2(problems.front().text().starts_with(shown), problems.front().text().c_str());
    QVERIFY(m_text.find(shown) != std::string::npos);
}

QTEST_GUILESS_MAIN(TestDomainGuide)
#include "tst_domain_guide.moc"
