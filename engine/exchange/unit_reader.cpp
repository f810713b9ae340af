// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/unit_reader.h"

#include <cstring>
#include <span>

namespace commander {

namespace {

constexpr std::size_t blockBytes = 256 * 1024;
// Data and headers of 1 MiB each, every byte written as six.
constexpr std::size_t unitBytesMax = 16u * 1024u * 1024u;

} // namespace

bool UnitReader::findEnd(std::size_t &end)
{
    if (m_unit == Unit::Line) {
        const void *const found = std::memchr(m_buffer.data() + m_looked, '\n', m_buffer.size() - m_looked);
        m_looked = m_buffer.size();
        if (!found)
            return false;
        end = static_cast<std::size_t>(static_cast<const char *>(found) - m_buffer.data()) + 1;
        return true;
    }
    for (; m_looked < m_buffer.size(); ++m_looked) {
        if (m_buffer[m_looked] == '"') {
            m_quoted = !m_quoted; // a doubled quote changes it twice
        } else if (m_buffer[m_looked] == '\n' && !m_quoted) {
            end = m_looked + 1;
            return true;
        }
    }
    return false;
}

Result<bool> UnitReader::next(std::string_view &unit)
{
    std::size_t end = 0;
    while (!findEnd(end)) {
        if (m_buffer.size() - m_begin > unitBytesMax)
            return fail(ErrorCode::LimitExceeded, "a line is longer than any that Commander writes",
                        "line " + std::to_string(m_number + 1));
        m_buffer.erase(0, m_begin);
        m_looked -= m_begin;
        m_begin = 0;
        const auto size = m_buffer.size();
        m_buffer.resize(size + blockBytes);
        const auto count
            = m_file.readAt(m_offset, std::span(reinterpret_cast<std::uint8_t *>(m_buffer.data()) + size, blockBytes));
        m_buffer.resize(size + count.value_or(0));
        if (!count)
            return fail(count.error());
        if (*count == 0)
            return false;
        m_offset += *count;
    }
    unit = std::string_view(m_buffer).substr(m_begin, end - m_begin);
    m_end += unit.size();
    ++m_number;
    m_begin = end;
    m_looked = end;
    return true;
}

} // namespace commander
