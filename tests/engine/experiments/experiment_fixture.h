// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/manual_clock.h"
#include "support/result_macros.h"
#include "support/seeded_random.h"
#include "support/temporary_workspace.h"

#include <commander/engine.h>

#include <cstdlib>
#include <map>
#include <QTest>

namespace commander::test {

/// A workspace with the sample domains, on a clock that stands still.
class Workspace {
public:
    explicit Workspace(std::uint64_t seed = 1, std::shared_ptr<const Domain> bank = makeBankDomain()) : m_random(seed)
    {
        OpenOptions options;
        options.ledgerPath = m_folder.ledger();
        options.durability = Durability::Relaxed;
        options.domains = {std::move(bank), makeCustomersDomain()};
        options.clock = &clock;
        options.random = &m_random;
        auto opened = Engine::open(std::move(options));
        if (!opened)
            qFatal("%s", opened.error().text().c_str());
        m_engine = std::move(*opened);
    }
    Engine &operator*() { return *m_engine; }
    Engine *operator->() { return m_engine.get(); }

    static CommandDraft draft(const std::string &action, const std::string &data)
    {
        CommandDraft draft;
        draft.action = action;
        draft.data = data;
        draft.actor = "test";
        return draft;
    }
    /// Recorded, but perhaps not decided yet.
    Uuid record(CommandDraft draft)
    {
        const auto receipt = m_engine->commands().submitAndWait(std::move(draft));
        if (!receipt)
            qFatal("%s", receipt.error().text().c_str());
        return receipt->command->id;
    }
    Uuid record(const std::string &action, const std::string &data) { return record(draft(action, data)); }
    /// Recorded and decided.
    Uuid send(const std::string &action, const std::string &data)
    {
        const auto id = record(action, data);
        const auto result = m_engine->commands().waitForResult(id, std::chrono::seconds(20));
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return id;
    }
    /// The bank with three accounts of 5,000,000, 1,000 and 0.
    void openAccounts()
    {
        send("open-account", R"({"account":"1","owner":"Ada","opening_balance":5000000})");
        send("open-account", R"({"account":"2","owner":"Ben","opening_balance":1000})");
        send("open-account", R"({"account":"3","owner":"Cy"})");
    }
    Uuid transfer(const std::string &from, const std::string &to, std::int64_t amount)
    {
        return send("transfer-money",
                    R"({"from_account":")" + from + R"(","to_account":")" + to + R"(","amount":)"
                        + std::to_string(amount) + "}");
    }
    /// Until every command has its result and the views have seen it. False when that does not come.
    [[nodiscard]] bool settle()
    {
        return QTest::qWaitFor([this] { return settled(); }, 30'000);
    }
    [[nodiscard]] Position head() { return m_engine->ledger().head()->position; }
    [[nodiscard]] std::vector<RecordPtr> all() { return *m_engine->ledger().readAt({1}, 1'000'000); }
    [[nodiscard]] Position positionOf(const Uuid &id) { return (*m_engine->ledger().find(id))->position; }
    /// All documents, as "view/key" → text.
    [[nodiscard]] std::map<std::string, std::string> documents(std::optional<Position> at = {})
    {
        std::map<std::string, std::string> out;
        for (const auto &view : m_engine->views().views()) {
            DocumentListRequest ask;
            ask.limit = limits::pageRowsMax;
            ask.at = at;
            do {
                const auto list = m_engine->views().list(view.name, ask);
                if (!list)
                    qFatal("%s", list.error().text().c_str());
                for (const auto &document : list->documents)
                    out[view.name + '/' + document.key] = document.json;
                ask.afterKey = list->nextKey;
            } while (ask.afterKey);
        }
        return out;
    }

    ManualClock clock;

private:
    bool settled()
    {
        std::size_t commands = 0;
        std::size_t results = 0;
        for (const auto &record : all()) {
            commands += record->kind == RecordKind::Command ? 1 : 0;
            results += record->kind == RecordKind::Result ? 1 : 0;
        }
        return commands == results && m_engine->views().waitFor(head(), std::chrono::seconds(10));
    }

    SeededRandom m_random;
    TemporaryWorkspace m_folder;
    std::unique_ptr<Engine> m_engine;
};

} // namespace commander::test
