// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace commander::own_process {

// Exit codes of a session in a process of its own
inline constexpr int died = 9; ///< at the disk operation where it was to die
inline constexpr int failed = 3;

/// Says what is wrong, for a session to return.
inline int wrong(const std::string &what)
{
    std::fprintf(stderr, "session: %s\n", what.c_str());
    return failed;
}

/// Exit code of a process of its own that runs this; the caller has no threads. -1: it did not exit.
template <class Run> int inProcess(Run run)
{
    const auto child = ::fork();
    if (child == 0)
        ::_exit(run());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace commander::own_process
