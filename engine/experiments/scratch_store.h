// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/record.h>

#include <optional>
#include <string>
#include <vector>

namespace commander {

/// What a simulation makes, outside of memory: a nameless temporary database that SQLite keeps in a small cache, spills
/// to the disk beyond it and deletes when it is closed, also after a crash. Used by one thread at a time.
class ScratchStore {
public:
    [[nodiscard]] static Result<std::unique_ptr<ScratchStore>> create();

    /// The document that the simulation wrote last: outer nothing = it never touched it, inner nothing = removed.
    [[nodiscard]] Result<std::optional<std::optional<std::string>>> document(std::size_t view, std::string_view key);
    [[nodiscard]] Result<void> write(std::size_t view, std::string_view key, const std::optional<std::string> &json);
    /// Notes a document that the real ledger changed, so that it is compared even if the simulation never touched it.
    [[nodiscard]] Result<void> touch(std::size_t view, std::string_view key);

    struct Touched {
        std::size_t view = 0;
        std::string key;
        std::optional<std::optional<std::string>> json; ///< as document() would answer
    };
    /// Every document that was written or touched, by view and key, after the given one.
    [[nodiscard]] Result<std::vector<Touched>> touched(const Touched *after, std::size_t max);

    [[nodiscard]] Result<void> append(const Record &record);
    [[nodiscard]] Result<std::vector<Record>> records(Position first, std::size_t max);

    /// Numbered rows of one kind, e.g. differences: 0, 1, 2, …
    [[nodiscard]] Result<void> appendRow(int kind, std::uint64_t number, std::string_view body);
    [[nodiscard]] Result<std::vector<std::string>> rows(int kind, std::uint64_t first, std::size_t max);

private:
    explicit ScratchStore(Database database) : m_database(std::move(database)) { }
    [[nodiscard]] Result<void> prepare();

    Database m_database;
    Statement m_readDocument;
    Statement m_writeDocument;
    Statement m_touchDocument;
    Statement m_readTouched;
    Statement m_appendRecord;
    Statement m_readRecords;
    Statement m_appendRow;
    Statement m_readRows;
};

} // namespace commander
