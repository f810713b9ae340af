// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/helper_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace commander::script {

namespace {

constexpr int sendSeconds = 10; ///< for a process that does not read what it gets
constexpr rlim_t filesMax = 32; ///< its libraries, while it starts
constexpr int missingExit = 127;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memoryLimited = false; // sanitizers reserve terabytes of addresses
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool memoryLimited = false;
#else
constexpr bool memoryLimited = true;
#endif
#else
constexpr bool memoryLimited = true;
#endif

void limit(pid_t process, __rlimit_resource resource, rlim_t value)
{
    const rlimit both{value, value};
    static_cast<void>(::prlimit(process, resource, &both, nullptr));
}

/// A new folder that the process stands in; removed as soon as it does.
class EmptyFolder {
public:
    EmptyFolder()
    {
        std::string pattern = "/tmp/commander-script-XXXXXX";
        if (::mkdtemp(pattern.data()))
            m_path = pattern;
    }
    ~EmptyFolder()
    {
        if (!m_path.empty())
            ::rmdir(m_path.c_str());
    }
    EmptyFolder(const EmptyFolder &) = delete;
    EmptyFolder &operator=(const EmptyFolder &) = delete;
    [[nodiscard]] const char *path() const { return m_path.empty() ? "/" : m_path.c_str(); }

private:
    std::string m_path;
};

int spawn(const std::string &program, int socket, pid_t &process)
{
    const EmptyFolder folder;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.path());
    // Its own group: a Ctrl+C at the terminal is for the engine, which ends it in order.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    std::string name = program;
    std::array<char *, 2> arguments{name.data(), nullptr};
    std::array<char *, 1> environment{nullptr};
    const int failed
        = ::posix_spawn(&process, program.c_str(), &actions, &attributes, arguments.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return failed;
}

} // namespace

bool limitsMemory() noexcept
{
    return memoryLimited;
}

Result<std::unique_ptr<HelperProcess>> HelperProcess::start(const std::string &program, std::uint64_t memoryBytes)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail(ErrorCode::ScriptCrashed, std::string("no process for scripts: ") + std::strerror(errno), program);
    }
    const timeval wait{sendSeconds, 0};
    ::setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    pid_t process = 0;
    const int failed = spawn(program, ends[1], process);
    ::close(ends[1]);
    if (failed != 0) {
        ::close(ends[0]);
        return fail(ErrorCode::ScriptCrashed,
                    std::string("the program that runs scripts cannot be started: ") + std::strerror(failed), program,
                    "Install it beside this program.");
    }
    // Before anything that is not ours gets there.
    if (limitsMemory())
        limit(process, RLIMIT_AS, memoryBytes);
    limit(process, RLIMIT_CORE, 0);
    limit(process, RLIMIT_NOFILE, filesMax);
    return std::unique_ptr<HelperProcess>(new HelperProcess(process, ends[0], memoryBytes));
}

HelperProcess::HelperProcess(pid_t process, int socket, std::uint64_t memoryBytes)
    : m_process(process), m_socket(socket), m_memoryBytes(memoryBytes)
{
}

HelperProcess::~HelperProcess()
{
    kill();
    ::close(m_socket);
    if (!m_reaped)
        while (::waitpid(m_process, nullptr, 0) < 0 && errno == EINTR) { }
}

bool HelperProcess::send(std::string_view frame)
{
    while (!frame.empty()) {
        const auto sent = ::send(m_socket, frame.data(), frame.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        frame.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

HelperProcess::Received HelperProcess::receive(std::chrono::steady_clock::time_point deadline, std::string &payload)
{
    std::array<char, 65536> buffer{};
    for (;;) {
        if (auto next = m_cutter.next()) {
            payload = std::move(*next);
            return Received::Payload;
        }
        if (m_cutter.failed())
            return Received::Gone;
        const auto left
            = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return Received::Late;
        pollfd one{m_socket, POLLIN, 0};
        const int ready = ::poll(&one, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno != EINTR)
            return Received::Gone;
        if (ready <= 0)
            continue;
        const auto got = ::recv(m_socket, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return Received::Gone;
        m_cutter.add({buffer.data(), static_cast<std::size_t>(got)});
    }
}

void HelperProcess::kill()
{
    if (!m_reaped)
        ::kill(m_process, SIGKILL);
}

std::chrono::nanoseconds HelperProcess::worked() const noexcept
{
    clockid_t clock = 0;
    timespec time{};
    if (::clock_getcpuclockid(m_process, &clock) == 0)
        ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

Error HelperProcess::death(const std::string &what)
{
    if (m_cutter.failed())
        kill();
    int status = 0;
    rusage used{};
    while (::wait4(m_process, &status, 0, &used) < 0 && errno == EINTR) { }
    m_reaped = true;
    const auto touched = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
    // Qt's script engine does not survive an allocation that fails; it rarely says why.
    const bool outOfMemory = (WIFEXITED(status) && WEXITSTATUS(status) == outOfMemoryExit)
        || (WIFSIGNALED(status) && touched > m_memoryBytes / 3);
    if (outOfMemory) {
        return {ErrorCode::ScriptOutOfMemory,
                what + " took more memory than the " + std::to_string(m_memoryBytes >> 20)
                    + " MiB that its process may have",
                {},
                "Look for a list or a text that grows without end.",
                {}};
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == missingExit) {
        return {ErrorCode::ScriptCrashed,
                "the program that runs scripts cannot be started",
                {},
                "Install it beside this program.",
                {}};
    }
    const auto how = WIFSIGNALED(status) ? std::string("signal ") + ::strsignal(WTERMSIG(status))
                                         : "exit code " + std::to_string(WEXITSTATUS(status));
    return {ErrorCode::ScriptCrashed, what + " ended the process that it ran in (" + how + ")", {}, {}, {}};
}

} // namespace commander::script
