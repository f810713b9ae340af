// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/system_file_lock.h"

#include "platform/system_error.h"
#include "values/sabotage.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace commander {

namespace {

/// The text that the present owner left, made harmless for terminals and dialogs.
std::string readHolder(const FileDescriptor &fd)
{
    std::array<char, 256> text{};
    ssize_t count = 0;
    do {
        count = ::pread(fd.get(), text.data(), text.size(), 0);
    } while (count < 0 && errno == EINTR);
    std::string holder;
    for (ssize_t i = 0; i < count && text[static_cast<std::size_t>(i)] != '\n'; ++i) {
        const char c = text[static_cast<std::size_t>(i)];
        holder.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
    }
    // Between taking the lock and writing its text, or after a failed write, there is nothing to read.
    return holder.empty() ? "unknown process" : holder;
}

} // namespace

Result<std::unique_ptr<FileLock>> SystemFileLock::take(const std::string &path, const std::string &holder)
{
    auto fd = openDescriptor(path, O_RDWR | O_CREAT);
    if (!fd)
        return fail(std::move(fd.error()));

    struct flock request = {};
    request.l_type = F_WRLCK;
    request.l_whence = SEEK_SET; // the whole file, however long it becomes
    int result = 0;
    do {
        result = ::fcntl(fd->get(), F_OFD_SETLK, &request);
    } while (result < 0 && errno == EINTR);
    if (sabotaged(Saboteur::SecondOwnerLetIn))
        result = 0;
    if (result < 0 && (errno == EAGAIN || errno == EACCES)) {
        return fail(ErrorCode::LedgerLocked, "another process owns " + path, readHolder(*fd),
                    "Close it there first, or open the ledger for reading only.");
    }
    if (result < 0)
        return failErrno(errno, "cannot lock the file", path);

    // From here on the lock is ours; a text that cannot be written is worth a refusal, for it is how others learn whom
    // to ask.
    auto lock = std::make_unique<SystemFileLock>(std::move(*fd));
    if (::ftruncate(lock->m_fd.get(), 0) < 0)
        return failErrno(errno, "cannot write the lock file", path);
    const std::string line = holder + '\n';
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t count
            = ::pwrite(lock->m_fd.get(), line.data() + done, line.size() - done, static_cast<off_t>(done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return failErrno(count < 0 ? errno : EIO, "cannot write the lock file", path);
        done += static_cast<std::size_t>(count);
    }
    return std::unique_ptr<FileLock>(std::move(lock));
}

SystemFileLock::~SystemFileLock()
{
    // Only a courtesy: whoever finds an old text has found the lock free as well.
    if (m_fd.get() >= 0 && ::ftruncate(m_fd.get(), 0) < 0)
        return;
}

} // namespace commander
