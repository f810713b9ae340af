// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace commander {

/// Which of the writing operations of a disk fails, and how. Shared by a SQLite file layer and a FileSystem, so that
/// all writes of a ledger are counted in one row. Thread-safe.
class FaultPlan {
public:
    enum class Operation { Write, Sync, Truncate };
    enum class Fault { IoError, DiskFull };
    /// Operation number `k` (1-based, counted from now) fails; `lasting`: and every one after it.
    void failAt(std::uint64_t k, Fault fault, bool lasting);
    /// The process ends at once before operation number `k`, as if it were killed there.
    void exitAt(std::uint64_t k, int exitCode);
    void heal();
    /// Called before each operation with the file's path; before the first one only.
    void watch(std::function<void(Operation, std::string_view path)> watcher) { m_watcher = std::move(watcher); }
    /// Files that it does not pick are written as if there were no plan; before the first operation only.
    void countOnly(std::function<bool(std::string_view path)> picks) { m_picks = std::move(picks); }
    /// Counts one more operation; what it shall fail with, if anything.
    [[nodiscard]] std::optional<Fault> next(Operation operation, std::string_view path);
    [[nodiscard]] std::uint64_t count() const;
    /// Did the plan strike, and was it a sync that it made fail?
    [[nodiscard]] bool struck() const;
    [[nodiscard]] bool struckSync() const;

private:
    std::function<void(Operation, std::string_view)> m_watcher;
    std::function<bool(std::string_view)> m_picks;
    mutable std::mutex m_mutex;
    std::uint64_t m_count = 0;
    std::uint64_t m_at = 0;     ///< 0: never
    std::uint64_t m_exitAt = 0; ///< 0: never
    int m_exitCode = 0;
    Fault m_fault = Fault::IoError;
    bool m_lasting = false;
    bool m_struck = false;
    bool m_struckSync = false;
};

/// SQLite's default file layer with the plan's faults, under a name of its own for as long as the object lives.
class FaultyVfs {
public:
    explicit FaultyVfs(FaultPlan &plan);
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs &) = delete;
    FaultyVfs &operator=(const FaultyVfs &) = delete;
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }

private:
    struct Registration;
    std::string m_name;
    std::unique_ptr<Registration> m_registration;
};

/// Another file system with the plan's faults in its small files and, through FaultyVfs, in its databases.
class FaultyFileSystem final : public FileSystem {
public:
    FaultyFileSystem(FileSystem &real, FaultPlan &plan) : m_real(real), m_plan(plan), m_vfs(plan) { }
    [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) override;
    [[nodiscard]] bool exists(const std::string &path) const override { return m_real.exists(path); }
    [[nodiscard]] Result<void> remove(const std::string &path) override { return m_real.remove(path); }
    [[nodiscard]] Result<void> createDirectories(const std::string &path) override
    {
        return m_real.createDirectories(path);
    }
    [[nodiscard]] Result<void> syncDirectory(const std::string &path) override { return m_real.syncDirectory(path); }
    [[nodiscard]] Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &holder) override
    {
        return m_real.lock(path, holder);
    }
    [[nodiscard]] std::string sqliteVfs() const override { return m_vfs.name(); }

private:
    FileSystem &m_real;
    FaultPlan &m_plan;
    FaultyVfs m_vfs;
};

} // namespace commander
