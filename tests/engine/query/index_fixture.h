// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/memory/memory_ledger.h"
#include "query/record_index.h"
#include "sqlite/database.h"
#include "support/manual_clock.h"
#include "support/result_macros.h"
#include "support/seeded_random.h"
#include "support/temporary_workspace.h"

#include <commander/file_system.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

namespace commander {

/// Waits until something has got as far as a position.
class PositionGate {
public:
    void reach(Position position)
    {
        const std::scoped_lock lock(m_mutex);
        m_position = std::max(m_position, position);
        m_changed.notify_all();
    }
    void restart()
    {
        const std::scoped_lock lock(m_mutex);
        m_position = {};
    }
    [[nodiscard]] bool waitFor(Position position, std::chrono::seconds wait = std::chrono::seconds(90))
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, wait, [&] { return m_position >= position; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Position m_position;
};

/// Makes chains of records as the engine would: commands, most with a result and events, some with follow-up commands.
class RecordMaker {
public:
    explicit RecordMaker(unsigned seed) : m_random(seed) { }

    /// A command with what came of it.
    std::vector<RecordDraft> chain()
    {
        std::vector<RecordDraft> records;
        auto command = draft(RecordKind::Command, "commands", commandActions[below(4)], newId(), {});
        command.correlation = command.id;
        if (below(8) == 0)
            command.parent = newId(); // names something that is not in the ledger
        follow(records, std::move(command), 0);
        return records;
    }

    std::uint64_t below(std::uint64_t bound)
    {
        return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(m_random);
    }
    Uuid newId()
    {
        Uuid id;
        for (auto &byte : id.bytes)
            byte = static_cast<std::uint8_t>(m_random());
        return id;
    }

    static constexpr const char *commandActions[]
        = {"open-account", "transfer-money", "deposit-money", "close-account"};
    static constexpr const char *eventActions[]
        = {"account-opened", "money-transferred", "money-deposited", "account-closed"};
    static constexpr const char *eventTopics[] = {"bank-events", "customer-events"};

private:
    RecordDraft draft(RecordKind kind, std::string_view topic, std::string_view action, const Uuid &id,
                      const Uuid &parent)
    {
        RecordDraft record;
        record.kind = kind;
        record.id = id;
        record.parent = parent;
        record.topic = topic;
        record.action = action;
        record.key = "key-" + std::to_string(below(20));
        record.actor = "actor-" + std::to_string(below(5));
        record.data = R"({"Owner":"Person )" + std::to_string(below(50)) + R"(","amount":)"
            + std::to_string(below(10'000)) + "}";
        return record;
    }

    void follow(std::vector<RecordDraft> &records, RecordDraft command, int depth)
    {
        const auto id = command.id;
        const auto correlation = command.correlation;
        records.push_back(std::move(command));
        if (below(10) == 0)
            return; // still open
        const auto outcome = below(10);
        auto result = draft(RecordKind::Result, "command-results",
                            outcome < 7       ? "succeeded"
                                : outcome < 9 ? "rejected"
                                              : "failed",
                            uuid5(id, "result"), id);
        result.actor = "engine";
        result.correlation = correlation;
        const auto events = outcome < 7 ? below(4) : 0;
        for (std::uint64_t n = 1; n <= events; ++n) {
            auto event = draft(RecordKind::Event, eventTopics[below(2)], eventActions[below(4)],
                               uuid5(id, "event/" + std::to_string(n)), id);
            event.correlation = correlation;
            records.push_back(event);
            if (depth < 2 && below(6) == 0) {
                auto next = draft(RecordKind::Command, "commands", commandActions[below(4)],
                                  uuid5(event.id, "command/1"), event.id);
                next.correlation = correlation;
                follow(records, std::move(next), depth + 1);
            }
        }
        records.push_back(std::move(result));
    }

    std::mt19937_64 m_random;
};

/// A ledger in memory with an index in a folder of its own.
class IndexFixture {
public:
    explicit IndexFixture(unsigned seed) : random(seed), make(seed), ledger(clock, random) { }

    /// Opens the index (again) and follows.
    void openIndex()
    {
        index.reset();
        auto opened = RecordIndex::open(
            {.path = path(), .ledger = ledger, .fileSystem = *disk, .onProgress = [this](Position position) {
                 gate.reach(position);
             }});
        QVERIFY_RESULT(opened);
        index = std::move(*opened);
        gate.reach(index->position());
        QVERIFY_RESULT(index->start());
    }

    /// Appends whole chains, up to so many together, until there are at least so many records; time passes in between.
    void appendUpTo(std::uint64_t count, std::uint64_t stepMicrosMax = 700'000, std::uint64_t chainsMax = 4)
    {
        while (records.size() < count) {
            LedgerTransaction transaction;
            for (auto chains = 1 + make.below(chainsMax); chains > 0; --chains)
                std::ranges::move(make.chain(), std::back_inserter(transaction.records));
            clock.advance(std::chrono::microseconds(make.below(stepMicrosMax)));
            auto appended = ledger.appendAndWait(std::move(transaction));
            QVERIFY_RESULT(appended);
            std::ranges::copy(appended->records, std::back_inserter(records));
        }
    }

    /// The content of the index file, table by table, as text.
    [[nodiscard]] std::string dump() const
    {
        std::string text;
        auto database = Database::open(path(), Database::Mode::ReadOnly);
        for (const auto *const sql :
             {"SELECT position, hex(chain), first, last FROM state",
              "SELECT number, kind, topic, action, count FROM series", "SELECT number, name FROM actors",
              "SELECT position, series, actor, recorded, parent, root, key FROM records",
              "SELECT role, hex(id), position FROM strays", "SELECT command, status, result FROM outcomes",
              "SELECT width, bucket, series, count FROM rollups"}) {
            auto statement = database->prepare(std::string("SELECT json_array(") + columnsOf(sql));
            if (!statement)
                return statement.error().text();
            while (*statement->step())
                text += std::string(statement->text(0)) + "\n";
            text += "--\n";
        }
        return text;
    }

    [[nodiscard]] Position head() const { return {records.size()}; }
    void waitForIndex() { QVERIFY2(gate.waitFor(head()), index->fault().c_str()); }
    [[nodiscard]] std::string path() const { return workspace.file("index.sqlite"); }

private:
    /// "SELECT a, b FROM t" without its first word, closed for json_array.
    static std::string columnsOf(const std::string &sql)
    {
        const auto from = sql.rfind(" FROM ");
        return sql.substr(7, from - 7) + ")" + sql.substr(from);
    }

public:
    TemporaryWorkspace workspace;
    ManualClock clock;
    SeededRandom random;
    SystemFileSystem fileSystem;
    FileSystem *disk = &fileSystem; ///< of the index
    RecordMaker make;
    MemoryLedger ledger;
    PositionGate gate;
    std::vector<RecordPtr> records; ///< all, position n at n - 1
    std::unique_ptr<RecordIndex> index;
};

} // namespace commander
