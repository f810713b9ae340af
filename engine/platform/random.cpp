// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/clock.h>

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace commander {

namespace {

void fillFromSystem(std::span<std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = getrandom(bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            // Ids and salts that are not random would be worse than none, and no caller can go on without.
            std::fprintf(stderr, "commander: getrandom failed: %s\n", std::strerror(errno));
            std::abort();
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

/// One system call for many small requests. A child of fork() would repeat its parent's bytes: nothing here forks
/// without exec.
class Buffer {
public:
    void fill(std::span<std::uint8_t> bytes)
    {
        if (bytes.size() > m_left)
            refill();
        const auto from = m_bytes.end() - static_cast<std::ptrdiff_t>(m_left);
        std::copy_n(from, bytes.size(), bytes.begin());
        std::fill_n(from, bytes.size(), std::uint8_t{0}); // what was given out is not kept
        m_left -= bytes.size();
    }

    static constexpr std::size_t requestMax = 256;

private:
    void refill()
    {
        fillFromSystem(m_bytes);
        m_left = m_bytes.size();
    }

    std::array<std::uint8_t, 4096> m_bytes{};
    std::size_t m_left = 0;
};

} // namespace

void SystemRandom::fill(std::span<std::uint8_t> bytes)
{
    thread_local Buffer buffer;
    if (bytes.size() <= Buffer::requestMax)
        buffer.fill(bytes);
    else
        fillFromSystem(bytes);
}

} // namespace commander
