// SPDX-License-Identifier: GPL-3.0-or-later
#include "counter_domain.h"

#include "support/result_macros.h"
#include "support/temporary_workspace.h"

#include <commander/clock.h>
#include <commander/limits.h>

#include <QtTest>

#include <atomic>
#include <thread>

using namespace commander;
using namespace commander::counter;

class TestDomainInstallation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void installsUnderLoad();
    void staysInstalled();
    void refuses_data();
    void refuses();
    void refusesWhatIsTooLarge();
    void aCommandLikeAnyOther();
    void processedMeansThatItRuns();
    void viewsComeAndGo();
    void replaysWhatWasParked();
    void needsALoader();
};

namespace {

const Version first{};
const Version second{.by = 2, .weight = 10};

InstalledDomain runningCounter(Engine &engine)
{
    for (const auto &one : engine.domains().installed()) {
        if (one.name == "counter" && one.runs)
            return one;
    }
    return {};
}

/// Of a command that installs these, with `more` members before them.
std::string dataOf(const std::vector<DomainFile> &files, const std::string &more)
{
    std::string texts;
    for (const auto &file : files) {
        texts += texts.empty() ? R"({"name":)" : R"(,{"name":)";
        appendJsonString(texts, file.name);
        texts += R"(,"text":)";
        appendJsonString(texts, file.bytes);
        texts += '}';
    }
    return R"({"name":"counter",)" + more + R"("files":[)" + texts + "]}";
}

std::string problemsOf(Engine &engine)
{
    std::string all;
    for (const auto &problem : engine.domains().problems())
        all += problem.text() + '\n';
    return all;
}

} // namespace

void TestDomainInstallation::installsUnderLoad()
{
    const TemporaryWorkspace workspace;
    const auto opened = Engine::open(options(workspace.ledger(), {files(first)}));
    QVERIFY_RESULT(opened);
    auto &engine = **opened;
    std::atomic<bool> stop = false;
    std::atomic<int> sent = 0;
    std::atomic<int> refused = 0;
    std::vector<std::jthread> senders;
    for (int i = 0; i < 3; ++i) {
        senders.emplace_back([&, i] {
            for (int n = 0; !stop; ++n) {
                refused += count(engine, "key " + std::to_string((n + i) % 5)) ? 0 : 1;
                ++sent;
            }
        });
    }
    std::string seen; // what a reader is served, as long as it changes
    std::jthread reader([&] {
        while (!stop) {
            const auto document = engine.views().get("counts", "key 1", {});
            const auto data = document ? parseJson(document->json) : Result<Json>(Json());
            const auto weight = data ? data->integerAt("weight") : std::nullopt;
            if (!weight)
                continue;
            if (data->integerAt("total").value_or(0) % *weight != 0)
                seen += "torn ";
            const auto text = std::to_string(*weight);
            if (!seen.ends_with(text))
                seen += " " + text;
        }
    });
    const auto until = [&sent](int count) {
        while (sent < count)
            std::this_thread::yield();
    };
    until(200);
    const auto installed = engine.domains().install(files(second));
    until(sent + 200);
    const auto back = engine.domains().install(files(first));
    until(sent + 200);
    stop = true;
    senders.clear();
    reader.join();
    QVERIFY_RESULT(installed);
    QVERIFY_RESULT(back);
    QCOMPARE(refused.load(), 0);
    QCOMPARE(said(engine, *count(engine, "key 1")), std::string("succeeded"));
    QVERIFY(settled(engine));
    QCOMPARE(checkLedger(engine, {first, second}), std::string());
    QCOMPARE(seen, std::string(" 1 10 1")); // each version from its promotion on, never back and forth
    QCOMPARE(runningCounter(engine).position.value, back->position.value);
    QCOMPARE(engine.domains().installed().size(), std::size_t(3 + 4)); // bank and the engine's own three
}

