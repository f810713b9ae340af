// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/websocket/frame_reader.h"

#include "values/json_validity.h"

#include <algorithm>
#include <utility>

namespace commander::rest {

namespace {

constexpr std::size_t controlBytesMax = 125;
constexpr std::uint8_t finalBit = 0x80;
constexpr std::uint8_t reservedBits = 0x70;
constexpr std::uint8_t maskBit = 0x80;

bool isControl(Opcode opcode)
{
    return static_cast<std::uint8_t>(opcode) >= 8;
}

bool isKnown(std::uint8_t opcode)
{
    return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

/// Those that may stand in a frame: the rest is reserved, or only for what never was sent.
bool isCloseCode(unsigned code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
        || (code >= 3000 && code <= 4999);
}

} // namespace

std::size_t FrameReader::feed(std::string_view bytes)
{
    std::size_t taken = 0;
    while (m_state == State::Reading && taken < bytes.size()) {
        if (m_headSize < m_headNeeded)
            headByte(static_cast<std::uint8_t>(bytes[taken++]));
        else
            taken += takePayload(bytes.substr(taken));
    }
    return taken;
}

SocketMessage FrameReader::take()
{
    m_state = State::Reading;
    return std::exchange(m_done, {});
}

void FrameReader::headByte(std::uint8_t byte)
{
    m_head[m_headSize++] = byte;
    if (m_headSize == 1) {
        const auto opcode = static_cast<std::uint8_t>(byte & 0x0f);
        if ((byte & reservedBits) != 0)
            return fail(closing::protocolError, "no extension was agreed on");
        if (!isKnown(opcode))
            return fail(closing::protocolError, "unknown opcode");
        if (static_cast<Opcode>(opcode) == Opcode::Binary)
            return fail(closing::unsupportedData, "messages are text");
        if (opcode >= 8 && (byte & finalBit) == 0)
            return fail(closing::protocolError, "a control frame in fragments");
        if (opcode < 8 && (static_cast<Opcode>(opcode) == Opcode::Continuation) != m_inMessage)
            return fail(closing::protocolError, "a fragment without its message");
    } else if (m_headSize == 2) {
        const auto length = static_cast<std::uint8_t>(byte & 0x7f);
        if ((byte & maskBit) == 0)
            return fail(closing::protocolError, "a client has to mask its frames");
        if ((m_head[0] & 0x0f) >= 8 && length > controlBytesMax)
            return fail(closing::protocolError, "a control frame is too long");
        m_headNeeded = 2u + (length == 126 ? 2 : length == 127 ? 8 : 0) + 4;
    }
    if (m_headSize == m_headNeeded)
        headComplete();
}

void FrameReader::headComplete()
{
    const std::size_t lengthBytes = m_headNeeded - 6;
    std::uint64_t length = m_head[1] & 0x7f;
    if (lengthBytes > 0) {
        length = 0;
        for (std::size_t i = 0; i < lengthBytes; ++i)
            length = length << 8 | m_head[2 + i];
        if (length >> 63 != 0 || length < (lengthBytes == 2 ? 126u : 0x10000u))
            return fail(closing::protocolError, "the length is not written in the shortest form");
    }
    const auto opcode = static_cast<Opcode>(m_head[0] & 0x0f);
    if (!isControl(opcode) && length > m_messageBytesMax - m_text.size())
        return fail(closing::messageTooBig, "the message is too long");
    m_missing = static_cast<std::size_t>(length);
    m_maskAt = 0;
    if (m_missing == 0)
        frameComplete();
}

std::size_t FrameReader::takePayload(std::string_view bytes)
{
    const auto count = std::min(bytes.size(), m_missing);
    std::string &payload = isControl(static_cast<Opcode>(m_head[0] & 0x0f)) ? m_control : m_text;
    const auto begin = payload.size();
    payload.append(bytes, 0, count);
    const std::uint8_t *const mask = &m_head[m_headNeeded - 4];
    for (std::size_t i = begin; i < payload.size(); ++i)
        payload[i] = static_cast<char>(static_cast<std::uint8_t>(payload[i]) ^ mask[m_maskAt++ & 3]);
    m_missing -= count;
    if (m_missing == 0)
        frameComplete();
    return count;
}

void FrameReader::frameComplete()
{
    const auto opcode = static_cast<Opcode>(m_head[0] & 0x0f);
    const bool last = (m_head[0] & finalBit) != 0;
    m_headSize = 0;
    m_headNeeded = 2;
    if (opcode == Opcode::Close)
        return closeComplete(std::exchange(m_control, {}));
    if (isControl(opcode)) {
        m_done = {opcode, std::exchange(m_control, {}), 0};
        m_state = State::Complete;
        return;
    }
    m_inMessage = !last;
    if (!last)
        return;
    if (!isUtf8(m_text))
        return fail(closing::invalidText, "the text is not UTF-8");
    m_done = {Opcode::Text, std::exchange(m_text, {}), 0};
    m_state = State::Complete;
}

void FrameReader::closeComplete(std::string_view payload)
{
    SocketMessage message{Opcode::Close, {}, 0};
    if (!payload.empty()) {
        const auto byte = [payload](std::size_t at) { return static_cast<std::uint8_t>(payload[at]); };
        if (payload.size() == 1 || !isCloseCode(byte(0) * 256u + byte(1)))
            return fail(closing::protocolError, "not a close code");
        message.code = static_cast<std::uint16_t>(byte(0) * 256u + byte(1));
        message.payload = payload.substr(2);
        if (!isUtf8(message.payload))
            return fail(closing::invalidText, "the text is not UTF-8");
    }
    m_done = std::move(message);
    m_state = State::Complete;
}

void FrameReader::fail(std::uint16_t code, std::string_view reason)
{
    m_failure = {code, reason};
    m_state = State::Failed;
    m_text = {};
    m_control = {};
}

void appendSocketFrameHead(std::string &out, Opcode opcode, std::size_t payloadBytes)
{
    out += static_cast<char>(finalBit | static_cast<std::uint8_t>(opcode));
    std::size_t lengthBytes = 0;
    if (payloadBytes < 126) {
        out += static_cast<char>(payloadBytes);
    } else {
        lengthBytes = payloadBytes < 0x10000 ? 2 : 8;
        out += static_cast<char>(lengthBytes == 2 ? 126 : 127);
    }
    while (lengthBytes-- > 0)
        out += static_cast<char>(static_cast<std::uint64_t>(payloadBytes) >> (8 * lengthBytes) & 0xff);
}

void appendSocketFrame(std::string &out, Opcode opcode, std::string_view payload)
{
    appendSocketFrameHead(out, opcode, payload.size());
    out.append(payload);
}

void appendCloseFrame(std::string &out, std::uint16_t code, std::string_view reason)
{
    std::string payload;
    if (code != 0) {
        payload += static_cast<char>(code >> 8);
        payload += static_cast<char>(code & 0xff);
        payload.append(reason.substr(0, controlBytesMax - 2));
    }
    appendSocketFrame(out, Opcode::Close, payload);
}

} // namespace commander::rest
