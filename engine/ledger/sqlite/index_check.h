// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/file_system.h>
#include <commander/record.h>

#include <atomic>
#include <string>
#include <thread>

namespace commander {

/// What the indexes must say, added up over the records in whatever order they come.
struct IndexSums {
    std::uint64_t ids = 0;
    std::uint64_t offsets = 0;
    void add(const Record &record, std::int64_t topicId);
    bool operator==(const IndexSums &) const = default;
};

/// Finds out whether records that are right can also be found: by position, by id and by offset. The hashes cannot
/// tell, since a rotten index leaves every record as it was. Works on a thread and a connection of its own.
class IndexCheck {
public:
    /// Starts; looks at records up to `end`.
    IndexCheck(FileSystem &fileSystem, std::string path, Position end, std::stop_token stop);
    ~IndexCheck(); ///< ends early
    IndexCheck(const IndexCheck &) = delete;
    IndexCheck &operator=(const IndexCheck &) = delete;
    /// Waits; empty when all is well, otherwise what is wrong, in words.
    [[nodiscard]] std::string finish(const IndexSums &expected);

private:
    [[nodiscard]] Result<std::string> check();
    [[nodiscard]] Result<std::string> checkIds(Database &database);
    [[nodiscard]] Result<std::string> checkOffsets(Database &database);
    [[nodiscard]] Result<std::string> checkPositions(Database &database);
    [[nodiscard]] Result<std::string> checkTopics(Database &database);
    [[nodiscard]] bool stopped() const { return m_stop.stop_requested() || m_abandoned.load(); }

    // Constant after construction
    FileSystem &m_fileSystem;
    const std::string m_path;
    const Position m_end;
    const std::stop_token m_stop;

    std::atomic<bool> m_abandoned{false};

    // The check's thread, read after it has ended
    IndexSums m_sums;
    std::string m_problem;

    std::thread m_thread; ///< last: uses the members above
};

} // namespace commander
