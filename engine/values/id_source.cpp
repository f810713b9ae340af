// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/clock.h>
#include <commander/ids.h>

#include <mutex>

namespace commander {

namespace {

// RFC 9562 section 6.2, method 1: rand_a is a counter that starts anew, at random, in every millisecond. Its top bit
// starts as 0, so that at least 2048 ids fit before it overflows.
constexpr std::uint32_t counterMax = 0xfff;
constexpr std::uint32_t counterSeedMask = 0x7ff;
constexpr std::int64_t millisMax = (std::int64_t{1} << 48) - 1;

} // namespace

struct IdSource::State {
    // Constant after construction
    const Clock &clock;
    RandomSource &random;
    // Guarded by mutex
    std::mutex mutex;
    std::int64_t millis = -1;
    std::uint32_t counter = 0;
};

IdSource::IdSource(const Clock &clock, RandomSource &random) : m_state(new State{clock, random, {}, -1, 0}) { }

IdSource::~IdSource()
{
    delete m_state;
}

Uuid IdSource::next()
{
    std::array<std::uint8_t, 10> chance{};
    m_state->random.fill(chance);
    const std::uint32_t seed = (static_cast<std::uint32_t>(chance[8]) << 8 | chance[9]) & counterSeedMask;

    std::int64_t millis = 0;
    std::uint32_t counter = 0;
    {
        const std::scoped_lock lock(m_state->mutex);
        const std::int64_t now = m_state->clock.now().micros / 1000;
        if (now > m_state->millis) {
            m_state->millis = now;
            m_state->counter = seed;
        } else if (m_state->counter < counterMax) {
            // The clock stands still or went back: keep counting in the newest millisecond.
            ++m_state->counter;
        } else {
            ++m_state->millis;
            m_state->counter = seed;
        }
        millis = m_state->millis & millisMax;
        counter = m_state->counter;
    }

    Uuid id;
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
    id.bytes[7] = static_cast<std::uint8_t>(counter);
    std::memcpy(id.bytes.data() + 8, chance.data(), 8);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

} // namespace commander
