// SPDX-License-Identifier: GPL-3.0-or-later
// The process ends at once before one of its disk operations, while a view is paused, an event is skipped, and views
// are built again. What the ledger says then holds, and what is built from it is the same.
#include "consumer_bench.h"
#include "own_process.h"

#include "support/faulty_vfs.h"
#include "support/temporary_workspace.h"

#include <commander/clock.h>

#include <QtTest>

#include <array>
#include <unistd.h>

using namespace commander;
using namespace commander::notes;
using namespace commander::own_process;

namespace {

/// A view that stopped at an event, and some more notes.
int begin(const std::string &ledger)
{
    const auto engine = Engine::open(options(ledger));
    if (!engine)
        return wrong(engine.error().text());
    for (const auto *const text : {"one", "break", "two", "three"}) {
        if (said(**engine, note(**engine, "a", text)) != "succeeded")
            return wrong("no note");
    }
    return 0;
}

/// Until it is so, for some seconds.
template <class Is> bool becomes(Engine &engine, Is is)
{
    for (int looks = 0; looks < 1000; ++looks) {
        if (is())
            return true;
        (void)engine.views().waitFor({~std::uint64_t{0}}, 10ms); // nothing to wait for but time
    }
    return false;
}

/// An opening tries the event again, so it takes a moment.
bool stops(Engine &engine)
{
    return becomes(engine, [&] { return statusOf(engine, "view:fragile").state == ConsumerState::Stopped; });
}

/// What the ledger says of a consumer has this member; it may not be carried out yet.
bool isRecorded(Engine &engine, const std::string &name, const char *member)
{
    const auto document = engine.views().get("commander-consumers", statusOf(engine, name).name);
    return document && parseJson(document->json)->find(member);
}

/// Pauses, skips, resumes, resets; `report` gets how many disk operations that took.
int session(const std::string &ledger, std::uint64_t dieAt, int report)
{
    FaultPlan faults;
    SystemFileSystem real;
    FaultyFileSystem files(real, faults);
    if (dieAt > 0)
        faults.exitAt(dieAt, died);
    auto open = options(ledger);
    open.fileSystem = &files;
    {
        const auto engine = Engine::open(std::move(open));
        if (!engine)
            return wrong(engine.error().text());
        auto &consumers = (*engine)->consumers();
        if (auto done = consumers.pause({"view:sound", "ada"}); !done)
            return wrong(done.error().text());
        if (said(**engine, note(**engine, "a", "four")) != "succeeded")
            return wrong("no note");
        if (!stops(**engine))
            return wrong("it does not stop at the event");
        if (auto done = consumers.skip({"view:fragile", "ada", "faulty"}); !done)
            return wrong(done.error().text());
        if (auto done = consumers.resume({"view:sound", "ada"}); !done)
            return wrong(done.error().text());
        if (auto done = consumers.reset({"view:fragile", "ada"}); !done)
            return wrong(done.error().text());
        if (!reaches(**engine, "view:fragile"))
            return wrong("not built again");
    }
    const auto steps = faults.count();
    return ::write(report, &steps, sizeof steps) == static_cast<ssize_t>(sizeof steps) ? 0 : wrong("no pipe");
}

/// Does what is not done yet, and compares with everything built from nothing.
int look(const std::string &ledger)
{
    std::map<std::string, std::string> live;
    {
        const auto engine = Engine::open(options(ledger));
        if (!engine)
            return wrong(engine.error().text());
        if (said(**engine, note(**engine, "b", "after")) != "succeeded")
            return wrong("nothing is decided");
        if (!(*engine)->views().waitFor((*engine)->ledger().head()->position, 20s))
            return wrong("the views do not follow");
        if (isRecorded(**engine, "view:sound", "paused")) {
            if (!becomes(**engine, [&] { return statusOf(**engine, "view:sound").state == ConsumerState::Paused; }))
                return wrong("what is recorded is not carried out");
            if (auto done = (*engine)->consumers().resume({"view:sound", "ada"}); !done)
                return wrong(done.error().text());
        }
        if (!reaches(**engine, "view:sound"))
            return wrong("the sound view does not follow");
        if (!isRecorded(**engine, "view:fragile", "skipped")) {
            if (!stops(**engine))
                return wrong("it does not stop at the event");
            if (auto done = (*engine)->consumers().skip({"view:fragile", "ada", "faulty"}); !done)
                return wrong("not skipped: " + done.error().text());
        }
        if (!reaches(**engine, "view:fragile"))
            return wrong("the fragile view does not follow");
        live = documents(**engine, "fragile");
        for (const auto &[key, text] : documents(**engine, "sound"))
            live["sound " + key] = text;
    }
    if (!removeDerivedFiles(options(ledger)))
        return wrong("cannot remove derived files");
    const auto engine = Engine::open(options(ledger));
    if (!engine || !reaches(**engine, "view:fragile") || !reaches(**engine, "view:sound"))
        return wrong("not built from nothing");
    auto rebuilt = documents(**engine, "fragile");
    for (const auto &[key, text] : documents(**engine, "sound"))
        rebuilt["sound " + key] = text;
    return rebuilt == live ? 0 : wrong("built from nothing, the documents differ");
}

} // namespace

class TestConsumersKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStep();
};

void TestConsumersKill::everyStep()
{
    std::array<int, 2> pipe{};
    QCOMPARE(::pipe(pipe.data()), 0);
    std::uint64_t steps = 0;
    {
        const TemporaryWorkspace workspace;
        QCOMPARE(inProcess([&] { return begin(workspace.ledger()); }), 0);
        QCOMPARE(inProcess([&] { return session(workspace.ledger(), 0, pipe[1]); }), 0);
        QCOMPARE(::read(pipe[0], &steps, sizeof steps), static_cast<ssize_t>(sizeof steps));
        QCOMPARE(inProcess([&] { return look(workspace.ledger()); }), 0);
    }
    constexpr std::uint64_t deathsMax = 40;
    const auto stride = std::max<std::uint64_t>(1, steps / deathsMax);
    int deaths = 0;
    for (std::uint64_t at = 1; at <= steps; at += stride) {
        const TemporaryWorkspace workspace;
        QCOMPARE(inProcess([&] { return begin(workspace.ledger()); }), 0);
        const int ended = inProcess([&] { return session(workspace.ledger(), at, pipe[1]); });
        QVERIFY2(ended == died || ended == 0, qPrintable(QStringLiteral("died at %1: %2").arg(at).arg(ended)));
        deaths += ended == died ? 1 : 0;
        std::uint64_t ignored = 0;
        if (ended == 0)
            QCOMPARE(::read(pipe[0], &ignored, sizeof ignored), static_cast<ssize_t>(sizeof ignored));
        QVERIFY2(inProcess([&] { return look(workspace.ledger()); }) == 0,
                 qPrintable(QStringLiteral("after a death at %1").arg(at)));
    }
    QVERIFY(deaths > 10);
    ::close(pipe[0]);
    ::close(pipe[1]);
}

QTEST_GUILESS_MAIN(TestConsumersKill)
#include "tst_consumers_kill.moc"
