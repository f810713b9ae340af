// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_test_support.h"
#include "support/result_macros.h"

#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>

using namespace scripttest;

namespace {

/// Calls in one second of this thread's processor time: other work on the machine does not count.
double rateOf(int calls, const std::function<void()> &call)
{
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
    };
    for (int i = 0; i < calls / 10; ++i)
        call();
    // The best of some rounds: what runs beside takes caches, and never gives any.
    double best = 0;
    for (int round = 0; round < 5; ++round) {
        const auto begin = now();
        for (int i = 0; i < calls / 5; ++i)
            call();
        best = std::max(best, calls / 5 / (now() - begin));
    }
    return best;
}

void show(const char *what, double native, double folder)
{
    qInfo("%-42s native %9.0f/s   folder %9.0f/s   ratio %.3f", what, native, folder, folder / native);
}

} // namespace

/// Prints what scripts and declarations cost beside their C++ twins; fails only for what is slower than the engine's
/// aims by far.
class TestScriptSpeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void handlers();
    void folds();
    void commands();
    void cleanup() { m_documents.all.clear(); }

private:
    void fill();
    [[nodiscard]] double foldRate(const Domain &domain, const std::string &view);

    std::shared_ptr<const Domain> m_native = makeBankDomain();
    std::shared_ptr<const Domain> m_folder;
    Documents m_documents;
};

void TestScriptSpeed::initTestCase()
{
    const auto loaded = loadDomainFolder(sampleFolder("bank"));
    QVERIFY_RESULT(loaded);
    m_folder = *loaded;
}

void TestScriptSpeed::fill()
{
    for (const char *account : {"12345", "54321"}) {
        m_documents.all[{"accounts", account}] = *parseJson(
            R"({"account":")" + std::string(account)
            + R"(","owner":"Ada","balance":1000000,"opened_at":"2016-05-20T14:33:28.902Z","movements":3})");
        m_documents.all[{"statements", account}]
            = *parseJson(R"({"account":")" + std::string(account) + R"(","movements":3,"balance":5})");
    }
}

void TestScriptSpeed::handlers()
{
    fill();
    Record command;
    command.id = uuid5({}, "x");
    command.action = "transfer-money";
    const auto data = *parseJson(R"({"from_account":"12345","to_account":"54321","amount":100})");
    const auto rate = [&](const Domain &domain) {
        return rateOf(20'000, [&] {
            HandlerContext context(command.id, {});
            const auto decision = domain.decide({command, data}, m_documents, context);
            if (!decision || std::get<std::vector<EventDraft>>(*decision).size() != 1)
                qFatal("the transfer was not decided");
        });
    };
    const auto native = rate(*m_native);
    const auto folder = rate(*m_folder);
    show("handler (script): transfer-money", native, folder);
    QVERIFY(folder > 20'000);
}

double TestScriptSpeed::foldRate(const Domain &domain, const std::string &view)
{
    const auto &views = domain.description().views;
    const auto spec = std::find_if(views.begin(), views.end(), [&](const auto &one) { return one.name == view; });
    Record event;
    event.kind = RecordKind::Event;
    event.id = uuid5({}, "x");
    event.action = "money-deposited";
    const auto data = *parseJson(R"({"account":"12345","amount":1})");
    return rateOf(20'000, [&] {
        m_documents.all.clear();
        fill();
        m_documents.view = view;
        if (!domain.fold(*spec, {event, data}, m_documents))
            qFatal("the event was not folded");
    });
}

void TestScriptSpeed::folds()
{
    // The same work around the folds, without them
    const auto around = rateOf(20'000, [&] {
        m_documents.all.clear();
        fill();
    });
    // A fold that cannot be told from the work around it is quicker than the clock.
    const auto alone = [around](double rate) {
        return rate < around ? 1 / (1 / rate - 1 / around) : std::numeric_limits<double>::infinity();
    };
    const auto nativeAccounts = alone(foldRate(*m_native, "accounts"));
    const auto declared = alone(foldRate(*m_folder, "accounts"));
    show("fold (declared): one document", nativeAccounts, declared);
    const auto nativeStatements = alone(foldRate(*m_native, "statements"));
    const auto scripted = alone(foldRate(*m_folder, "statements"));
    show("fold (script): two documents", nativeStatements, scripted);
    QVERIFY(declared > 100'000);
    QVERIFY(scripted > 20'000);
}

/// All that the processor does for a command: handler, schema, deciding folds, reaction, records.
void TestScriptSpeed::commands()
{
    const auto rate = [](const std::shared_ptr<const Domain> &domain) {
        const auto registry = DomainRegistry::create({domain});
        NoBackend backend;
        DecisionDocuments documents(**registry, backend);
        RecordIds ids;
        CommandDecider decider(**registry, documents, ids);
        std::vector<RecordDraft> out;
        std::uint64_t sent = 0;
        const auto send = [&](const std::string &action, const std::string &data) {
            Record command;
            command.kind = RecordKind::Command;
            command.id = uuid5({}, std::to_string(++sent));
            command.correlation = command.id;
            command.action = action;
            command.data = data;
            out.clear();
            const auto status = decider.decide(command, command.recordedAt, FaultPolicy::Fail, out);
            documents.keep();
            if (!status || status->outcome.status != CommandStatus::Succeeded)
                qFatal("the command did not succeed");
        };
        for (const char *account : {"1", "2"})
            send("open-account",
                 R"({"account":")" + std::string(account) + R"(","owner":"Ada","opening_balance":1000000000})");
        return rateOf(20'000, [&] { send("transfer-money", R"({"from_account":"1","to_account":"2","amount":1})"); });
    };
    const auto native = rate(m_native);
    const auto folder = rate(m_folder);
    show("command with event, folds and reaction", native, folder);
    QVERIFY(folder > 15'000);
}

QTEST_GUILESS_MAIN(TestScriptSpeed)
#include "tst_script_speed.moc"
