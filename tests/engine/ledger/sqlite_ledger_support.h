// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/sqlite/sqlite_ledger.h"
#include "support/manual_clock.h"
#include "support/record_factory.h"
#include "support/seeded_random.h"
#include "support/temporary_workspace.h"

#include <commander/file_system.h>

#include <map>
#include <string>

namespace commander {

/// A place for one SqliteLedger with its surroundings.
class LedgerBench {
public:
    explicit LedgerBench(std::uint64_t seed = 1) : m_random(seed) { }

    [[nodiscard]] SqliteLedgerOptions options(Durability durability = Durability::Full)
    {
        return {.path = path(),
                .durability = durability,
                .clock = &m_clock,
                .random = &m_random,
                .fileSystem = &m_fileSystem,
                .holder = "pid 1 (test)"};
    }
    [[nodiscard]] std::string path() const { return m_workspace.ledger(); }
    [[nodiscard]] std::string file(const std::string &name) const { return m_workspace.file(name); }
    [[nodiscard]] ManualClock &clock() { return m_clock; }
    [[nodiscard]] SystemFileSystem &fileSystem() { return m_fileSystem; }
    [[nodiscard]] SeededRandom &random() { return m_random; }

    /// Appends testCommand(from) to testCommand(to), 500 a transaction, and waits for the last.
    void fill(Ledger &ledger, std::uint64_t from, std::uint64_t to) const;

private:
    TemporaryWorkspace m_workspace;
    ManualClock m_clock;
    SeededRandom m_random;
    SystemFileSystem m_fileSystem;
};

/// Name and content of all files of a folder, but for lock files, whose text is not kept.
[[nodiscard]] std::map<std::string, std::string> filesOf(const std::string &folder);
[[nodiscard]] std::string readFile(const std::string &path);
void writeFile(const std::string &path, const std::string &bytes);
void copyFile(const std::string &from, const std::string &to);

/// A ledger with `transactions` of command and event in a file without companions but its head: the log is folded in.
void makeLedger(LedgerBench &bench, std::uint64_t transactions);
/// The same with the newer half of the transactions only in the write-ahead log, as after a crash. The files are at
/// bench.file("crashed"…).
void makeCrashedLedger(LedgerBench &bench, std::uint64_t transactions);

} // namespace commander
