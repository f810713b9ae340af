// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/text_search.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::uint8_t lower(char c) noexcept
{
    const auto byte = static_cast<std::uint8_t>(c);
    return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte + 32) : byte;
}

constexpr bool isIdCharacter(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
}

} // namespace

TextSearch::TextSearch(std::string_view text) : m_needle(text)
{
    std::ranges::transform(m_needle, m_needle.begin(), [](char c) { return static_cast<char>(lower(c)); });
    // Horspool's rule: how far the needle may move when this byte stands under its last one.
    m_skip.fill(m_needle.size());
    for (std::size_t i = 0; i + 1 < m_needle.size(); ++i)
        m_skip[static_cast<std::uint8_t>(m_needle[i])] = m_needle.size() - 1 - i;
    for (std::size_t c = 'A'; c <= 'Z'; ++c)
        m_skip[c] = m_skip[c + 32];
    m_maybeId = m_needle.size() <= 36 && std::ranges::all_of(m_needle, isIdCharacter);
}

bool TextSearch::isIn(std::string_view bytes) const noexcept
{
    if (m_needle.empty())
        return true;
    const auto last = m_needle.size() - 1;
    for (auto end = last; end < bytes.size(); end += m_skip[static_cast<std::uint8_t>(bytes[end])]) {
        std::size_t i = last;
        const auto start = end - last;
        while (lower(bytes[start + i]) == static_cast<std::uint8_t>(m_needle[i])) {
            if (i == 0)
                return true;
            --i;
        }
    }
    return false;
}

bool TextSearch::isIn(const Record &record) const
{
    if (isIn(std::string_view(record.data)) || isIn(record.action) || isIn(record.key))
        return true;
    const auto isInId = [this](const Uuid &id) { return !id.isNull() && isIn(id.text()); };
    return m_maybeId && (isInId(record.id) || isInId(record.parent) || isInId(record.correlation));
}

} // namespace commander
