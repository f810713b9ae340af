// SPDX-License-Identifier: GPL-3.0-or-later
#include "house_rules.h"

#include <functional>
#include <QHash>
#include <QRegularExpression>
#include <vector>

namespace houserules {

namespace {

struct LineRule {
    const char *pattern;
    const char *message;
    std::function<bool(const QString &path)> applies;
};

bool isCode(const QString &path)
{
    return path.endsWith(u".cpp") || path.endsWith(u".h");
}
bool inProduct(const QString &path)
{
    return isCode(path) && !path.startsWith(u"tests/");
}
bool inEngine(const QString &path)
{
    return isCode(path) && path.startsWith(u"engine/");
}
bool inUi(const QString &path)
{
    return isCode(path) && path.startsWith(u"ui/");
}
/// The adapter, and the bare server that the benchmark compares it with.
bool mayUseHttpServer(const QString &path)
{
    return path.startsWith(u"engine/rest/http/") || path == u"app/bench/bare_http_server.cpp";
}

/// The fake engine of the console's tests answers late when told to, pictures wait for animations, and a test that
/// nothing happens on a page has to let time pass.
bool isSlowOnPurpose(const QString &path)
{
    return path.startsWith(u"tests/support_ui/") || path.startsWith(u"tests/ui/");
}
/// The one ledger contract runs over ledgers that say by their traits what they do not promise.
bool skipsByTrait(const QString &path)
{
    return path == u"tests/engine/ledger/ledger_contract.cpp";
}

const std::vector<LineRule> &lineRules()
{
    static const std::vector<LineRule> rules{
        {R"(#include\s+["<](\.\./)*ui/)", "engine/ never includes from ui/", inEngine},
        {R"(#include\s+["<](main_window|engine_link|theme|widgets|home|timeline)/)", "engine/ never includes from ui/",
         inEngine},
        {R"(#include\s+<Q(Widget|Application|MainWindow|Chart|Painter|Color|Icon|Font))",
         "engine/ knows no Gui or Widgets", inEngine},
        {R"(\btr\()", "engine/ sends meaning, the console chooses words", inEngine},
        {R"(#include\s+[<"](sqlite3|librdkafka|rdkafka))", "ui/ never touches SQLite or Kafka", inUi},
        {R"(#include\s+[<"](QHttpServer|QAbstractHttpServer|QTcp|QNetwork|QSql))", "ui/ never touches HTTP or SQL",
         inUi},
        {R"(#include\s+"(values|platform|sqlite|ledger/(sqlite|memory|kafka)|domain|commands|processor|query|updates|experiments|runtime|rest)/)",
         "ui/ sees only the engine's public headers", inUi},
        {R"(#include\s+<(QtHttpServer/)?Q(Abstract)?HttpServer)", "Qt's HTTP classes only in engine/rest/http",
         [](const QString &path) { return inProduct(path) && !mayUseHttpServer(path); }},
        {R"(::instance\(\))", "no singletons", inProduct},
        {R"(\bprocessEvents\()", "no processEvents()", isCode},
        {R"(\b(QThread::m?u?sleep|this_thread::sleep_for|usleep|nanosleep)\b)", "no sleeps as synchronisation",
         [](const QString &path) { return isCode(path) && !isSlowOnPurpose(path); }},
        {R"(\bQTest::q(Wait|Sleep)\(\d)", "tests wait for conditions, not for time",
         [](const QString &path) { return isCode(path) && !isSlowOnPurpose(path); }},
        {R"(\b(TODO|FIXME|XXX)\b)", "no leftovers: do it or write an issue", isCode},
        {R"re(R"\(.*\\".*\)")re",
         "moc 6.4 loses the test functions after an escaped quote in a raw string: spell it out",
         [](const QString &path) { return path.startsWith(u"tests/") && path.contains(u"/tst_"); }},
        {R"(\bQSKIP\()", "a skipped test proves nothing",
         [](const QString &path) { return isCode(path) && !skipsByTrait(path); }},
        {R"(\bQ(Json(Document|Object|Array|Value))\b)", "Qt's JSON loses digits and order: use commander/json.h",
         [](const QString &path) { return inProduct(path) && path != u"app/bench/bare_http_server.cpp"; }},
        {R"(\bQCryptographicHash\b)", "hash with recordLeaf() or sha256(): Qt's is many times slower", inProduct},
        {R"(connect\([^,;]+,[^,;]+,\s*\[)", "connect() a lambda with a context object", inProduct},
        {R"(\s$)", "trailing white space", isCode},
        {R"(\t)", "tab", isCode},
    };
    return rules;
}

/// Files over the limit, each with its reason.
const QHash<QString, QString> &longFiles()
{
    static const QHash<QString, QString> reasons;
    return reasons;
}

} // namespace

QStringList check(const QString &path, const QString &text)
{
    QStringList offences;
    if (!isCode(path) || path.startsWith(u"tests/tidy/"))
        return offences;
    if (!text.startsWith(u"// SPDX-License-Identifier: GPL-3.0-or-later\n"))
        offences << QStringLiteral("line 1: no SPDX licence line");
    if (path.endsWith(u".h") && !text.contains(u"#pragma once"))
        offences << QStringLiteral("line 1: no #pragma once");
    const auto lines = text.split(u'\n');
    if (lines.size() > linesMax + 1 && !path.startsWith(u"tests/") && !longFiles().contains(path))
        offences << QStringLiteral("%1 lines: what are the two things in this file? (limit %2)")
                        .arg(lines.size())
                        .arg(linesMax);
    for (const auto &rule : lineRules()) {
        if (!rule.applies(path))
            continue;
        const QRegularExpression pattern(QString::fromLatin1(rule.pattern));
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (pattern.match(lines[i]).hasMatch())
                offences << QStringLiteral("line %1: %2").arg(i + 1).arg(QString::fromUtf8(rule.message));
        }
    }
    return offences;
}

} // namespace houserules
