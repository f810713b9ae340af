// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>

#include <memory>
#include <string>
#include <vector>

namespace commander {

/// Where the derived files of a workspace lie. One process at a time may write PATH.derived; a read-only engine beside
/// a running one builds its own copy in a folder that it removes when it closes.
class WorkspaceFiles {
public:
    [[nodiscard]] static Result<WorkspaceFiles> open(const std::string &ledgerPath, bool readOnly,
                                                     FileSystem &fileSystem);
    WorkspaceFiles(WorkspaceFiles &&other) noexcept = default;
    WorkspaceFiles &operator=(WorkspaceFiles &&other) noexcept = delete;
    ~WorkspaceFiles();

    [[nodiscard]] std::string index() const { return m_folder + "/index.sqlite"; }
    [[nodiscard]] const std::string &folder() const { return m_folder; }
    /// What lies in the folder.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    WorkspaceFiles(std::string folder, std::unique_ptr<FileLock> lock, bool temporary);

    std::string m_folder;
    std::unique_ptr<FileLock> m_lock; ///< null once moved from
    bool m_temporary;
};

} // namespace commander
