// SPDX-License-Identifier: GPL-3.0-or-later
// The process ends at once before one of its disk operations, at every step of an installation. Each session and each
// look at what it left is a process of its own: this one has no threads.
#include "counter_domain.h"
#include "own_process.h"

#include "support/faulty_vfs.h"
#include "support/temporary_workspace.h"

#include <commander/clock.h>

#include <QtTest>

#include <array>
#include <thread>
#include <unistd.h>

using namespace commander;
using namespace commander::counter;
using namespace commander::own_process;

namespace {

const Version first{};
const Version second{.by = 2, .weight = 10};

/// Disk operations of a session that lived.
struct Steps {
    std::uint64_t begin = 0; ///< before the installation
    std::uint64_t end = 0;   ///< when it had taken over and everything was closed
};

/// Counts, installs, counts; `report` gets where the installation lay.
int session(const std::string &ledger, std::uint64_t dieAt, int report)
{
    FaultPlan faults;
    SystemFileSystem real;
    FaultyFileSystem files_(real, faults);
    if (dieAt > 0)
        faults.exitAt(dieAt, died);
    auto open = options(ledger);
    open.fileSystem = &files_;
    Steps steps;
    {
        const auto engine = Engine::open(std::move(open));
        if (!engine)
            return wrong(engine.error().text());
        const auto counted = count(**engine, "a");
        if (!counted || said(**engine, *counted) != "succeeded")
            return wrong("not counted");
        steps.begin = faults.count();
        // The command after it is on its way while the installation is decided.
        std::jthread beside([&] { (void)count(**engine, "a"); });
        const auto installed = (*engine)->domains().install(files(second));
        beside.join();
        if (!installed)
            return wrong(installed.error().text());
        const auto after = count(**engine, "a");
        if (!after || said(**engine, *after) != "succeeded")
            return wrong("not counted after the installation");
    }
    steps.end = faults.count();
    if (::write(report, &steps, sizeof steps) != static_cast<ssize_t>(sizeof steps))
        return wrong("no pipe");
    return 0;
}

/// Opens what is there, goes on, installs once more, and checks all of it.
int look(const std::string &ledger)
{
    const auto engine = Engine::open(options(ledger));
    if (!engine)
        return wrong(engine.error().text());
    for (const auto *const key : {"a", "b"}) {
        const auto counted = count(**engine, key);
        if (!counted || said(**engine, *counted) != "succeeded")
            return wrong("not counted after the death");
    }
    // Whatever was on its way has a result by now: it came before these.
    if (!settled(**engine))
        return wrong("the views do not follow");
    if (const auto problem = checkLedger(**engine, {first, second}); !problem.empty())
        return wrong(problem);
    if (const auto installed = (*engine)->domains().install(files(second)); !installed)
        return wrong(installed.error().text());
    const auto counted = count(**engine, "a");
    if (!counted || said(**engine, *counted) != "succeeded" || !settled(**engine))
        return wrong("not counted after another installation");
    const auto problem = checkLedger(**engine, {first, second});
    return problem.empty() ? 0 : wrong(problem);
}

} // namespace

class TestDomainInstallationKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStep();
};

void TestDomainInstallationKill::everyStep()
{
    std::array<int, 2> pipe{};
    QCOMPARE(::pipe(pipe.data()), 0);
    const auto begin = [](const std::string &ledger) {
        return inProcess([&] { return Engine::open(options(ledger, {files(first)})) ? 0 : failed; });
    };
    Steps steps;
    {
        const TemporaryWorkspace workspace;
        QCOMPARE(begin(workspace.ledger()), 0);
        QCOMPARE(inProcess([&] { return session(workspace.ledger(), 0, pipe[1]); }), 0);
        QCOMPARE(::read(pipe[0], &steps, sizeof steps), static_cast<ssize_t>(sizeof steps));
        QCOMPARE(inProcess([&] { return look(workspace.ledger()); }), 0);
    }
    QVERIFY(steps.begin > 0 && steps.end > steps.begin);
    // Threads interleave differently each time, so a step more or less is somewhere else: enough of them meet all.
    constexpr std::uint64_t deathsMax = 40;
    const auto stride = std::max<std::uint64_t>(1, (steps.end - steps.begin) / deathsMax);
    int deaths = 0;
    for (auto at = steps.begin + 1; at <= steps.end; at += stride) {
        const TemporaryWorkspace workspace;
        QCOMPARE(begin(workspace.ledger()), 0);
        const int ended = inProcess([&] { return session(workspace.ledger(), at, pipe[1]); });
        QVERIFY2(ended == died || ended == 0, qPrintable(QStringLiteral("died at %1: %2").arg(at).arg(ended)));
        deaths += ended == died ? 1 : 0;
        if (ended == 0)
            QCOMPARE(::read(pipe[0], &steps, sizeof steps), static_cast<ssize_t>(sizeof steps));
        QVERIFY2(inProcess([&] { return look(workspace.ledger()); }) == 0,
                 qPrintable(QStringLiteral("after a death at %1").arg(at)));
    }
    QVERIFY(deaths > 10);
    ::close(pipe[0]);
    ::close(pipe[1]);
}

QTEST_GUILESS_MAIN(TestDomainInstallationKill)
#include "tst_domain_installation_kill.moc"
