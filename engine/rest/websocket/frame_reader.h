// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace commander::rest {

/// RFC 6455, 5.2.
enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// RFC 6455, 7.4.1, as far as this server says or understands them.
namespace closing {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t goingAway = 1001;
inline constexpr std::uint16_t protocolError = 1002;
inline constexpr std::uint16_t unsupportedData = 1003;
inline constexpr std::uint16_t invalidText = 1007;
inline constexpr std::uint16_t policyViolation = 1008;
inline constexpr std::uint16_t messageTooBig = 1009;
inline constexpr std::uint16_t tryAgainLater = 1013;
inline constexpr std::uint16_t unauthorized = 4401; ///< our own: the token is no longer valid
} // namespace closing

/// A whole message, or a control frame.
struct SocketMessage {
    Opcode opcode = Opcode::Text; ///< Text, Close, Ping or Pong
    std::string payload;          ///< unmasked; of a Close without its code
    std::uint16_t code = 0;       ///< of a Close; 0 = none was sent
};

/// Why a client's bytes go no further.
struct SocketFailure {
    std::uint16_t code = closing::protocolError;
    std::string_view reason;
};

/// Reads what a WebSocket client sends, strictly, without a socket: takes bytes in any pieces and gives whole messages
/// or one failure. Its verdict does not depend on how the bytes are cut. No extension is known, binary messages are
/// refused, text is UTF-8.
class FrameReader {
public:
    enum class State {
        Reading,
        Complete, ///< take() it; further bytes are left alone until then
        Failed    ///< see failure(); no byte is taken any more
    };

    explicit FrameReader(std::size_t messageBytesMax) : m_messageBytesMax(messageBytesMax) { }

    /// Returns how many bytes were taken; fewer than given only in Complete and Failed.
    std::size_t feed(std::string_view bytes);
    [[nodiscard]] State state() const noexcept { return m_state; }
    [[nodiscard]] SocketMessage take();
    [[nodiscard]] const SocketFailure &failure() const noexcept { return m_failure; }

private:
    void headByte(std::uint8_t byte);
    void headComplete();
    std::size_t takePayload(std::string_view bytes);
    void frameComplete();
    void closeComplete(std::string_view payload);
    void fail(std::uint16_t code, std::string_view reason);

    const std::size_t m_messageBytesMax;
    State m_state = State::Reading;
    SocketFailure m_failure;
    SocketMessage m_done;
    std::string m_text;       ///< of the message in work, over all its fragments
    std::string m_control;    ///< payload of the control frame in work
    bool m_inMessage = false; ///< fragments came, the last one did not
    // The frame in work
    std::array<std::uint8_t, 14> m_head{};
    std::size_t m_headSize = 0;
    std::size_t m_headNeeded = 2;
    std::size_t m_missing = 0;
    std::size_t m_maskAt = 0;
};

/// Puts one frame of the server behind `out`: never fragmented, never masked.
void appendSocketFrame(std::string &out, Opcode opcode, std::string_view payload);
/// Only its head; `payloadBytes` have to follow.
void appendSocketFrameHead(std::string &out, Opcode opcode, std::size_t payloadBytes);
/// Code 0: without one. The reason is cut to what fits.
void appendCloseFrame(std::string &out, std::uint16_t code, std::string_view reason);

} // namespace commander::rest
