// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_test_support.h"
#include "support/result_macros.h"

#include "script/helper_process.h"

#include <commander/domain_tests.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <QRegularExpression>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace scripttest;
using namespace std::chrono_literals;

/// Scripts in a process of their own: what one does to it, and what it can see.
class TestScriptHelper : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void contains_data();
    void contains();
    void containsFoldsReactionsAndLoading();
    void standsInNothing();
    void survivesItsMurder();
    void manyThreads();
    void trustedRunHere();
    void missingProgram();
    void testsRunApart();
    void price();
};

namespace {

struct Tried {
    Result<Decision> decision;
    std::chrono::milliseconds took{};
};

Tried tryOnce(const Domain &domain, const std::string &data = "{}")
{
    Record command;
    command.action = "try";
    command.id = uuid5({}, "command");
    Documents documents;
    HandlerContext context(command.id, {1'463'754'808'902'000});
    const auto begin = std::chrono::steady_clock::now();
    auto decision = domain.decide({command, *parseJson(data)}, documents, context);
    return {std::move(decision),
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin)};
}

/// The script's processes of this one.
std::set<pid_t> helpers()
{
    std::set<pid_t> out;
    for (const auto &entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");
        std::string id;
        std::string name;
        std::string state;
        pid_t parent = 0;
        if (file >> id >> name >> state >> parent && parent == ::getpid() && name.starts_with("(commander-scri")
            && state != "Z")
            out.insert(static_cast<pid_t>(std::stol(id)));
    }
    return out;
}

constexpr const char *misbehaving = R"(
    const what = command.data.what;
    if (what === "loop") for (;;) { }
    if (what === "caught loop") for (;;) { try { for (;;) { } } catch (e) { } }
    if (what === "list") { const all = []; for (;;) all.push({ all }); }
    if (what === "numbers") { const all = []; for (let i = 0; ; ++i) all[i] = i; }
    if (what === "text") { let text = "x"; for (;;) { text += text; text.charCodeAt(0); } }
    if (what === "members") { const all = {}; for (let i = 0; ; ++i) all["m" + i] = i; }
    if (what === "recursion") { const deeper = (n) => deeper(n + 1) + 1; return [deeper(0)]; }
    if (what === "typed array") return [new ArrayBuffer(4e9)];
    if (what === "pad") return ["x".padEnd(1 << 29)];
    if (what === "expression") return [{ action: "tried", data: { matches: /^(a+)+$/.test("a".repeat(48) + "!") } }];
    if (what === "native code") return ["a".repeat(1000000).indexOf("b" + "a".repeat(500000))];
    if (what === "throws") throw new Error("on purpose");
    return [{ action: "tried", data: { ok: true, id: context.newId(), now: context.now } }];
)";

} // namespace

void TestScriptHelper::contains_data()
{
    QTest::addColumn<QString>("codes"); // those that may come of it
    QTest::addColumn<int>("budget");    // milliseconds
    QTest::newRow("loop") << "script-timeout" << 200;
    QTest::newRow("caught loop") << "script-timeout" << 200;
    if (script::limitsMemory()) {
        // A list of 100,000 is where the sandbox stops push(); without it memory is the end.
        QTest::newRow("list") << "script-out-of-memory script-timeout domain-fault" << 60'000;
        QTest::newRow("numbers") << "script-out-of-memory" << 60'000;
        QTest::newRow("text") << "script-out-of-memory domain-fault" << 60'000;
        QTest::newRow("members") << "script-out-of-memory" << 60'000;
    }
    QTest::newRow("recursion") << "domain-fault script-crashed" << 5'000;
    QTest::newRow("typed array") << "domain-fault" << 200;
    QTest::newRow("pad") << "domain-fault" << 200;
    // The engine's regular expressions give up by themselves, and may as well take too long.
    QTest::newRow("expression") << "- script-timeout" << 200;
    QTest::newRow("native code") << "script-timeout" << 200;
    QTest::newRow("throws") << "domain-fault" << 200;
}

