// SPDX-License-Identifier: GPL-3.0-or-later
// What follows the ledger, and what operators do to it: over restarts, under load, and built again from nothing.
#include "consumer_bench.h"

#include "support/temporary_workspace.h"

#include <QtTest>

#include <atomic>
#include <set>

using namespace commander;
using namespace commander::notes;

namespace {

std::unique_ptr<Engine> open(const TemporaryWorkspace &workspace)
{
    auto engine = Engine::open(options(workspace.ledger()));
    if (!engine)
        qFatal("%s", engine.error().text().c_str());
    return std::move(*engine);
}

QString why(const Result<void> &done)
{
    return QString::fromStdString(done ? std::string("done") : done.error().text());
}

ErrorCode codeOf(const Result<void> &done)
{
    return done ? ErrorCode::Count : done.error().code;
}

std::string account(const std::string &name)
{
    return R"({"account":")" + name + R"(","owner":"A"})";
}

std::string money(const std::string &name, int amount)
{
    return R"({"account":")" + name + R"(","amount":)" + std::to_string(amount) + "}";
}

/// Sends notes until it goes.
class Load {
public:
    explicit Load(Engine &engine)
        : m_thread([this, &engine](std::stop_token stop) {
              while (!stop.stop_requested()) {
                  if (note(engine, std::to_string(m_sent % 7), "load"))
                      ++m_sent;
              }
          })
    {
    }
    [[nodiscard]] int sent() const { return m_sent; }

private:
    std::atomic<int> m_sent{0};
    std::jthread m_thread;
};

} // namespace

class TestConsumers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allAreListed();
    void aPausedViewHoldsNobodyBack();
    void aDecidingViewIsNotPaused();
    void aPausedIndexGoesOnWhereItStood();
    void aPausedDomainWaitsAndTheOthersGoOn();
    void aPausedDomainKeepsTheOrderOfItsKeys();
    void aPausedProcessorDecidesNothing();
    void aSkippedEventIsLeftOutForEver();
    void onlyTheEventThatStoppedItIsSkipped();
    void aResetUnderLoadShowsNothingLess();
    void aResetOfTheDecidingViewKeepsDecisionsRight();
    void theIndexIsBuiltAgain();
    void aReadOnlyEngineLeavesOutTheSameEvents();
};

void TestConsumers::allAreListed()
{
    TemporaryWorkspace workspace;
    const auto engine = open(workspace);
    QCOMPARE(said(*engine, note(*engine, "a", "x")), std::string("succeeded"));
    ShadowRequest shadow;
    shadow.domains = {makeBankDomain(), makeNotesDomain()};
    auto run = engine->experiments().shadow(shadow);
    QVERIFY(run);
    std::set<std::string> names;
    for (const auto &one : engine->consumers().list())
        names.insert(one.name.substr(0, one.name.find('@')));
    for (const auto *const name : {"processor", "domain:bank", "domain:notes", "view:fragile", "view:sound",
                                   "view:accounts", "index", "watch", "shadow:1"})
        QVERIFY2(names.contains(name), name);
    QVERIFY(!names.contains("domain:commander"));
    for (const auto *const name : {"processor", "view:sound", "index", "watch", "shadow:1"}) {
        QVERIFY2(reaches(*engine, name), name);
        QCOMPARE(statusOf(*engine, name).lag, std::uint64_t{0});
        QCOMPARE(statusOf(*engine, name).state, ConsumerState::Running);
    }
    QCOMPARE(codeOf(engine->consumers().pause({"watch", "test"})), ErrorCode::Conflict);
    QCOMPARE(codeOf(engine->consumers().pause({"nobody", "test"})), ErrorCode::NotFound);
    QCOMPARE(codeOf(engine->consumers().reset({"processor", "test"})), ErrorCode::Conflict);
    QCOMPARE(codeOf(engine->consumers().resume({"index", "test"})), ErrorCode::Conflict);
    const auto head = engine->ledger().head()->position;
    QVERIFY(engine->consumers().pause({"shadow:1", "test"}));
    QVERIFY((*run)->status().paused);
    QVERIFY(engine->consumers().resume({"shadow:1", "test"}));
    QVERIFY(!(*run)->status().paused);
    QCOMPARE(engine->ledger().head()->position, head); // a shadow ends with the engine
    run->reset();
    QCOMPARE(statusOf(*engine, "shadow:1").name, std::string());
}

