// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace commander::script {

/// Between the engine and a script's process go frames: `u32` length of the payload (little-endian), then the payload,
/// which begins with one byte, its kind. Nobody trusts the other side's numbers: a frame that is too long or a payload
/// that does not end where it must is an error, and nothing is reserved before it has come.
inline constexpr std::size_t frameBytesMax = 16u << 20;

/// Builds one frame.
class WireWriter {
public:
    explicit WireWriter(std::uint8_t kind);
    WireWriter &u8(std::uint8_t value);
    WireWriter &u32(std::uint32_t value);
    WireWriter &i64(std::int64_t value);
    WireWriter &text(std::string_view value);
    WireWriter &uuid(const Uuid &value);
    WireWriter &time(Timestamp value) { return i64(value.micros); }
    /// `u8` 0 or 1, then the value.
    WireWriter &optionalText(const std::optional<std::string> &value);
    WireWriter &optionalTime(const std::optional<Timestamp> &value);
    /// The frame, length and all; nothing when it is too long.
    [[nodiscard]] std::optional<std::string> frame() &&;

private:
    std::string m_bytes;
};

/// Reads one payload. A value that is not there is empty, and then and ever after the reader has failed.
class WireReader {
public:
    explicit WireReader(std::string_view payload) : m_rest(payload) { }
    [[nodiscard]] std::uint8_t u8();
    [[nodiscard]] bool flag(); ///< a `u8` that must be 0 or 1
    [[nodiscard]] std::uint32_t u32();
    [[nodiscard]] std::int64_t i64();
    [[nodiscard]] std::string text();
    [[nodiscard]] Uuid uuid();
    [[nodiscard]] Timestamp time() { return {i64()}; }
    [[nodiscard]] std::optional<std::string> optionalText();
    [[nodiscard]] std::optional<Timestamp> optionalTime();
    /// How many elements follow, each of at least `bytesEach`: more than the payload can hold is a failure.
    [[nodiscard]] std::uint32_t count(std::size_t bytesEach);
    [[nodiscard]] bool failed() const noexcept { return m_failed; }
    /// Everything was there, and nothing more.
    [[nodiscard]] bool complete() const noexcept { return !m_failed && m_rest.empty(); }

private:
    [[nodiscard]] std::string_view take(std::size_t bytes);

    std::string_view m_rest;
    bool m_failed = false;
};

/// Cuts a stream of bytes into payloads.
class FrameCutter {
public:
    void add(std::string_view bytes);
    /// The next whole payload; nothing when more has to come, or after a failure.
    [[nodiscard]] std::optional<std::string> next();
    /// A frame was empty or too long; the stream is of no more use.
    [[nodiscard]] bool failed() const noexcept { return m_failed; }

private:
    std::string m_bytes;
    std::size_t m_begin = 0; ///< of what was not given yet
    bool m_failed = false;
};

} // namespace commander::script
