// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"
#include "support/temporary_workspace.h"

#include <commander/engine.h>

#include <QtTest>

#include <atomic>
#include <thread>

using namespace commander;

namespace {

constexpr std::chrono::seconds patience{30};

/// `greet` → `greeted`, and the reaction `answer` causes `thank` for each
/// `greeted`. View `people` decides, `greetings` is for reading: its version 2 counts in another member.
class GreetingDomain final : public Domain {
public:
    explicit GreetingDomain(std::uint32_t readingVersion = 1)
    {
        m_description.name = "greetings";
        m_description.eventsTopic = "greeting-events";
        m_description.hash[0] = static_cast<std::uint8_t>(readingVersion);
        const auto command = [this](const char *action) {
            m_description.commands.push_back({action, action, R"({"type":"object"})", "name", R"({"name":"a"})"});
        };
        command("greet");
        command("thank");
        m_description.events.push_back({"greeted", R"({"type":"object"})"});
        m_description.events.push_back({"thanked", R"({"type":"object"})"});
        m_description.views.push_back({"people", 1, {}, {"greeted", "thanked"}});
        m_description.views.push_back({"greetings", readingVersion, "/greetings", {"greeted", "thanked"}, false});
        m_description.reactsTo = {"greeted"};
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] FoldBinding reading()
    {
        return {std::make_shared<GreetingDomain>(m_description.views[1].version), m_description.views[1]};
    }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &) const override
    {
        const auto name = command.data.stringAt("name");
        const auto *const person = views.get("people", name);
        auto data = Json::object();
        data.set("name", Json(name)).set("before", person ? *person : Json(0));
        const auto *const action = command.record.action == "greet" ? "greeted" : "thanked";
        std::vector<EventDraft> events;
        events.push_back({action, std::string(name), std::move(data)});
        return Decision(std::move(events));
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto name = event.data.stringAt("name");
        const auto *const before = documents.get(name);
        if (view.name == "people") {
            documents.put(name, Json(before ? *before->asInteger() + 1 : 1));
            return {};
        }
        const auto *const member = view.version == 1 ? "count" : "times";
        auto document = Json::object();
        document.set(member, Json(before ? before->integerAt(member).value_or(0) + 1 : 1));
        documents.put(name, std::move(document));
        return {};
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &,
                                                             HandlerContext &) const override
    {
        ++reactions;
        std::vector<FollowUpCommand> commands;
        auto data = Json::object();
        data.set("name", Json(event.data.stringAt("name")));
        FollowUpCommand command;
        command.action = "thank";
        command.reaction = "answer";
        command.data = std::move(data);
        commands.push_back(std::move(command));
        return commands;
    }

    mutable std::atomic<int> reactions = 0;

private:
    DomainDescription m_description;
};

bool waitFor(Engine &engine, const ViewVersionId &id, ViewVersionState state)
{
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
        for (const auto &version : engine.viewVersions().list()) {
            if (version.id == id && version.state == state)
                return true;
        }
        std::this_thread::yield();
    }
    return false;
}

/// Sends so many commands.
void greet(Engine &engine, int times)
{
    for (int i = 0; i < times; ++i) {
        CommandDraft draft;
        draft.action = "greet";
        draft.data = "{\"name\":\"person " + std::to_string(i % 7) + "\"}";
        draft.actor = "test";
        engine.commands().submit(std::move(draft), [](Result<CommandReceipt> receipt) { QVERIFY_RESULT(receipt); });
    }
}

std::uint64_t countOf(Engine &engine, RecordKind kind, const std::string &action)
{
    std::uint64_t count = 0;
    for (Position from{1};;) {
        const auto records = engine.ledger().readAt(from, 1000);
        if (!records || records->empty())
            return count;
        for (const auto &record : *records)
            count += record->kind == kind && record->action == action;
        from = records->back()->position.next();
    }
}

std::string documents(ViewReader &reader, const std::string &view)
{
    std::string text;
    const auto list = reader.list(view, {});
    if (!list)
        return list.error().text();
    for (const auto &document : list->documents)
        text += document.key + ' ' + document.json + '\n';
    return text;
}

} // namespace

/// View versions of a whole engine.
class EngineVersionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void promotionRepeatsNoReaction();
    void memoryIsConfigurable();
};

