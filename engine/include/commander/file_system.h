// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace commander {

/// An open file with positioned I/O. Not thread-safe.
class File {
public:
    virtual ~File() = default;
    /// Reads up to bytes.size() bytes at `offset`; returns how many there were.
    [[nodiscard]] virtual Result<std::size_t> readAt(std::uint64_t offset, std::span<std::uint8_t> bytes) = 0;
    [[nodiscard]] virtual Result<void> writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
    /// Data is on stable storage when this returns (fdatasync).
    [[nodiscard]] virtual Result<void> sync() = 0;
};

/// Held for as long as the object lives; the operating system frees it when the process dies.
class FileLock {
public:
    virtual ~FileLock() = default;
};

/// Every byte that the engine keeps goes through here, so that tests can fail it: small files directly, databases
/// through the SQLite VFS of this name. Thread-safe.
class FileSystem {
public:
    virtual ~FileSystem() = default;
    enum class OpenMode { ReadOnly, ReadWriteCreate };
    /// Errors NotFound, IoError.
    [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) = 0;
    [[nodiscard]] virtual bool exists(const std::string &path) const = 0;
    /// Missing files are fine.
    [[nodiscard]] virtual Result<void> remove(const std::string &path) = 0;
    [[nodiscard]] virtual Result<void> createDirectories(const std::string &path) = 0;
    /// Makes the directory entry of a new file durable.
    [[nodiscard]] virtual Result<void> syncDirectory(const std::string &path) = 0;
    /// Takes the exclusive lock at `path` (an open-file-description lock) and writes `holder` into the file for others
    /// to read. Error LedgerLocked with the present holder's text in `where`.
    [[nodiscard]] virtual Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &holder)
        = 0;
    /// Name of a registered SQLite VFS, or empty for SQLite's default.
    [[nodiscard]] virtual std::string sqliteVfs() const = 0;
};

/// The real disk.
class SystemFileSystem final : public FileSystem {
public:
    [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) override;
    [[nodiscard]] bool exists(const std::string &path) const override;
    [[nodiscard]] Result<void> remove(const std::string &path) override;
    [[nodiscard]] Result<void> createDirectories(const std::string &path) override;
    [[nodiscard]] Result<void> syncDirectory(const std::string &path) override;
    [[nodiscard]] Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &holder) override;
    [[nodiscard]] std::string sqliteVfs() const override { return {}; }
};

} // namespace commander
