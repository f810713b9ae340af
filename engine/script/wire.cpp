// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/wire.h"

#include <algorithm>
#include <limits>

namespace commander::script {

namespace {

constexpr std::size_t lengthBytes = 4;

template <class T> void append(std::string &out, T value)
{
    for (std::size_t i = 0; i < sizeof value; ++i)
        out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

template <class T> T number(std::string_view bytes)
{
    T value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes[i]));
    return value;
}

} // namespace

WireWriter::WireWriter(std::uint8_t kind) : m_bytes(lengthBytes, '\0')
{
    u8(kind);
}

WireWriter &WireWriter::u8(std::uint8_t value)
{
    m_bytes += static_cast<char>(value);
    return *this;
}

WireWriter &WireWriter::u32(std::uint32_t value)
{
    append(m_bytes, value);
    return *this;
}

WireWriter &WireWriter::i64(std::int64_t value)
{
    append(m_bytes, static_cast<std::uint64_t>(value));
    return *this;
}

WireWriter &WireWriter::text(std::string_view value)
{
    // What is cut short here makes the frame too long as well: it never leaves.
    u32(static_cast<std::uint32_t>(std::min<std::size_t>(value.size(), std::numeric_limits<std::uint32_t>::max())));
    m_bytes += value;
    return *this;
}

WireWriter &WireWriter::uuid(const Uuid &value)
{
    m_bytes.append(reinterpret_cast<const char *>(value.bytes.data()), value.bytes.size());
    return *this;
}

WireWriter &WireWriter::optionalText(const std::optional<std::string> &value)
{
    u8(value ? 1 : 0);
    return value ? text(*value) : *this;
}

WireWriter &WireWriter::optionalTime(const std::optional<Timestamp> &value)
{
    u8(value ? 1 : 0);
    return value ? time(*value) : *this;
}

std::optional<std::string> WireWriter::frame() &&
{
    const auto length = m_bytes.size() - lengthBytes;
    if (length > frameBytesMax)
        return std::nullopt;
    std::string prefix;
    append(prefix, static_cast<std::uint32_t>(length));
    std::copy(prefix.begin(), prefix.end(), m_bytes.begin());
    return std::move(m_bytes);
}

std::string_view WireReader::take(std::size_t bytes)
{
    if (m_failed || bytes > m_rest.size()) {
        m_failed = true;
        return {};
    }
    const auto taken = m_rest.substr(0, bytes);
    m_rest.remove_prefix(bytes);
    return taken;
}

std::uint8_t WireReader::u8()
{
    return number<std::uint8_t>(take(1));
}

bool WireReader::flag()
{
    const auto value = u8();
    m_failed = m_failed || value > 1;
    return value == 1 && !m_failed;
}

std::uint32_t WireReader::u32()
{
    return number<std::uint32_t>(take(4));
}

std::int64_t WireReader::i64()
{
    return static_cast<std::int64_t>(number<std::uint64_t>(take(8)));
}

std::string WireReader::text()
{
    return std::string(take(u32()));
}

Uuid WireReader::uuid()
{
    Uuid out;
    const auto bytes = take(out.bytes.size());
    std::transform(bytes.begin(), bytes.end(), out.bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return out;
}

std::optional<std::string> WireReader::optionalText()
{
    return flag() ? std::optional(text()) : std::nullopt;
}

std::optional<Timestamp> WireReader::optionalTime()
{
    return flag() ? std::optional(time()) : std::nullopt;
}

std::uint32_t WireReader::count(std::size_t bytesEach)
{
    const auto value = u32();
    if (m_failed || value > m_rest.size() / std::max<std::size_t>(bytesEach, 1)) {
        m_failed = true;
        return 0;
    }
    return value;
}

void FrameCutter::add(std::string_view bytes)
{
    if (m_failed)
        return;
    if (m_begin > 0 && m_begin == m_bytes.size()) {
        m_bytes.clear();
        m_begin = 0;
    }
    m_bytes += bytes;
}

std::optional<std::string> FrameCutter::next()
{
    if (m_failed || m_bytes.size() - m_begin < lengthBytes)
        return std::nullopt;
    const auto length = number<std::uint32_t>(std::string_view(m_bytes).substr(m_begin, lengthBytes));
    if (length == 0 || length > frameBytesMax) {
        m_failed = true;
        return std::nullopt;
    }
    if (m_bytes.size() - m_begin - lengthBytes < length)
        return std::nullopt;
    auto payload = m_bytes.substr(m_begin + lengthBytes, length);
    m_begin += lengthBytes + length;
    return payload;
}

} // namespace commander::script