void EngineVersionsTest::promotionRepeatsNoReaction()
{
    const TemporaryWorkspace workspace;
    const auto domain = std::make_shared<GreetingDomain>();
    OpenOptions options;
    options.ledgerPath = workspace.ledger();
    options.durability = Durability::Relaxed;
    options.domains = {domain};
    GreetingDomain second(2);
    const auto v1 = viewVersionOf(GreetingDomain(1).reading());
    const auto v2 = viewVersionOf(second.reading());
    std::uint64_t greeted = 0;
    const auto settled = [&](Engine &engine, int times) {
        greet(engine, times);
        greeted += static_cast<std::uint64_t>(times);
        const auto end = std::chrono::steady_clock::now() + patience;
        while (countOf(engine, RecordKind::Event, "thanked") < greeted) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            std::this_thread::yield();
        }
        const auto head = engine.ledger().head();
        return head && engine.views().waitFor(head->position, patience);
    };
    auto engine = Engine::open(options);
    QVERIFY_RESULT(engine);
    QVERIFY(settled(**engine, 40));
    QCOMPARE(domain->reactions.load(), 40);
    const auto head = (*engine)->ledger().head()->position;

    const auto started = (*engine)->viewVersions().start(second.reading());
    QVERIFY_RESULT(started);
    QVERIFY(*started == v2);
    QVERIFY(waitFor(**engine, v2, ViewVersionState::Ready));
    QVERIFY_RESULT((*engine)->viewVersions().promote({v2}));
    QVERIFY(documents((*engine)->views(), "greetings").find("times") != std::string::npos);
    QVERIFY(*(*engine)->viewVersions().rollback("greetings") == v1);
    QVERIFY_RESULT((*engine)->viewVersions().promote({v2}));
    // Neither building nor exchanging nor going back appended anything or reacted to anything.
    QCOMPARE((*engine)->ledger().head()->position, head);
    QCOMPARE(domain->reactions.load(), 40);
    QCOMPARE(second.reactions.load(), 0);
    // What comes now is reacted to once, and both versions see it.
    QVERIFY(settled(**engine, 5));
    QCOMPARE(domain->reactions.load(), 45);
    const auto shown = documents((*engine)->views(), "greetings");

    // Deleted and built anew: the same documents, from the version that was chosen, and still no reaction.
    engine->reset();
    QVERIFY_RESULT(removeDerivedFiles(options));
    options.folds = {second.reading()};
    engine = Engine::open(options);
    QVERIFY_RESULT(engine);
    const auto end = (*engine)->ledger().head()->position;
    QVERIFY((*engine)->views().waitFor(end, patience));
    QCOMPARE(documents((*engine)->views(), "greetings"), shown);
    QCOMPARE_ERROR(removeDerivedFiles(options), ErrorCode::LedgerLocked);
    QVERIFY(settled(**engine, 3));
    QCOMPARE(domain->reactions.load(), 48);
    QCOMPARE(countOf(**engine, RecordKind::Command, "thank"), greeted);
    QCOMPARE(countOf(**engine, RecordKind::Event, "thanked"), greeted);
    QVERIFY((*engine)->status().faults.empty());
    // The version that is declared goes on beside it.
    QCOMPARE((*engine)->views().views()[1].version, 2u);
    QVERIFY(*(*engine)->viewVersions().rollback("greetings") == v1);
    QVERIFY(documents((*engine)->views(), "greetings").find("count") != std::string::npos);
}

void EngineVersionsTest::memoryIsConfigurable()
{
    const TemporaryWorkspace workspace;
    OpenOptions options;
    options.ledgerPath = workspace.ledger();
    options.domains = {std::make_shared<GreetingDomain>()};
    // Caches of next to nothing: slower, but the same.
    options.memory = {.documentCacheBytes = 1024, .viewPageCacheBytes = 4096, .indexPageCacheBytes = 4096};
    auto engine = Engine::open(options);
    QVERIFY_RESULT(engine);
    greet(**engine, 200);
    QTRY_COMPARE_WITH_TIMEOUT(countOf(**engine, RecordKind::Event, "thanked"), std::uint64_t{200}, 30000);
    QVERIFY((*engine)->views().waitFor((*engine)->ledger().head()->position, patience));
    std::int64_t all = 0;
    const auto list = (*engine)->views().list("greetings", {});
    QVERIFY_RESULT(list);
    for (const auto &document : list->documents)
        all += parseJson(document.json)->integerAt("count").value_or(0);
    QCOMPARE(all, 400);
}

QTEST_GUILESS_MAIN(EngineVersionsTest)
#include "tst_engine_versions.moc"