void TestConsumers::aPausedViewHoldsNobodyBack()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    QCOMPARE(said(*engine, note(*engine, "a", "first")), std::string("succeeded"));
    QVERIFY(reaches(*engine, "view:sound"));
    const auto paused = engine->consumers().pause({"view:sound", "ada", "mending"});
    QVERIFY2(paused, qPrintable(why(paused)));
    QCOMPARE(codeOf(engine->consumers().pause({"view:sound", "ada"})), ErrorCode::Conflict);
    const auto stands = statusOf(*engine, "view:sound").position;
    {
        const Load load(*engine);
        QTRY_VERIFY(load.sent() > 50);
    }
    QCOMPARE(said(*engine, note(*engine, "a", "second")), std::string("succeeded"));
    const auto head = engine->ledger().head()->position;
    QVERIFY(engine->views().waitFor(head, 20s)); // the others
    QTRY_VERIFY(engine->updates().progress().viewed >= head);
    const auto status = statusOf(*engine, "view:sound");
    QCOMPARE(status.state, ConsumerState::Paused);
    QCOMPARE(status.reason, std::string("mending"));
    QCOMPARE(status.position, stands);
    QVERIFY(status.lag > 100);
    QVERIFY(documents(*engine, "sound")["a"].starts_with(R"({"count":1)"));
    // A restart does not let it go on.
    engine.reset();
    engine = open(workspace);
    QVERIFY(reaches(*engine, "view:fragile"));
    QCOMPARE(statusOf(*engine, "view:sound").state, ConsumerState::Paused);
    QCOMPARE(statusOf(*engine, "view:sound").position, stands);
    QCOMPARE(codeOf(engine->consumers().reset({"view:sound", "ada"})), ErrorCode::Conflict);
    const auto resumed = engine->consumers().resume({"view:sound", "ada"});
    QVERIFY2(resumed, qPrintable(why(resumed)));
    QVERIFY(reaches(*engine, "view:sound"));
    QCOMPARE(statusOf(*engine, "view:sound").state, ConsumerState::Running);
    QCOMPARE(documents(*engine, "sound"), documents(*engine, "fragile"));
    // It is explained by the ledger.
    const auto document = engine->views().get("commander-consumers", statusOf(*engine, "view:sound").name);
    QVERIFY(!document);
    const auto history = engine->views().history("commander-consumers", statusOf(*engine, "view:sound").name, {}, 10);
    QVERIFY(history);
    QCOMPARE(history->size(), std::size_t{2});
}

void TestConsumers::aDecidingViewIsNotPaused()
{
    TemporaryWorkspace workspace;
    const auto engine = open(workspace);
    const auto refused = engine->consumers().pause({"view:accounts", "ada"});
    QCOMPARE(codeOf(refused), ErrorCode::Conflict);
    QVERIFY(refused.error().text().find("domain:bank") != std::string::npos);
    // Not by a command of one's own, either.
    const auto name = statusOf(*engine, "view:accounts").name;
    QCOMPARE(codeOf(send(*engine, "pause-consumer", R"({"consumer":")" + name + R"("})").map([](const Uuid &) {})),
             ErrorCode::Conflict);
    QCOMPARE(codeOf(send(*engine, "pause-consumer", R"({"consumer":"domain:commander"})").map([](const Uuid &) {})),
             ErrorCode::NotFound);
    QVERIFY(send(*engine, "pause-consumer", R"({"consumer":"index"})"));
    QTRY_COMPARE(statusOf(*engine, "index").state, ConsumerState::Paused);
}

void TestConsumers::aPausedIndexGoesOnWhereItStood()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    QCOMPARE(said(*engine, note(*engine, "a", "x")), std::string("succeeded"));
    QVERIFY(reaches(*engine, "index"));
    QVERIFY(engine->consumers().pause({"index", "ada"}));
    const auto stands = statusOf(*engine, "index").position;
    for (int i = 0; i < 20; ++i)
        QCOMPARE(said(*engine, note(*engine, "a", "y")), std::string("succeeded"));
    QCOMPARE(statusOf(*engine, "index").position, stands);
    engine.reset();
    engine = open(workspace);
    QVERIFY(reaches(*engine, "view:sound"));
    QCOMPARE(statusOf(*engine, "index").position, stands);
    QVERIFY(engine->consumers().resume({"index", "ada"}));
    QVERIFY(reaches(*engine, "index"));
}

