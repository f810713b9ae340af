// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>

#include <cstddef>
#include <cstdint>
#include <limits>

/// Numbers of the views file; views-format.md beside this file explains them.
namespace commander::viewformat {

inline constexpr std::int64_t applicationId = 0x434d5657; ///< "CMVW"
inline constexpr std::int64_t version = 2;                ///< another one: the file is built anew

inline constexpr std::size_t viewsMax = 256;                ///< views of one workspace
inline constexpr std::uint32_t changesPerFoldMax = 1 << 16; ///< documents one event may change in one view

/// What a change holds. On disk: never renumber.
enum class ChangeForm : std::uint8_t {
    Removed = 0, ///< the document is gone
    Created = 1, ///< the whole document, which was not there before
    Full = 2,    ///< the whole document, which was there before
    Patch = 3    ///< what differs from the change before
};

/// A change's place in the log: position, view and ordinal in one number, so that the log is ordered by position, a
/// view can be folded again without touching the others, and equal ledgers give equal numbers.
[[nodiscard]] constexpr std::int64_t sequenceOf(Position position, std::size_t view, std::uint32_t ordinal) noexcept
{
    return static_cast<std::int64_t>(position.value << 24 | static_cast<std::uint64_t>(view) << 16 | ordinal);
}
inline constexpr Position positionMax{(std::uint64_t{1} << 39) - 1};
inline constexpr std::int64_t sequenceMax = std::numeric_limits<std::int64_t>::max();

[[nodiscard]] constexpr Position positionOf(std::int64_t sequence) noexcept
{
    return {static_cast<std::uint64_t>(sequence) >> 24};
}
[[nodiscard]] constexpr std::size_t viewOf(std::int64_t sequence) noexcept
{
    return static_cast<std::uint64_t>(sequence) >> 16 & 0xff;
}
[[nodiscard]] constexpr std::uint32_t ordinalOf(std::int64_t sequence) noexcept
{
    return static_cast<std::uint32_t>(sequence & 0xffff);
}
/// The row that holds a change: one for each event and view.
[[nodiscard]] constexpr std::int64_t placeOf(std::int64_t sequence) noexcept
{
    return sequence >> 16;
}
/// The last place that a change made at `position` or before can have.
[[nodiscard]] constexpr std::int64_t lastSequenceOf(Position position) noexcept
{
    return position >= positionMax ? sequenceMax : static_cast<std::int64_t>((position.value + 1) << 24) - 1;
}

/// Which indexed field of which view.
[[nodiscard]] constexpr std::int64_t fieldPlace(std::size_t view, std::size_t field) noexcept
{
    return static_cast<std::int64_t>(view << 8 | field);
}
inline constexpr std::size_t indexesMax = 32; ///< of one view

/// A key's number: counted per view (1, 2, …) for the same reason.
[[nodiscard]] constexpr std::int64_t keyNumber(std::size_t view, std::int64_t count) noexcept
{
    return count << 8 | static_cast<std::int64_t>(view);
}

} // namespace commander::viewformat
