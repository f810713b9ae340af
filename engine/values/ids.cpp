// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/ids.h>

#include "values/digest.h"

namespace commander {

namespace {

constexpr char hexDigits[] = "0123456789abcdef";

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

constexpr std::size_t uuidTextLength = 36;

constexpr bool hyphenAt(std::size_t index)
{
    return index == 8 || index == 13 || index == 18 || index == 23;
}

} // namespace

Result<Uuid> Uuid::parse(std::string_view text)
{
    const auto refuse = [text] {
        // What stands there may be anything, of any length: quote only a harmless beginning.
        std::string shown;
        for (const char c : text.substr(0, uuidTextLength))
            shown.push_back(c >= ' ' && c <= '~' ? c : '?');
        return fail(ErrorCode::InvalidUuid, "not a UUID", '"' + shown + '"',
                    "Write it as 36 characters, e.g. 33bb75db-6e13-48ee-8a54-b3976d3d065b.");
    };
    if (text.size() != uuidTextLength)
        return refuse();
    Uuid id;
    std::size_t byte = 0;
    for (std::size_t i = 0; i < uuidTextLength;) {
        if (hyphenAt(i)) {
            if (text[i] != '-')
                return refuse();
            ++i;
            continue;
        }
        const int high = hexValue(text[i]);
        const int low = hexValue(text[i + 1]);
        if (high < 0 || low < 0)
            return refuse();
        id.bytes[byte++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return id;
}

std::string Uuid::text() const
{
    std::string text(uuidTextLength, '-');
    std::size_t i = 0;
    for (const std::uint8_t byte : bytes) {
        if (hyphenAt(i))
            ++i;
        text[i++] = hexDigits[byte >> 4];
        text[i++] = hexDigits[byte & 15];
    }
    return text;
}

Uuid uuid5(const Uuid &nameSpace, std::string_view name)
{
    std::array<std::uint8_t, 20> hash{};
    Digest(DigestKind::Sha1).add(nameSpace.bytes).add(name).finish(hash);
    Uuid id;
    std::memcpy(id.bytes.data(), hash.data(), id.bytes.size());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x50);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

std::string toHex(const std::uint8_t *bytes, std::size_t count)
{
    std::string text(count * 2, '0');
    for (std::size_t i = 0; i < count; ++i) {
        text[2 * i] = hexDigits[bytes[i] >> 4];
        text[2 * i + 1] = hexDigits[bytes[i] & 15];
    }
    return text;
}

} // namespace commander
