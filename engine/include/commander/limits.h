// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

/// Every bound of the engine in one place, with what happens at it.
namespace commander::limits {

inline constexpr std::size_t jsonDepthMax = 64;         ///< deeper JSON is refused (InvalidJson)
inline constexpr std::size_t jsonValuesMax = 100'000;   ///< values in one text; more is refused (LimitExceeded)
inline constexpr std::size_t payloadBytesMax = 1 << 20; ///< `data` of one record; more is refused (LimitExceeded)
inline constexpr std::size_t nameBytesMax = 255;        ///< topic, action, key, actor; longer is refused

inline constexpr std::size_t commitRecordsMax = 4096; ///< records in one group commit; the rest waits for the next
inline constexpr std::size_t appendQueueMax = 65'536; ///< transactions waiting for the writer; more answers Busy
inline constexpr std::size_t appendQueueBytesMax = 256u * 1024u * 1024u; ///< … and their bytes; more answers Busy
inline constexpr std::size_t recentRecordsMax = 32'768; ///< newest records kept in memory for followers
inline constexpr std::size_t recentBytesMax
    = 32u * 1024u * 1024; ///< … and their payload bytes; older are read from disk

inline constexpr std::size_t processorBatchMax = 1024; ///< commands decided in one ledger transaction
inline constexpr std::size_t sequenceStepMax = 128;    ///< parked commands of one key decided in one step
inline constexpr std::size_t dueCommandsMax = 256;     ///< scheduled commands released in one ledger transaction
inline constexpr std::size_t followerBatchMax = 4096;  ///< records taken at once by index and views
inline constexpr std::size_t causationDepthMax = 32;   ///< follow-up commands deeper than this become `failed`
inline constexpr std::size_t previewCommandsMax
    = 1000; ///< decided in one preview; further follow-up commands are counted
inline constexpr std::size_t decisionCacheMax = 200'000; ///< documents kept for decisions; settled ones are dropped

inline constexpr std::size_t revisionsMax = 65'536; ///< keys whose revision is kept at hand; more are counted again

inline constexpr std::size_t patchesPerFullDocument = 15; ///< document changes kept as patches between two whole ones
inline constexpr std::size_t lineageNodesMax = 200;       ///< nodes drawn at once; the rest is counted
inline constexpr std::size_t filterBytesMax = 8192;       ///< text of one filter; longer is refused (InvalidFilter)
inline constexpr std::size_t filterDepthMax = 64;         ///< parentheses and `not` within each other; the same
inline constexpr std::size_t filterConditionsMax = 500;   ///< conditions in one filter; the same
inline constexpr std::size_t filterPatternsMax = 16;      ///< regular expressions in one filter; the same
inline constexpr std::size_t filterPatternMemoryMax = 1 << 20; ///< of one compiled regular expression; the same
inline constexpr std::size_t pageRowsMax = 1000;               ///< rows of one REST page

static_assert(commitRecordsMax >= processorBatchMax);
static_assert(recentRecordsMax >= followerBatchMax);

} // namespace commander::limits