void TestConsumers::aPausedDomainWaitsAndTheOthersGoOn()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    QCOMPARE(said(*engine, send(*engine, "open-account", account("1"))), std::string("succeeded"));
    QVERIFY(engine->consumers().pause({"domain:bank", "ada", "mending"}));
    std::vector<Uuid> waiting;
    for (int i = 0; i < 5; ++i)
        waiting.push_back(*send(*engine, "deposit-money", money("1", 1)));
    QCOMPARE(said(*engine, note(*engine, "a", "x")), std::string("succeeded")); // another domain
    QCOMPARE(said(*engine, waiting.front(), 50ms), std::string());
    QTRY_COMPARE(statusOf(*engine, "domain:bank").waiting, std::uint64_t{5});
    QCOMPARE(statusOf(*engine, "domain:bank").state, ConsumerState::Paused);
    engine.reset();
    engine = open(workspace);
    waiting.push_back(*send(*engine, "deposit-money", money("1", 1)));
    QCOMPARE(said(*engine, waiting.back(), 50ms), std::string());
    // What waits can be taken back.
    QCOMPARE(said(*engine, send(*engine, "cancel-command", R"({"command":")" + waiting[2].text() + R"("})")),
             std::string("succeeded"));
    QCOMPARE(said(*engine, waiting[2]), std::string("cancelled"));
    QVERIFY(engine->consumers().resume({"domain:bank", "ada"}));
    for (std::size_t i = 0; i < waiting.size(); ++i)
        QCOMPARE(said(*engine, waiting[i]), std::string(i == 2 ? "cancelled" : "succeeded"));
    QVERIFY(reaches(*engine, "view:accounts"));
    QCOMPARE(parseJson(engine->views().get("accounts", "1")->json)->integerAt("balance"), std::int64_t{5});
    QCOMPARE(statusOf(*engine, "domain:bank").waiting, std::uint64_t{0});
    QCOMPARE(said(*engine, send(*engine, "deposit-money", money("1", 1))), std::string("succeeded"));
}

void TestConsumers::aPausedDomainKeepsTheOrderOfItsKeys()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(said(*engine, send(*engine, "open-account", account(std::to_string(i)))), std::string("succeeded"));
    QVERIFY(engine->consumers().pause({"domain:bank", "ada"}));
    // More than one step takes; while they are gone through, more come, and it is paused again in between.
    std::vector<Uuid> sent;
    const auto some = [&](int count) {
        for (int i = 0; i < count; ++i)
            sent.push_back(*send(*engine, "deposit-money", money(std::to_string(i % 4), 1)));
    };
    some(400);
    QVERIFY(engine->consumers().resume({"domain:bank", "ada"}));
    some(40);
    QVERIFY(engine->consumers().pause({"domain:bank", "ada"}));
    some(40);
    engine.reset();
    engine = open(workspace);
    some(40);
    QVERIFY(engine->consumers().resume({"domain:bank", "ada"}));
    some(40);
    for (const auto &id : sent)
        QCOMPARE(said(*engine, id), std::string("succeeded"));
    // In the order in which they came, each key for itself.
    std::map<std::string, Position> last;
    for (const auto &id : sent) {
        const auto result = engine->commands().waitForResult(id, 1s);
        QVERIFY(result);
        QVERIFY(last[(*result)->key] < (*result)->position);
        last[(*result)->key] = (*result)->position;
    }
    QVERIFY(reaches(*engine, "view:accounts"));
    for (int i = 0; i < 4; ++i)
        QCOMPARE(parseJson(engine->views().get("accounts", std::to_string(i))->json)->integerAt("balance"),
                 std::int64_t(sent.size() / 4));
    QTRY_COMPARE(statusOf(*engine, "domain:bank").waiting, std::uint64_t{0});
}

