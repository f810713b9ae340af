// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_names.h"
#include "query/index_writer.h"
#include "query/reader_pool.h"
#include "sqlite/database.h"

#include <commander/file_system.h>
#include <commander/ledger.h>

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace commander {

/// The index file: checked against the ledger when opened, written by one thread, read by any number.
class IndexStorage {
public:
    struct Options {
        std::string path;
        Ledger &ledger;
        FileSystem &fileSystem;
        std::vector<TopicPartition> sources;    ///< what to follow in a ledger without a total order
        std::size_t pageCacheBytes = 64u << 20; ///< pages of the file that its writer keeps
    };

    /// The index as it stands when it continues this ledger; else a new, empty one in its place.
    [[nodiscard]] static Result<std::unique_ptr<IndexStorage>> open(const Options &options);
    /// Deletes the index file and makes an empty one.
    [[nodiscard]] static Result<std::unique_ptr<IndexStorage>> create(const Options &options);
    IndexStorage(const IndexStorage &) = delete;
    IndexStorage &operator=(const IndexStorage &) = delete;

    /// Takes the next records of the ledger; those that it holds already are skipped. Error Internal when some are
    /// missing in between. One thread at a time.
    [[nodiscard]] Result<void> write(std::span<const RecordPtr> records);
    /// Where to go on in the ledger. Not while write() runs.
    [[nodiscard]] FollowFrom place() const;

    // Thread-safe
    [[nodiscard]] std::shared_ptr<const IndexSnapshot> snapshot() const;
    [[nodiscard]] Result<IndexReaderPool::Lease> reader() { return m_readers.lend(); }
    /// Whether this error of a read says that the index file itself (not the ledger) is damaged.
    [[nodiscard]] bool isDamage(const Error &error) const
    {
        return error.code == ErrorCode::LedgerDamaged && (error.where == m_file || error.where == m_path);
    }
    [[nodiscard]] const std::string &path() const noexcept { return m_path; }

private:
    IndexStorage(const Options &options, Database database);
    [[nodiscard]] static Result<std::unique_ptr<IndexStorage>> openFile(const Options &options, Database::Mode mode);
    /// Error LedgerDamaged when the file is of no use for this ledger.
    [[nodiscard]] Result<void> load(Ledger &ledger);
    [[nodiscard]] Result<void> checkAgainst(Ledger &ledger, const IndexState &state);
    [[nodiscard]] Result<void> loadSources(Ledger &ledger);
    [[nodiscard]] Result<void> loadNames(IndexNames &names, std::vector<std::uint64_t> &counts);
    [[nodiscard]] std::vector<TopicStart>::iterator placeOf(const Record &record);
    void publish();

    // Constant after open()
    const std::string m_path;
    const std::size_t m_pageCacheBytes;
    const bool m_ordered;
    std::string m_file; ///< m_path as SQLite writes it
    // Writing thread only
    Database m_database;
    std::unique_ptr<IndexWriter> m_writer;
    std::vector<TopicStart> m_places; ///< only without a total order
    std::vector<RecordPtr> m_fresh;   ///< reused by write()
    // Thread-safe by itself
    IndexReaderPool m_readers;
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::shared_ptr<const IndexSnapshot> m_snapshot;
};

} // namespace commander
