// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/system_error.h"

#include <cerrno>
#include <system_error>

namespace commander {

tl::unexpected<Error> failErrno(int error, const char *what, const std::string &path)
{
    ErrorCode code = ErrorCode::IoError;
    const char *remedy = "";
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        code = ErrorCode::NotFound;
        remedy = "Check the path.";
        break;
    case ENOSPC:
    case EDQUOT:
        code = ErrorCode::DiskFull;
        remedy = "Free some space on that disk.";
        break;
    case EACCES:
    case EPERM:
        remedy = "Check the owner and the permissions.";
        break;
    case EROFS:
        remedy = "The file system is mounted for reading only.";
        break;
    case EMFILE:
    case ENFILE:
        remedy = "Too many files are open; raise the limit or close some.";
        break;
    default:
        break;
    }
    // std::generic_category is thread-safe where strerror is not.
    return fail(code, std::string(what) + ": " + std::generic_category().message(error), path, remedy);
}

} // namespace commander
