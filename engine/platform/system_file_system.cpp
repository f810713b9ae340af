// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/file_system.h>

#include "platform/system_error.h"
#include "platform/system_file.h"
#include "platform/system_file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace commander {

Result<std::unique_ptr<File>> SystemFileSystem::open(const std::string &path, OpenMode mode)
{
    auto fd = openDescriptor(path, mode == OpenMode::ReadOnly ? O_RDONLY : O_RDWR | O_CREAT);
    if (!fd)
        return fail(std::move(fd.error()));
    return std::make_unique<SystemFile>(std::move(*fd), path);
}

bool SystemFileSystem::exists(const std::string &path) const
{
    std::error_code ignored; // what cannot be looked at is not there for us either; opening it tells why
    return std::filesystem::exists(path, ignored);
}

Result<void> SystemFileSystem::remove(const std::string &path)
{
    if (::unlink(path.c_str()) == 0 || errno == ENOENT)
        return {};
    return failErrno(errno, "cannot remove the file", path);
}

Result<void> SystemFileSystem::createDirectories(const std::string &path)
{
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error)
        return failErrno(error.value(), "cannot create the folder", path);
    return {};
}

Result<void> SystemFileSystem::syncDirectory(const std::string &path)
{
    auto fd = openDescriptor(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);
    if (!fd)
        return fail(std::move(fd.error()));
    int result = 0;
    do {
        result = ::fsync(fd->get());
    } while (result < 0 && errno == EINTR);
    if (result < 0)
        return failErrno(errno, "cannot make the folder durable", path);
    return {};
}

Result<std::unique_ptr<FileLock>> SystemFileSystem::lock(const std::string &path, const std::string &holder)
{
    return SystemFileLock::take(path, holder);
}

} // namespace commander
