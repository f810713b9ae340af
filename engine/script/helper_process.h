// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/wire.h"

#include <commander/error.h>
#include <commander/result.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace commander::script {

/// Exit code of a script's process that could not get the memory it asked for.
inline constexpr int outOfMemoryExit = 77;

/// False in builds with sanitizers, which reserve terabytes of addresses.
[[nodiscard]] bool limitsMemory() noexcept;

/// A process for scripts that nobody vouches for: one socket to the engine and nothing else. No descriptor of the
/// engine, an empty environment, an empty folder that is gone already, a limit on its address space. One thread at a
/// time.
class HelperProcess {
public:
    /// Error ScriptCrashed when the program cannot be started.
    [[nodiscard]] static Result<std::unique_ptr<HelperProcess>> start(const std::string &program,
                                                                      std::uint64_t memoryBytes);
    ~HelperProcess(); ///< it ends with it
    HelperProcess(const HelperProcess &) = delete;
    HelperProcess &operator=(const HelperProcess &) = delete;

    /// False when it is gone or does not listen.
    [[nodiscard]] bool send(std::string_view frame);
    enum class Received { Payload, Late, Gone };
    /// The next payload, if it comes before the deadline.
    [[nodiscard]] Received receive(std::chrono::steady_clock::time_point deadline, std::string &payload);
    void kill();
    /// Processor time that it has taken so far.
    [[nodiscard]] std::chrono::nanoseconds worked() const noexcept;
    /// After Gone or kill(): what became of it, as the fault of what it ran.
    [[nodiscard]] Error death(const std::string &what);

private:
    HelperProcess(pid_t process, int socket, std::uint64_t memoryBytes);

    const pid_t m_process;
    const int m_socket;
    const std::uint64_t m_memoryBytes;
    FrameCutter m_cutter;
    bool m_reaped = false;
};

} // namespace commander::script
