// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/terminal.h"

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace commander::ctl {

namespace {

struct StopSignals {
    sigset_t set{};
    std::stop_source source;
};

StopSignals &stopSignals()
{
    static StopSignals signals; // signals belong to the process, not to an object
    return signals;
}

} // namespace

std::span<const std::pair<int, const char *>> exitCodes()
{
    static constexpr std::pair<int, const char *> all[] = {
        {exitDone, "done"},
        {exitFailed, "refused, stopped, failed or (verify) changed"},
        {exitTruncated, "(verify) records are missing"},
        {exitLocked, "another process owns the ledger"},
        {exitUnreadable, "not a readable ledger, or (import) a file that was cut or changed"},
        {exitUsage, "wrong command line"},
    };
    return all;
}

bool print(std::string_view text)
{
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

void printError(std::string_view text)
{
    std::fprintf(stderr, "commanderctl: %.*s\n", static_cast<int>(text.size()), text.data());
}

int report(const Error &error)
{
    printError(error.text());
    for (const auto &detail : error.details)
        std::fprintf(stderr, "  %s: %s\n", detail.pointer.c_str(), detail.message.c_str());
    switch (error.code) {
    case ErrorCode::LedgerLocked:
        return exitLocked;
    case ErrorCode::LedgerForeign:
    case ErrorCode::LedgerNewer:
    case ErrorCode::LedgerDamaged:
        return exitUnreadable;
    default:
        return exitFailed;
    }
}

void installStopSignals()
{
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an answer of write(), not an end
    auto &signals = stopSignals();
    sigemptyset(&signals.set);
    sigaddset(&signals.set, SIGINT);
    sigaddset(&signals.set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals.set, nullptr); // inherited by every later thread
    std::thread([&signals] {
        int signal = 0;
        sigwait(&signals.set, &signal);
        signals.source.request_stop();
        sigwait(&signals.set, &signal); // the second time means: now
        std::_Exit(128 + signal);
    }).detach();
}

std::stop_token stopSignal()
{
    return stopSignals().source.get_token();
}

void waitForStopSignal()
{
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait(lock, stopSignal(), [] { return false; });
}

ProgressLine::ProgressLine(std::string label) : m_label(std::move(label)), m_terminal(::isatty(STDERR_FILENO) != 0) { }

ProgressLine::~ProgressLine()
{
    if (m_shown)
        std::fprintf(stderr, "\r\033[K");
}

void ProgressLine::show(std::string_view label, std::uint64_t done, std::uint64_t total)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || now - m_last < std::chrono::milliseconds(100))
        return;
    m_last = now;
    m_shown = true;
    std::fprintf(stderr, "\r\033[K%.*s %llu of %llu", static_cast<int>(label.size()), label.data(),
                 static_cast<unsigned long long>(done), static_cast<unsigned long long>(total));
}

} // namespace commander::ctl