void TestConsumers::aPausedProcessorDecidesNothing()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    std::unique_ptr<Load> load = std::make_unique<Load>(*engine);
    QTRY_VERIFY(load->sent() > 20);
    const auto paused = engine->consumers().pause({"processor", "ada", "moving house"});
    QVERIFY2(paused, qPrintable(why(paused)));
    const auto before = load->sent();
    QTRY_VERIFY(load->sent() > before + 20); // commands are taken all the same
    load.reset();
    auto first = note(*engine, "a", "x");
    QCOMPARE(said(*engine, first, 50ms), std::string());
    QCOMPARE(engine->records().status(*first).value_or(CommandStatus::Failed), CommandStatus::Accepted);
    QCOMPARE(statusOf(*engine, "processor").state, ConsumerState::Paused);
    QCOMPARE(statusOf(*engine, "processor").reason, std::string("moving house"));
    QVERIFY(statusOf(*engine, "processor").lag > 0);
    QCOMPARE(codeOf(engine->consumers().pause({"index", "ada"})), ErrorCode::Conflict); // nobody would decide it
    engine.reset();
    engine = open(workspace);
    QTRY_COMPARE(statusOf(*engine, "processor").state, ConsumerState::Paused);
    QCOMPARE(said(*engine, first, 50ms), std::string());
    const auto resumed = engine->consumers().resume({"processor", "ada"});
    QVERIFY2(resumed, qPrintable(why(resumed)));
    QCOMPARE(said(*engine, first), std::string("succeeded"));
    QCOMPARE(said(*engine, note(*engine, "a", "y")), std::string("succeeded"));
    // Once and for all: neither decided twice nor paused again by a restart.
    engine.reset();
    engine = open(workspace);
    QCOMPARE(said(*engine, note(*engine, "a", "z")), std::string("succeeded"));
    QVERIFY(engine->consumers().pause({"processor", "ada"}));
    QVERIFY(engine->consumers().resume({"processor", "ada"}));
    QCOMPARE(said(*engine, note(*engine, "a", "z")), std::string("succeeded"));
    std::map<Uuid, int> results;
    for (Position at{1};;) {
        const auto records = engine->ledger().readAt(at, 1000);
        QVERIFY(records);
        if (records->empty())
            break;
        for (const auto &record : *records) {
            if (record->kind == RecordKind::Command)
                results.try_emplace(record->id);
            else if (record->kind == RecordKind::Result)
                ++results[record->parent];
        }
        at = records->back()->position.next();
    }
    for (const auto &[id, count] : results)
        QCOMPARE(count, 1);
}

void TestConsumers::aSkippedEventIsLeftOutForEver()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    for (const auto *const text : {"one", "break", "two"})
        QCOMPARE(said(*engine, note(*engine, "a", text)), std::string("succeeded"));
    QTRY_COMPARE(statusOf(*engine, "view:fragile").state, ConsumerState::Stopped);
    const auto stopped = statusOf(*engine, "view:fragile");
    QVERIFY(stopped.faultAt);
    QVERIFY(stopped.fault.find("told to break") != std::string::npos);
    QVERIFY(engine->updates().progress().viewed >= *stopped.faultAt); // nobody waits for it
    QVERIFY(!engine->consumers().skip({"view:fragile", "ada"}));      // not without a reason
    QVERIFY(!engine->consumers().skip({"view:sound", "ada", "why not"}));
    // Tried again, it stops again.
    QVERIFY(engine->consumers().resume({"view:fragile", "ada"}));
    QTRY_COMPARE(statusOf(*engine, "view:fragile").state, ConsumerState::Stopped);
    engine.reset();
    engine = open(workspace); // which tries it again, too
    QTRY_COMPARE(statusOf(*engine, "view:fragile").state, ConsumerState::Stopped);
    const auto skipped = engine->consumers().skip({"view:fragile", "ada", "written by a faulty version"});
    QVERIFY2(skipped, qPrintable(QString::fromStdString(skipped ? "" : skipped.error().text())));
    QCOMPARE(skipped->position, *stopped.faultAt);
    QVERIFY(reaches(*engine, "view:fragile"));
    QCOMPARE(said(*engine, note(*engine, "a", "three")), std::string("succeeded"));
    QVERIFY(reaches(*engine, "view:fragile"));
    const auto live = documents(*engine, "fragile");
    QVERIFY(live.at("a").starts_with(R"({"count":3)"));
    // The ledger explains it: who, why, which event, which fault.
    const auto command = engine->ledger().find(skipped->command);
    QVERIFY(command);
    QCOMPARE((*command)->actor, std::string("ada"));
    const auto data = parseJson((*command)->data);
    QCOMPARE(std::string(data->stringAt("event")), skipped->event.text());
    QCOMPARE(std::string(data->stringAt("reason")), std::string("written by a faulty version"));
    QVERIFY(data->stringAt("fault").find("told to break") != std::string::npos);
    QCOMPARE(statusOf(*engine, "view:fragile").skipped.size(), std::size_t{1});
    // A branch of the same commands leaves it out too, so nothing differs and nothing stops.
    WhatIfRequest again;
    const auto branch = engine->experiments().whatIf(std::move(again));
    QVERIFY2(branch, qPrintable(QString::fromStdString(branch ? "" : branch.error().text())));
    QCOMPARE((*branch)->summary().documentsDifferent, std::uint64_t{0});
    QVERIFY((*branch)->summary().viewFaults.empty());
    // Built from nothing, in place and beside, it comes out the same.
    const auto reset = engine->consumers().reset({"view:fragile", "ada"});
    QVERIFY2(reset, qPrintable(why(reset)));
    QVERIFY(reaches(*engine, "view:fragile"));
    QCOMPARE(documents(*engine, "fragile"), live);
    engine.reset();
    engine = open(workspace);
    QVERIFY(reaches(*engine, "view:fragile"));
    QCOMPARE(documents(*engine, "fragile"), live);
    engine.reset();
    QVERIFY(removeDerivedFiles(options(workspace.ledger())));
    engine = open(workspace);
    QVERIFY(reaches(*engine, "view:fragile"));
    QCOMPARE(statusOf(*engine, "view:fragile").state, ConsumerState::Running);
    QCOMPARE(documents(*engine, "fragile"), live);
}

