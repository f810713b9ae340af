// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/system_file.h"

#include "platform/system_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace commander {

static_assert(sizeof(off_t) == 8, "ledgers grow beyond 2 GiB");

FileDescriptor::~FileDescriptor()
{
    // Not repeated on EINTR: Linux has released the descriptor by then.
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<FileDescriptor> openDescriptor(const std::string &path, int flags)
{
    constexpr mode_t permissions = 0600; // records may be private: nobody else's business by default
    int fd = -1;
    do {
        fd = ::open(path.c_str(), flags | O_CLOEXEC, permissions);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return failErrno(errno, "cannot open the file", path);
    return FileDescriptor(fd);
}

Result<std::size_t> SystemFile::readAt(std::uint64_t offset, std::span<std::uint8_t> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count
            = ::pread(m_fd.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failErrno(errno, "cannot read the file", m_path);
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

Result<void> SystemFile::writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count
            = ::pwrite(m_fd.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failErrno(errno, "cannot write the file", m_path);
        if (count == 0)
            return failErrno(EIO, "cannot write the file", m_path);
        done += static_cast<std::size_t>(count);
    }
    return {};
}

Result<void> SystemFile::sync()
{
    int result = 0;
    do {
        result = ::fdatasync(m_fd.get());
    } while (result < 0 && errno == EINTR);
    // Any other failure must not be tried again: the kernel has already marked the lost pages as clean.
    if (result < 0)
        return failErrno(errno, "cannot make the file durable", m_path);
    return {};
}

} // namespace commander