void TestScriptHelper::contains()
{
    QFETCH(QString, codes);
    QFETCH(int, budget);
    auto options = apartOptions();
    options.callBudget = std::chrono::milliseconds(budget);
    const auto domain = probeFolder(misbehaving).load(options);
    QVERIFY_RESULT(domain);
    const auto before = tryOnce(**domain);
    QVERIFY_RESULT(before.decision);
    const auto bad = tryOnce(**domain, R"({"what":")" + std::string(QTest::currentDataTag()) + R"("})");
    if (bad.decision && codes.startsWith(u'-'))
        return;
    QVERIFY(!bad.decision);
    const auto &error = bad.decision.error();
    qInfo("%s: %s, after %d ms", std::string(errorCodeName(error.code)).c_str(), error.text().c_str(),
          static_cast<int>(bad.took.count()));
    QVERIFY2(codes.split(u' ').contains(QString::fromStdString(std::string(errorCodeName(error.code)))),
             error.text().c_str());
    QVERIFY(isDomainFault(error.code));
    QVERIFY(error.text().find("handler of try") != std::string::npos);
    const auto after = tryOnce(**domain);
    QVERIFY_RESULT(after.decision);
    QCOMPARE(writeJson(std::get<0>(*after.decision).front().data),
             writeJson(std::get<0>(*before.decision).front().data));
}

void TestScriptHelper::containsFoldsReactionsAndLoading()
{
    const auto domain
        = probeFolder(
              "return [];",
              "if (event.data.bad) 'a'.repeat(1000000).indexOf('b' + 'a'.repeat(500000)); put('1', event.data); "
              "remove('2'); put('3', get('1'));")
              .load(apartOptions());
    QVERIFY_RESULT(domain);
    Record event;
    event.kind = RecordKind::Event;
    event.action = "tried";
    Documents documents;
    documents.view = "tries";
    documents.all[{"tries", "2"}] = Json::object();
    const auto &view = (*domain)->description().views.front();
    const auto bad = (*domain)->fold(view, {event, *parseJson(R"({"bad":true})")}, documents);
    QCOMPARE_ERROR(bad, ErrorCode::ScriptTimeout);
    QCOMPARE(documents.text(), std::string("tries/2 {}\n")); // nothing by half
    QVERIFY_RESULT((*domain)->fold(view, {event, *parseJson(R"({"n":1})")}, documents));
    QCOMPARE(documents.text(), std::string("tries/1 {\"n\":1}\ntries/3 {\"n\":1}\n"));

    auto loading = probeFolder("return [];");
    loading.file("domain.js", "const all = {}; for (let i = 0; ; ++i) all['m' + i] = i;\nexport const commands = {};");
    auto options = apartOptions();
    options.loadBudget = 60s;
    if (script::limitsMemory()) {
        const auto problems = checkDomainFolder(loading.path(), options);
        QVERIFY(!problems.empty());
        QVERIFY2(problems.front().text().find("MiB that its process may have") != std::string::npos,
                 problems.front().text().c_str());
    }
    loading.file("domain.js", "export const commands = {};\nthrow new Error('not today');");
    const auto thrown = checkDomainFolder(loading.path(), options);
    QCOMPARE(thrown.front().text(), std::string("domain.js:2: Error: not today"));
}

void TestScriptHelper::standsInNothing()
{
    const auto domain = probeFolder(misbehaving).load(apartOptions());
    QVERIFY_RESULT(domain);
    const std::ifstream anotherFile("/proc/self/status"); // open here, and not there
    QVERIFY_RESULT(tryOnce(**domain).decision);
    const auto running = helpers();
    QCOMPARE(running.size(), std::size_t(1));
    const auto process = std::filesystem::path("/proc") / std::to_string(*running.begin());
    std::set<std::string> files;
    for (const auto &entry : std::filesystem::directory_iterator(process / "fd")) {
        auto target = std::filesystem::read_symlink(entry.path()).string();
        files.insert(target.substr(0, target.find(':')));
    }
    files.erase("anon_inode"); // of Qt's event loop
    QCOMPARE(files, (std::set<std::string>{"/dev/null", "socket"}));
    std::ifstream environment(process / "environ");
    QCOMPARE(std::string(std::istreambuf_iterator<char>(environment), {}), std::string());
    const auto folder = std::filesystem::read_symlink(process / "cwd").string();
    QVERIFY2(folder.starts_with("/tmp/commander-script-") && folder.ends_with("(deleted)"), folder.c_str());
    std::ifstream limits(process / "limits");
    const std::string text(std::istreambuf_iterator<char>(limits), {});
    QVERIFY2(QString::fromStdString(text).contains(QRegularExpression(QStringLiteral("Max core file size +0 "))),
             text.c_str());
    QVERIFY2(QString::fromStdString(text).contains(QRegularExpression(QStringLiteral("Max open files +32 "))),
             text.c_str());
}