void TestDomainInstallation::staysInstalled()
{
    const TemporaryWorkspace workspace;
    {
        const auto engine = Engine::open(options(workspace.ledger(), {files(first)}));
        QVERIFY_RESULT(engine);
        QCOMPARE(said(**engine, *count(**engine, "a")), std::string("succeeded"));
        QVERIFY_RESULT((*engine)->domains().install(files(second)));
        QCOMPARE(said(**engine, *count(**engine, "a")), std::string("succeeded"));
    }
    std::uint64_t head = 0;
    {
        const auto engine = Engine::open(options(workspace.ledger()));
        QVERIFY_RESULT(engine);
        QCOMPARE(said(**engine, *count(**engine, "a")), std::string("succeeded"));
        QVERIFY(settled(**engine));
        QCOMPARE(checkLedger(**engine, {first, second}), std::string());
        head = (*engine)->ledger().head()->position.value;
    }
    {
        const auto engine = Engine::open(options(workspace.ledger(), {files(second)}));
        QVERIFY_RESULT(engine);
        QCOMPARE((*engine)->ledger().head()->position.value, head); // it runs already
    }
    auto reading = options(workspace.ledger(), {files(first)});
    reading.readOnly = true;
    const auto engine = Engine::open(std::move(reading));
    QVERIFY_RESULT(engine);
    QVERIFY(settled(**engine));
    QCOMPARE(checkLedger(**engine, {first, second}), std::string()); // what is installed, not what was named
    QCOMPARE_ERROR((*engine)->domains().install(files(first)), ErrorCode::LedgerReadOnly);
}

void TestDomainInstallation::refuses_data()
{
    QTest::addColumn<std::vector<DomainFile>>("package");
    QTest::addColumn<QString>("problem");

    auto script = files(second);
    script[0].bytes += "\nexport const reactions = {";
    QTest::newRow("a script with a mistake") << script << "domain.js:";
    auto manifest = files(second);
    manifest[1].bytes.insert(manifest[1].bytes.find("\"eventsTopic\""), "\"colour\": 1,\n");
    QTest::newRow("an unknown member") << manifest << "domain.json:4:13 /colour: unknown member";
    QTest::newRow("its own test fails") << files(
        {.by = 2, .expectedBy = 3}) << "tests/counts.json:5:76 /then/events/0/data/by: the test \"counts\" expected 3";
    QTest::newRow("a name that another domain has") << files({.by = 2, .view = "accounts"}) << "accounts is not unique";
    QTest::newRow("a path that another domain has") << files({.by = 2, .path = "/accounts"}) << "/accounts";
    QTest::newRow("a fold that cannot take the past")
        << files({.by = 2, .moreInFold = "if (event.data.key === 'a') throw new Error('not this one');"})
        << "domain.json /views/counts: the view cannot fold what is in the ledger";
    auto bytes = files(second);
    bytes[0].bytes += "// \xff";
    QTest::newRow("not UTF-8") << bytes << "domain.js: the file is not UTF-8";
    auto outside = files(second);
    outside.push_back({"../domain.js", ""});
    QTest::newRow("a file outside") << outside << "not the name of a file inside a domain folder";
    auto own = files(second);
    own[1].bytes.replace(own[1].bytes.find("\"counter\""), 9, "\"commander\"");
    QTest::newRow("the engine's own name") << own << "the name commander is the engine's own";
}

void TestDomainInstallation::refuses()
{
    QFETCH(std::vector<DomainFile>, package);
    QFETCH(QString, problem);
    const TemporaryWorkspace workspace;
    const auto opened = Engine::open(options(workspace.ledger(), {files(first)}));
    QVERIFY_RESULT(opened);
    auto &engine = **opened;
    QCOMPARE(said(engine, *count(engine, "a")), std::string("succeeded"));
    const auto head = engine.ledger().head()->position.value;
    QCOMPARE_ERROR(engine.domains().install(package), ErrorCode::InvalidArgument);
    QVERIFY2(problemsOf(engine).find(problem.toStdString()) != std::string::npos, problemsOf(engine).c_str());
    QCOMPARE(engine.ledger().head()->position.value, head); // nothing is recorded
    QCOMPARE(runningCounter(engine).position.value, engine.domains().installed().back().position.value);
    QCOMPARE(said(engine, *count(engine, "a")), std::string("succeeded"));
    QVERIFY_RESULT(engine.domains().install(files(second)));
    QCOMPARE(problemsOf(engine), std::string());
    QVERIFY(settled(engine));
    QCOMPARE(checkLedger(engine, {first, second}), std::string());
    for (const auto &view : engine.viewVersions().list())
        QVERIFY2(view.error.empty(), view.error.c_str());
}

