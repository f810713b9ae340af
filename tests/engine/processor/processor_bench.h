// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "order_domain.h"
#include "rogue_domain.h"
#include "simulation.h"
#include "workshop_domain.h"

#include "ledger/memory/memory_ledger.h"
#include "processor/processor.h"
#include "system/system_domain.h"

#include <commander/command_terms.h>

#include <QTest>

#include <atomic>
#include <cstdlib>

namespace commander::simulation {

/// A processor over a ledger in memory, with the bank and the domains of the tests.
struct Bench {
    ManualClock clock;
    SeededRandom random;
    MemoryLedger real{clock, random};
    MoodyLedger ledger{real};
    std::atomic<int> reactions{0}; ///< of the order domain
    std::shared_ptr<const DomainRegistry> domains = std::move(*DomainRegistry::create(
        {makeBankDomain(), makeRogueDomain(), makeOrderDomain(reactions), makeWorkshopDomain(), makeSystemDomain()}));
    ReplayedViews views{real, *domains};
    std::atomic<std::size_t> committed{0};
    std::unique_ptr<Processor> processor;
    std::uint64_t sent = 0;

    ~Bench()
    {
        if (processor)
            processor->stop();
    }
    void start(std::size_t documentsMax = limits::decisionCacheMax)
    {
        processor = std::make_unique<Processor>(Processor::Options{
            .ledger = ledger,
            .domains = [this] { return domains; },
            .clock = clock,
            .settled = views,
            .onCommitted = [this](std::span<const RecordPtr> results) { committed += results.size(); },
            .documentsMax = documentsMax});
        if (!processor->start())
            std::abort();
    }
    Uuid send(const std::string &action, const std::string &data, const CommandTerms &terms = {})
    {
        LedgerTransaction transaction;
        const auto id = uuid5({}, std::to_string(++sent));
        auto draft = commandDraft(id, action, data);
        draft.headers = writeTerms(terms);
        if (const auto *entry = domains->findCommand(action))
            draft.key = commandKey(*entry->spec, *parseJson(data));
        transaction.records.push_back(std::move(draft));
        clock.advance(std::chrono::milliseconds(1));
        if (!real.appendAndWait(std::move(transaction)))
            std::abort();
        return id;
    }
    /// A command of the system domain about another command.
    Uuid sendAbout(const std::string &action, const Uuid &command)
    {
        return send(action, R"({"command":")" + command.text() + R"("})");
    }
    /// Until every command is decided or waits, or the processor stopped.
    bool taken()
    {
        return QTest::qWaitFor(
            [this] {
                Position last;
                for (const auto &record : allRecords(real)) {
                    if (record->kind == RecordKind::Command)
                        last = record->position;
                }
                const auto status = processor->status();
                return !status.running || status.processedTo >= last;
            },
            10'000);
    }
    /// "view/key" → text, "" when there is none.
    std::string document(const std::string &viewAndKey)
    {
        const auto all = views.all();
        const auto found = all.find(viewAndKey);
        return found == all.end() ? std::string() : found->second;
    }
    void restart()
    {
        processor->stop();
        start();
    }
    /// Until every command has its result, or the processor stopped.
    bool idle()
    {
        return QTest::qWaitFor(
            [this] {
                const auto status = processor->status();
                std::uint64_t commands = 0;
                std::uint64_t results = 0;
                for (const auto &record : allRecords(real)) {
                    commands += record->kind == RecordKind::Command ? 1 : 0;
                    results += record->kind == RecordKind::Result ? 1 : 0;
                }
                return !status.running || commands == results;
            },
            10'000);
    }
    CommandOutcome outcome(const Uuid &command)
    {
        const auto result = real.find(uuid5(command, "result"));
        return result ? *parseOutcome((*result)->data) : CommandOutcome{};
    }
    std::string said(const Uuid &command)
    {
        const auto what = outcome(command);
        return std::string(commandStatusName(what.status)) + ' ' + what.errorCode + ": " + what.errorMessage;
    }
};

} // namespace commander::simulation
