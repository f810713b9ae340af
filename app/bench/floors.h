// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace commander {

/// Raw SQLite, as bare as it gets for the same rows: copies every row of an existing ledger file into a new file with
/// the same tables, indexes and settings (WAL, synchronous=FULL), `rowsPerCommit` rows a transaction. Returns rows per
/// second. No hashing, no head file, no threads.
[[nodiscard]] Result<double> rawSqliteRowsPerSecond(const std::string &sourceLedger, const std::string &targetFile,
                                                    std::size_t rowsPerCommit);

/// Group commits per second when nothing but the disk is asked: some pages of a log, made durable, then half
/// a kilobyte in place in another file, made durable too. No durable acknowledgement can come more often than this.
[[nodiscard]] Result<double> bareGroupCommitsPerSecond(const std::string &folder, std::chrono::milliseconds duration);

/// Opens the files with bare SQLite, each with the newest row of its longest table, and closes them again. What any
/// program pays that keeps its data in them.
[[nodiscard]] Result<double> bareOpenMillis(const std::vector<std::string> &files);

/// The mean time of one row of a views file by its number, among all there are, with bare SQLite.
[[nodiscard]] Result<double> bareRowMillis(const std::string &viewsFile, std::size_t rows);

/// A bare QHttpServer in its own thread whose only route parses the POSTed JSON and answers 202.
class BareHttpServer {
public:
    [[nodiscard]] static Result<std::unique_ptr<BareHttpServer>> start();
    virtual ~BareHttpServer() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

} // namespace commander