void TestDomainInstallation::refusesWhatIsTooLarge()
{
    const TemporaryWorkspace workspace;
    const auto engine = Engine::open(options(workspace.ledger(), {files(first)}));
    QVERIFY_RESULT(engine);
    auto large = files(second);
    large[0].bytes += "// " + std::string(limits::payloadBytesMax, 'x') + "\n";
    QCOMPARE_ERROR((*engine)->domains().install(large), ErrorCode::LimitExceeded);
    QVERIFY(problemsOf(**engine).find("a record has at most 1048576") != std::string::npos);
}

// Whoever sends the command itself gets the same answers, as results.
void TestDomainInstallation::aCommandLikeAnyOther()
{
    const TemporaryWorkspace workspace;
    const auto opened = Engine::open(options(workspace.ledger(), {files(first)}));
    QVERIFY_RESULT(opened);
    auto &engine = **opened;
    QCOMPARE(said(engine, *count(engine, "a")), std::string("succeeded"));
    const auto wrong = send(engine, "install-domain", dataOf(files({.by = 2, .expectedBy = 3}), {}));
    QVERIFY_RESULT(wrong);
    QVERIFY2(said(engine, *wrong).starts_with("rejected domain-refused: tests/counts.json:5:76"),
             said(engine, *wrong).c_str());
    const auto outcome = parseOutcome((*engine.commands().waitForResult((*wrong)->id, std::chrono::seconds(1)))->data);
    const auto details = parseJson(outcome->errorDetails);
    QVERIFY_RESULT(details);
    QCOMPARE(details->find("problems")->asArray()->front().integerAt("line").value_or(0), std::int64_t(5));
    const auto another = send(engine, "install-domain", dataOf(files(second), R"("hash":"00",)"));
    QVERIFY2(said(engine, *another).find("the command says hash 00") != std::string::npos,
             said(engine, *another).c_str());
    // None of these stands in the way of the commands around them, and the last one installs.
    const auto good = send(engine, "install-domain", dataOf(files(second), {}));
    const auto after = count(engine, "a");
    QCOMPARE(said(engine, *good), std::string("succeeded"));
    QCOMPARE(said(engine, *after), std::string("succeeded"));
    // One that waits for its time is not decided alone.
    CommandDraft later;
    later.action = "install-domain";
    later.data = dataOf(files(first), {});
    later.notBefore = Timestamp{SystemClock().now().micros + 5'000'000};
    const auto scheduled = engine.commands().submitAndWait(std::move(later));
    QVERIFY_RESULT(scheduled);
    QVERIFY2(said(engine, scheduled->command).starts_with("rejected not-now"),
             said(engine, scheduled->command).c_str());
    QVERIFY(settled(engine));
    QCOMPARE(checkLedger(engine, {first, second}), std::string());
}

// Whoever waits until the processor has been through the ledger reads what was installed, not what it replaced.
void TestDomainInstallation::processedMeansThatItRuns()
{
    const TemporaryWorkspace workspace;
    const auto opened = Engine::open(options(workspace.ledger(), {files(first)}));
    QVERIFY_RESULT(opened);
    auto &engine = **opened;
    QCOMPARE(said(engine, *count(engine, "a")), std::string("succeeded"));
    auto before = runningCounter(engine).hash;
    for (int i = 0; i < 6; ++i) {
        const auto sent = send(engine, "install-domain", dataOf(files(i % 2 == 0 ? second : first), {}));
        QVERIFY_RESULT(sent);
        while (engine.status().processedTo < (*sent)->position)
            std::this_thread::yield();
        const auto now = runningCounter(engine).hash;
        QVERIFY(now != before);
        before = now;
    }
}

