// SPDX-License-Identifier: GPL-3.0-or-later
#include "changed_domain.h"
#include "experiment_fixture.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

using namespace commander;
using namespace commander::test;

namespace {

/// Lets a candidate stand still until it is told to go on.
class Gate {
public:
    void wait()
    {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_open; });
    }
    void open()
    {
        const std::scoped_lock lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    void awaitVisitor()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_waiting > 0; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = false;
    int m_waiting = 0;
};

ShadowRequest request(std::shared_ptr<const Domain> bank)
{
    ShadowRequest request;
    request.name = "candidate";
    request.domains = {std::move(bank), makeCustomersDomain()};
    return request;
}

bool reaches(ShadowRun &shadow, Position position)
{
    return QTest::qWaitFor([&] { return shadow.status().position >= position; }, 20'000);
}

} // namespace

class TestShadow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comparesLiveCommands();
    void startsAnywhere();
    void aSlowCandidateSlowsNobody();
    void pauseAndResume();
    void faultsAreCounted();
    void stops();
};

void TestShadow::comparesLiveCommands()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    auto ask = request(carefulBank(1000));
    const auto shadow = workspace->experiments().shadow(ask);
    QVERIFY_RESULT(shadow);
    QVERIFY(reaches(**shadow, workspace.head()));
    QCOMPARE((*shadow)->status().comparison.commands, std::uint64_t(0)); // what was before is only folded
    workspace.transfer("1", "2", 10);
    workspace.transfer("1", "2", 2'000'000);
    workspace.transfer("2", "3", 2'000'500); // the candidate said no to the one before, but is judged by this one alone
    QVERIFY(workspace.settle());
    QVERIFY(reaches(**shadow, workspace.head()));
    const auto status = (*shadow)->status();
    QCOMPARE(status.name, std::string("candidate"));
    QCOMPARE(status.comparison.commands, std::uint64_t(5)); // two are flagged
    QCOMPARE(status.comparison.of(DifferenceKind::Status), std::uint64_t(2));
    QCOMPARE(status.comparison.same, std::uint64_t(3));
    QCOMPARE(status.comparison.examples.size(), std::size_t(2));
    QVERIFY(status.comparison.examples[0].other.find("too-much") != std::string::npos);
    QVERIFY(status.running && status.fault.empty() && status.viewFaults.empty());
    QVERIFY(status.position == status.ledger);
    QVERIFY(status.commandsPerSecond > 0);
}

void TestShadow::startsAnywhere()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto from = workspace.head();
    workspace.transfer("1", "2", 10);
    workspace.transfer("1", "2", 2'000'000);
    QVERIFY(workspace.settle());
    for (const auto &bank : {makeBankDomain(), carefulBank(1000)}) {
        auto ask = request(bank);
        ask.from = from;
        const auto shadow = workspace->experiments().shadow(ask);
        QVERIFY_RESULT(shadow);
        QVERIFY(reaches(**shadow, workspace.head()));
        QCOMPARE((*shadow)->status().comparison.commands, std::uint64_t(3));
        QCOMPARE((*shadow)->status().comparison.same, std::uint64_t(bank->description().version == 1 ? 3 : 2));
    }
}

void TestShadow::aSlowCandidateSlowsNobody()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    Gate gate;
    auto bank = std::make_shared<ChangedDomain>(
        makeBankDomain(),
        [&gate](const Domain &old, const ParsedRecord &command, DocumentSource &views, HandlerContext &context) {
            gate.wait();
            return old.decide(command, views, context);
        });
    const auto shadow = workspace->experiments().shadow(request(bank));
    QVERIFY_RESULT(shadow);
    workspace.transfer("1", "2", 1);
    gate.awaitVisitor();
    // It stands in its first command; the processor, the views and the index go on.
    for (int i = 0; i < 500; ++i)
        workspace.record("deposit-money", R"({"account":"1","amount":1})");
    QVERIFY(workspace.settle());
    const auto behind = (*shadow)->status();
    QCOMPARE(behind.comparison.commands, std::uint64_t(0));
    QVERIFY(behind.position.value + 1000 < behind.ledger.value);
    gate.open();
    QVERIFY(reaches(**shadow, workspace.head()));
    QCOMPARE((*shadow)->status().comparison.same, std::uint64_t(501));
}

void TestShadow::pauseAndResume()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto shadow = workspace->experiments().shadow(request(makeBankDomain()));
    QVERIFY_RESULT(shadow);
    (*shadow)->pause();
    workspace.transfer("1", "2", 1);
    QVERIFY(workspace.settle());
    QVERIFY((*shadow)->status().paused);
    QVERIFY((*shadow)->status().position < workspace.head());
    QCOMPARE((*shadow)->status().comparison.commands, std::uint64_t(0));
    (*shadow)->resume();
    QVERIFY(reaches(**shadow, workspace.head()));
    QCOMPARE((*shadow)->status().comparison.same, std::uint64_t(1));
    (*shadow)->pause();
    (*shadow)->stop(); // also while it is paused
    QVERIFY(!(*shadow)->status().running);
}

void TestShadow::faultsAreCounted()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    auto bank = std::make_shared<ChangedDomain>(
        makeBankDomain(),
        [](const Domain &old, const ParsedRecord &command, DocumentSource &views,
           HandlerContext &context) -> Result<Decision> {
            if (command.data.integerAt("amount") == 7)
                throw std::runtime_error("unlucky");
            return old.decide(command, views, context);
        },
        [](const Domain &old, const ViewSpec &view, const ParsedRecord &event,
           DocumentFold &documents) -> Result<void> {
            if (!view.decides && event.record.action == "money-transferred")
                throw std::runtime_error("cannot fold");
            return old.fold(view, event, documents);
        });
    const auto shadow = workspace->experiments().shadow(request(bank));
    QVERIFY_RESULT(shadow);
    workspace.transfer("1", "2", 7);
    workspace.transfer("1", "2", 8);
    QVERIFY(workspace.settle());
    QVERIFY(reaches(**shadow, workspace.head()));
    const auto status = (*shadow)->status();
    QVERIFY(status.running);
    QCOMPARE(status.comparison.faults, std::uint64_t(1));
    QCOMPARE(status.comparison.same, std::uint64_t(1));
    QVERIFY(!status.viewFaults.empty());
    QVERIFY(workspace->status().faults.empty()); // the real ones do not know of it
}

void TestShadow::stops()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    {
        const auto shadow = workspace->experiments().shadow(request(makeBankDomain()));
        QVERIFY_RESULT(shadow);
        workspace.transfer("1", "2", 1);
        QVERIFY(workspace.settle());
        QVERIFY(reaches(**shadow, workspace.head()));
        (*shadow)->stop();
        workspace.transfer("1", "2", 1);
        QVERIFY(workspace.settle());
        QCOMPARE((*shadow)->status().comparison.commands, std::uint64_t(1));
        QVERIFY(!(*shadow)->status().running);
    }
    workspace.transfer("1", "2", 1);
    QVERIFY(workspace.settle());
}

QTEST_GUILESS_MAIN(TestShadow)
#include "tst_shadow.moc"
