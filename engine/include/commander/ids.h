// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace commander {

class Clock;
class RandomSource;

/// RFC 9562 UUID of any version, 16 bytes in network order. The null UUID means "none".
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// Accepts the 36-character form, either case. Error InvalidUuid.
    [[nodiscard]] static Result<Uuid> parse(std::string_view text);
    /// Lower-case 36-character form.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool isNull() const noexcept { return *this == Uuid{}; }
    auto operator<=>(const Uuid &) const = default;
};

/// Name-based UUID (version 5, SHA-1): the same inputs always give the same id. Used wherever a retry must not
/// invent a new id (events, results, follow-up commands).
[[nodiscard]] Uuid uuid5(const Uuid &nameSpace, std::string_view name);

/// Makes time-ordered UUIDs (version 7) from the given clock and randomness. Thread-safe; ids of one source ascend.
class IdSource {
public:
    IdSource(const Clock &clock, RandomSource &random);
    ~IdSource();
    IdSource(const IdSource &) = delete;
    IdSource &operator=(const IdSource &) = delete;
    [[nodiscard]] Uuid next();

private:
    struct State;
    State *m_state;
};

/// A 64-bit number that cannot be mixed up with another kind of number.
template <class Tag> struct StrongU64 {
    std::uint64_t value = 0;
    constexpr auto operator<=>(const StrongU64 &) const = default;
    [[nodiscard]] constexpr StrongU64 next() const noexcept { return {value + 1}; }
};

/// A record's place in the total order of one workspace: 1, 2, 3, …; 0 = before the first.
using Position = StrongU64<struct PositionTag>;
/// A record's place in one topic partition: 0, 1, 2, … (as in Kafka).
using Offset = StrongU64<struct OffsetTag>;

/// 32 bytes of SHA-256.
using Hash256 = std::array<std::uint8_t, 32>;
/// Lower-case hexadecimal of any bytes.
[[nodiscard]] std::string toHex(const std::uint8_t *bytes, std::size_t count);
[[nodiscard]] inline std::string toHex(const Hash256 &hash)
{
    return toHex(hash.data(), hash.size());
}

} // namespace commander

template <> struct std::hash<commander::Uuid> {
    std::size_t operator()(const commander::Uuid &id) const noexcept
    {
        // v5 and v7 ids are random in their last 8 bytes.
        std::size_t h = 0;
        std::memcpy(&h, id.bytes.data() + 8, sizeof h);
        return h;
    }
};