void TestDomainInstallation::viewsComeAndGo()
{
    const TemporaryWorkspace workspace;
    const Version renamed{.by = 3, .weight = 7, .view = "tallies", .path = "/tallies"};
    const auto names = [](Engine &engine) {
        std::string all;
        for (const auto &view : engine.views().views()) {
            if (!view.name.starts_with("commander"))
                all += view.name + ' ';
        }
        return all;
    };
    std::string running;
    {
        const auto engine = Engine::open(options(workspace.ledger(), {files(first)}));
        QVERIFY_RESULT(engine);
        QCOMPARE(said(**engine, *count(**engine, "a")), std::string("succeeded"));
        QVERIFY_RESULT((*engine)->domains().install(files(renamed)));
        QCOMPARE(said(**engine, *count(**engine, "a")), std::string("succeeded"));
        QVERIFY(settled(**engine));
        QCOMPARE_ERROR((*engine)->views().get("counts", "a", {}), ErrorCode::UnknownView);
        QCOMPARE(checkLedger(**engine, {first, renamed}), std::string());
        running = names(**engine);
    }
    const auto engine = Engine::open(options(workspace.ledger()));
    QVERIFY_RESULT(engine);
    QCOMPARE(names(**engine), running);
    QVERIFY(running.find("tallies") != std::string::npos && (" " + running).find(" counts ") == std::string::npos);
}

// The story that sells it: a script faults on some commands; they wait; the mended script is installed while the engine
// runs; they are replayed, in order, and nothing was lost.
void TestDomainInstallation::replaysWhatWasParked()
{
    const TemporaryWorkspace workspace;
    const Version faulty{.more = "if (key === 'bad') throw new Error('cannot count this');", .onFault = "park"};
    const Version mended{.by = 2, .onFault = "park"};
    const auto opened = Engine::open(options(workspace.ledger(), {files(faulty)}));
    QVERIFY_RESULT(opened);
    auto &engine = **opened;
    std::vector<RecordPtr> parked;
    for (int i = 0; i < 3; ++i)
        parked.push_back(*count(engine, "bad"));
    QCOMPARE(said(engine, *count(engine, "good")), std::string("succeeded"));
    QVERIFY(settled(engine));
    const auto letter = engine.views().get("commander-dead-letters", "counter/bad", {});
    QVERIFY_RESULT(letter);
    QVERIFY2(letter->json.find("cannot count this") != std::string::npos, letter->json.c_str());
    const auto about = R"({"command":")" + parked.front()->id.text() + R"("})";
    QCOMPARE(said(engine, *send(engine, "replay-dead-letter", about)), std::string("succeeded"));
    QVERIFY(settled(engine));
    QVERIFY_RESULT(engine.views().get("commander-dead-letters", "counter/bad", {})); // it faulted again

    QVERIFY_RESULT(engine.domains().install(files(mended)));
    QCOMPARE(said(engine, *send(engine, "replay-dead-letter", about)), std::string("succeeded"));
    for (const auto &command : parked)
        QCOMPARE(said(engine, command), std::string("succeeded"));
    QVERIFY(settled(engine));
    QCOMPARE(engine.views().get("counts", "bad", {})->json, std::string(R"({"total":3,"weight":1})"));
    QCOMPARE_ERROR(engine.views().get("commander-dead-letters", "counter/bad", {}), ErrorCode::NotFound);
    std::string order;
    for (const auto &record : allRecords(engine)) {
        if (record->action == "counted" && record->key == "bad")
            order += record->data;
    }
    QCOMPARE(order,
             std::string(R"({"key":"bad","by":2,"seen":0}{"key":"bad","by":2,"seen":1})"
                         R"({"key":"bad","by":2,"seen":2})"));
}

void TestDomainInstallation::needsALoader()
{
    const TemporaryWorkspace workspace;
    QVERIFY_RESULT(Engine::open(options(workspace.ledger(), {files(first)})));
    auto without = options(workspace.ledger());
    without.loader = nullptr;
    QCOMPARE_ERROR(Engine::open(std::move(without)), ErrorCode::DomainFault);
    QVERIFY_RESULT(Engine::open(options(workspace.ledger())));
}

QTEST_GUILESS_MAIN(TestDomainInstallation)
#include "tst_domain_installation.moc"
