// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/request_log.h>
#include <commander/result.h>

#include <memory>
#include <string>
#include <thread>

namespace commander::ctl {

/// Follows the request log and adds a line of JSON for each entry to a file, in a thread of its own. When the file is
/// moved away or removed, goes on in a new one of its name: whoever wants it rotated moves it.
class AccessLogFile {
public:
    /// Error IoError when the file cannot be written.
    [[nodiscard]] static Result<std::unique_ptr<AccessLogFile>> start(std::shared_ptr<const RequestLog> log,
                                                                      std::string path);
    ~AccessLogFile(); ///< writes what is there, then ends

private:
    AccessLogFile(std::shared_ptr<const RequestLog> log, std::string path)
        : m_log(std::move(log)), m_path(std::move(path))
    {
    }
    void run(const std::stop_token &stop);
    void takeOver(std::uint64_t &sequence);

    const std::shared_ptr<const RequestLog> m_log;
    const std::string m_path;
    bool m_complained = false;
    std::jthread m_thread;
};

} // namespace commander::ctl
