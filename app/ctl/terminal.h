// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace commander::ctl {

/// What commanderctl returns to the shell; documented in `commanderctl --help` and the README.
enum ExitCode : int {
    exitDone = 0,
    exitFailed = 1,     ///< refused or failed; for verify: a record was changed
    exitTruncated = 2,  ///< verify: records are missing at the end
    exitLocked = 3,     ///< another process owns the ledger
    exitUnreadable = 4, ///< not a ledger, or not readable; import: the file was cut or changed
    exitUsage = 64,     ///< the command line is wrong
};

/// Each code and what it means, for the help and the manual.
[[nodiscard]] std::span<const std::pair<int, const char *>> exitCodes();

/// Writes to standard output; false when nobody reads any more (closed pipe).
bool print(std::string_view text);
void printError(std::string_view text);
/// Prints the error and gives the exit code that belongs to it.
[[nodiscard]] int report(const Error &error);

/// Stopped by SIGINT or SIGTERM. Call installStopSignals() once, before threads are started.
void installStopSignals();
[[nodiscard]] std::stop_token stopSignal();
/// Blocks until SIGINT or SIGTERM.
void waitForStopSignal();

/// A line that rewrites itself, on a terminal only.
class ProgressLine {
public:
    explicit ProgressLine(std::string label = {});
    ~ProgressLine();
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;
    void show(std::uint64_t done, std::uint64_t total) { show(m_label, done, total); }
    void show(std::string_view label, std::uint64_t done, std::uint64_t total);

private:
    const std::string m_label;
    const bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_last{};
};

} // namespace commander::ctl