void TestConsumers::onlyTheEventThatStoppedItIsSkipped()
{
    TemporaryWorkspace workspace;
    const auto engine = open(workspace);
    for (const auto *const text : {"one", "break", "break"})
        QCOMPARE(said(*engine, note(*engine, "a", text)), std::string("succeeded"));
    QTRY_COMPARE(statusOf(*engine, "view:fragile").state, ConsumerState::Stopped);
    QVERIFY(engine->consumers().skip({"view:fragile", "ada", "the first"}));
    QTRY_COMPARE(statusOf(*engine, "view:fragile").state, ConsumerState::Stopped); // at the next one
    const auto stopped = statusOf(*engine, "view:fragile");
    QCOMPARE(stopped.skipped.size(), std::size_t{1});
    QVERIFY(*stopped.faultAt > stopped.skipped.front().position);
    // A command of one's own cannot leave out what did not stop it.
    const auto event = engine->ledger().readAt(Position{2}, 1);
    QVERIFY(event);
    const auto forged = [&](const std::string &consumer, const std::string &id, std::uint64_t position) {
        const auto hash = toHex(sha256("notes"));
        return send(*engine, "skip-event",
                    R"({"consumer":")" + consumer + R"(","view":"fragile","version":1,"hash":")" + hash
                        + R"(","event":")" + id + R"(","position":)" + std::to_string(position)
                        + R"(,"reason":"forged"})");
    };
    QVERIFY(!forged(stopped.name, event->front()->id.text(), 2));
    QVERIFY(!forged("view:fragile", event->front()->id.text(), 2));
    QVERIFY(!forged(statusOf(*engine, "view:sound").name, event->front()->id.text(), 2));
    QVERIFY(!forged(stopped.name, event->front()->id.text(), stopped.faultAt->value));
}

