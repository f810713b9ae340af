// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/system_file.h"

namespace commander {

/// An exclusive open-file-description lock: refused to everybody else, this process included, and freed by the kernel
/// when the process dies. The file stays when the lock goes (removing it would let two owners lock two files of one
/// name), but empty, so that no text names an owner that is gone.
class SystemFileLock final : public FileLock {
public:
    [[nodiscard]] static Result<std::unique_ptr<FileLock>> take(const std::string &path, const std::string &holder);
    explicit SystemFileLock(FileDescriptor fd) : m_fd(std::move(fd)) { }
    ~SystemFileLock() override;

private:
    FileDescriptor m_fd;
};

} // namespace commander
