// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>

#include <utility>

namespace commander {

/// Owns a file descriptor.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : m_fd(fd) { }
    ~FileDescriptor();
    FileDescriptor(FileDescriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) { }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    [[nodiscard]] int get() const noexcept { return m_fd; }

private:
    int m_fd = -1;
};

/// open(2) that goes on after signals; close-on-exec is always added.
[[nodiscard]] Result<FileDescriptor> openDescriptor(const std::string &path, int flags);

class SystemFile final : public File {
public:
    SystemFile(FileDescriptor fd, std::string path) : m_fd(std::move(fd)), m_path(std::move(path)) { }
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, std::span<std::uint8_t> bytes) override;
    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] Result<void> sync() override;

private:
    FileDescriptor m_fd;
    std::string m_path;
};

} // namespace commander