void TestConsumers::aResetUnderLoadShowsNothingLess()
{
    TemporaryWorkspace workspace;
    const auto engine = open(workspace);
    std::atomic<std::int64_t> seen{0};
    {
        const Load load(*engine);
        QTRY_VERIFY(load.sent() > 100);
        // A reader that looks all the time, and must never see a document fall back.
        std::atomic<bool> fellBack{false};
        const std::jthread reader([&](std::stop_token stop) {
            std::int64_t before = 0;
            while (!stop.stop_requested()) {
                const auto document = engine->views().get("sound", "3");
                const auto count = document ? parseJson(document->json)->integerAt("count").value_or(0) : 0;
                if (count < before)
                    fellBack = true;
                before = count;
                seen = count;
            }
        });
        for (int round = 0; round < 3; ++round) { // from the shared file to one of its own, and between its two names
            const auto reset = engine->consumers().reset({"view:sound", "ada"});
            QVERIFY2(reset, qPrintable(why(reset)));
            QTRY_VERIFY_WITH_TIMEOUT(!statusOf(*engine, "view:sound").rebuilt, 20'000);
            QCOMPARE(statusOf(*engine, "view:sound").fault, std::string());
        }
        QVERIFY(!fellBack);
    }
    QVERIFY(seen > 0);
    // What was sent last is decided, so that the ledger grows no more.
    const auto isDecided = [&engine] {
        const auto status = engine->status();
        return status.commands == status.succeeded + status.rejected + status.failed;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isDecided(), 60'000);
    QVERIFY(reaches(*engine, "view:sound"));
    QVERIFY(reaches(*engine, "view:fragile"));
    QCOMPARE(documents(*engine, "sound"), documents(*engine, "fragile"));
}

void TestConsumers::aResetOfTheDecidingViewKeepsDecisionsRight()
{
    TemporaryWorkspace workspace;
    auto engine = open(workspace);
    QCOMPARE(said(*engine, send(*engine, "open-account", account("1"))), std::string("succeeded"));
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 100; ++i)
            QVERIFY(send(*engine, "deposit-money", money("1", 1)));
        const auto reset = engine->consumers().reset({"view:accounts", "ada"});
        QVERIFY2(reset, qPrintable(why(reset)));
        for (int i = 0; i < 100; ++i)
            QVERIFY(send(*engine, "withdraw-money", money("1", 1)));
        QTRY_VERIFY_WITH_TIMEOUT(!statusOf(*engine, "view:accounts").rebuilt, 20'000);
        QCOMPARE(said(*engine, send(*engine, "withdraw-money", money("1", 1))), std::string("insufficient-funds"));
        if (round == 0) {
            engine.reset(); // what was exchanged is what the next opening decides with
            engine = open(workspace);
        }
    }
    QVERIFY(reaches(*engine, "view:accounts"));
    const auto live = documents(*engine, "accounts");
    engine.reset();
    QVERIFY(removeDerivedFiles(options(workspace.ledger())));
    engine = open(workspace);
    QVERIFY(reaches(*engine, "view:accounts"));
    QCOMPARE(documents(*engine, "accounts"), live);
}

void TestConsumers::theIndexIsBuiltAgain()
{
    TemporaryWorkspace workspace;
    const auto engine = open(workspace);
    const Load load(*engine);
    QTRY_VERIFY(load.sent() > 100);
    const auto reset = engine->consumers().reset({"index", "ada"});
    QVERIFY2(reset, qPrintable(why(reset)));
    QTRY_VERIFY(load.sent() > 200);
    RecordFilter filter;
    filter.kinds = {RecordKind::Command};
    filter.actions = {"take-note"};
    const auto found = [&]() -> std::size_t {
        const auto page = engine->records().match(filter, Position{1}, ScanDirection::OldestFirst, 200, {});
        return page ? page->positions.size() : 0;
    };
    QTRY_COMPARE(found(), std::size_t{200});
    QCOMPARE(statusOf(*engine, "index").fault, std::string());
}

void TestConsumers::aReadOnlyEngineLeavesOutTheSameEvents()
{
    TemporaryWorkspace workspace;
    const auto engine = open(workspace);
    for (const auto *const text : {"one", "break", "two"})
        QCOMPARE(said(*engine, note(*engine, "a", text)), std::string("succeeded"));
    auto reading = options(workspace.ledger());
    reading.readOnly = true;
    const auto beside = Engine::open(reading);
    QVERIFY(beside);
    QTRY_COMPARE(statusOf(**beside, "view:fragile").state, ConsumerState::Stopped);
    QCOMPARE((*beside)->consumers().skip({"view:fragile", "ada", "not here"}).error().code, ErrorCode::LedgerReadOnly);
    QVERIFY(engine->consumers().skip({"view:fragile", "ada", "written by a faulty version"}));
    QTRY_COMPARE(statusOf(**beside, "view:fragile").state, ConsumerState::Running); // it follows what is recorded
    QVERIFY(reaches(*engine, "view:fragile"));
    QTRY_COMPARE(documents(**beside, "fragile"), documents(*engine, "fragile"));
    // Its own files are its own: what is paused in the one that writes is not paused here.
    QVERIFY(engine->consumers().pause({"view:sound", "ada"}));
    QCOMPARE(said(*engine, note(*engine, "a", "three")), std::string("succeeded"));
    QVERIFY(reaches(**beside, "view:sound"));
}

QTEST_GUILESS_MAIN(TestConsumers)
#include "tst_consumers.moc"