void TestScriptHelper::survivesItsMurder()
{
    const auto domain = probeFolder(misbehaving).load(apartOptions());
    QVERIFY_RESULT(domain);
    QVERIFY_RESULT(tryOnce(**domain).decision);
    for (int i = 0; i < 3; ++i) {
        const auto running = helpers();
        QCOMPARE(running.size(), std::size_t(1));
        QCOMPARE(::kill(*running.begin(), SIGKILL), 0);
        // Until its last thread is gone and with it the socket; it stays for the engine to reap.
        siginfo_t end{};
        QCOMPARE(::waitid(P_PID, static_cast<id_t>(*running.begin()), &end, WEXITED | WNOWAIT), 0);
        // Nobody's fault: the call had not begun.
        QVERIFY_RESULT(tryOnce(**domain).decision);
    }
}

void TestScriptHelper::manyThreads()
{
    const auto domain = probeFolder(misbehaving).load(apartOptions());
    QVERIFY_RESULT(domain);
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i) {
            threads.emplace_back([&, i] {
                for (int n = 0; n < 40; ++n) {
                    const bool bad = (n + i) % 20 == 0;
                    const auto tried = tryOnce(**domain, bad ? R"({"what":"throws"})" : "{}");
                    wrong += tried.decision.has_value() == bad ? 1 : 0;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
    QVERIFY(helpers().size() <= 4);
}

void TestScriptHelper::trustedRunHere()
{
    auto options = apartOptions();
    std::vector<std::string> asked;
    options.trusts = [&asked](const Hash256 &hash) {
        asked.push_back(toHex(hash));
        return true;
    };
    const auto domain = probeFolder(misbehaving).load(options);
    QVERIFY_RESULT(domain);
    QVERIFY_RESULT(tryOnce(**domain).decision);
    QVERIFY(helpers().empty());
    QCOMPARE(asked, std::vector{toHex((*domain)->description().hash)});
}

void TestScriptHelper::missingProgram()
{
    ScriptOptions options;
    options.helper = "/nowhere/commander-script-host";
    const auto domain = probeFolder(misbehaving).load(options);
    QVERIFY(!domain);
    QVERIFY2(domain.error().text().find("cannot be started") != std::string::npos, domain.error().text().c_str());
}

void TestScriptHelper::testsRunApart()
{
    for (const auto *const name : {"bank", "customers", "fulfilment"}) {
        const auto here = runDomainTests(sampleFolder(name));
        const auto apart = runDomainTests(sampleFolder(name), apartOptions());
        QVERIFY_RESULT(here);
        QVERIFY_RESULT(apart);
        QCOMPARE(apart->text(), here->text());
        QCOMPARE(apart->failed(), std::size_t(0));
    }
}

/// For the guide: a ratio of the same run, of the quickest of several rounds each.
void TestScriptHelper::price()
{
    struct Side {
        std::shared_ptr<const Domain> domain;
        Rehearsal rehearsal;
        double quickest = 1e9; ///< microseconds for a transfer
        explicit Side(const ScriptOptions &options)
            : domain(loadDomainFolder(sampleFolder("bank"), options).value()), rehearsal(domain)
        {
            for (const auto *const account : {"1", "2"})
                rehearsal.send("open-account",
                               R"({"account":")" + std::string(account)
                                   + R"(","owner":"Ada","opening_balance":500000})");
        }
        void measure()
        {
            constexpr int transfers = 100;
            const auto begin = std::chrono::steady_clock::now();
            for (int i = 0; i < transfers; ++i)
                rehearsal.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":1})");
            const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
            quickest = std::min(quickest, took.count() / transfers);
        }
    };
    Side here({});
    Side apart(apartOptions());
    for (int round = 0; round < 8; ++round) {
        here.measure();
        apart.measure();
    }
    qInfo("a transfer with all its folds: %.0f us in this process, %.0f us in one of its own: %.1f times",
          here.quickest, apart.quickest, apart.quickest / here.quickest);
    QCOMPARE(apart.rehearsal.ledger, here.rehearsal.ledger);
}

QTEST_GUILESS_MAIN(TestScriptHelper)
#include "tst_script_helper.moc"
