// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/workspace_files.h"

#include "platform/lock_holder.h"

#include <commander/engine.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace commander {

WorkspaceFiles::WorkspaceFiles(std::string folder, std::unique_ptr<FileLock> lock, bool temporary)
    : m_folder(std::move(folder)), m_lock(std::move(lock)), m_temporary(temporary)
{
}

Result<WorkspaceFiles> WorkspaceFiles::open(const std::string &ledgerPath, bool readOnly, FileSystem &fileSystem)
{
    auto folder = ledgerPath + ".derived";
    bool temporary = false;
    for (;;) {
        if (auto made = fileSystem.createDirectories(folder); made) {
            auto lock = fileSystem.lock(folder + "/lock", lockHolder());
            if (lock)
                return WorkspaceFiles(std::move(folder), std::move(*lock), temporary);
            if (!readOnly || temporary || lock.error().code != ErrorCode::LedgerLocked)
                return fail(lock.error());
        } else if (!readOnly || temporary) {
            return fail(made.error());
        }
        // A writer is at work on the shared copy, or the folder is not ours to write.
        std::error_code ignored;
        const auto base = std::filesystem::temp_directory_path(ignored);
        if (ignored)
            return fail(ErrorCode::IoError, "no folder for temporary files: " + ignored.message(), {}, "Set TMPDIR.");
        std::array<char, 4096> name{};
        const auto pattern = (base / "commander-derived-XXXXXX").string();
        pattern.copy(name.data(), name.size() - 1);
        if (!::mkdtemp(name.data())) {
            return fail(ErrorCode::IoError,
                        "cannot make a folder for derived files: " + std::generic_category().message(errno), pattern,
                        "Check TMPDIR.");
        }
        folder = name.data();
        temporary = true;
    }
}

std::vector<std::string> WorkspaceFiles::names() const
{
    std::vector<std::string> names;
    std::error_code ignored; // who asks, cleans up: what is not seen today is seen at the next opening
    for (const auto &entry : std::filesystem::directory_iterator(m_folder, ignored))
        names.push_back(entry.path().filename().string());
    return names;
}

Result<void> removeDerivedFiles(const OpenOptions &options)
{
    SystemFileSystem systemFileSystem;
    auto &fileSystem = options.fileSystem ? *options.fileSystem : systemFileSystem;
    if (!fileSystem.exists(options.ledgerPath))
        return fail(ErrorCode::NotFound, "no such ledger", options.ledgerPath);
    const auto files = WorkspaceFiles::open(options.ledgerPath, false, fileSystem);
    if (!files)
        return fail(files.error());
    for (const auto &name : files->names()) {
        if (name == "lock")
            continue;
        if (auto removed = fileSystem.remove(files->folder() + '/' + name); !removed)
            return removed;
    }
    return {};
}

WorkspaceFiles::~WorkspaceFiles()
{
    if (!m_lock)
        return;
    m_lock.reset();
    if (m_temporary) {
        std::error_code ignored; // nothing depends on these files any more
        std::filesystem::remove_all(m_folder, ignored);
    }
}

} // namespace commander
