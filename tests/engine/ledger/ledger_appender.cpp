// SPDX-License-Identifier: GPL-3.0-or-later
// Appends to a ledger until it is killed, and says on standard output what was acknowledged: one number a line.
#include "ledger/sqlite/sqlite_ledger.h"
#include "support/record_factory.h"

#include <commander/clock.h>
#include <commander/file_system.h>

#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <string>
#include <unistd.h>

using namespace commander;

namespace {

constexpr int inFlightMax = 64;

void say(std::uint64_t n)
{
    // Shorter than PIPE_BUF, so a line arrives wholly or not at all.
    const auto line = std::to_string(n) + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0)
        ::_exit(3);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    SystemClock clock;
    SystemRandom random;
    SystemFileSystem fileSystem;
    auto ledger = SqliteLedger::open({.path = argv[1],
                                      .clock = &clock,
                                      .random = &random,
                                      .fileSystem = &fileSystem,
                                      .holder = "pid " + std::to_string(::getpid()) + " (appender)"});
    if (!ledger) {
        std::fprintf(stderr, "%s\n", ledger.error().text().c_str());
        return 1;
    }
    std::counting_semaphore<inFlightMax> slots(inFlightMax);
    for (auto n = std::strtoull(argv[2], nullptr, 10);; ++n) {
        slots.acquire();
        (*ledger)->append({{testCommand(n), testEvent(n)}, {{"processor", {"commands", 0}, {n}}}},
                          [&slots, n](const Result<Appended> &appended) {
                              if (!appended) {
                                  std::fprintf(stderr, "%s\n", appended.error().text().c_str());
                                  ::_exit(4);
                              }
                              say(n);
                              slots.release();
                          });
    }
}
