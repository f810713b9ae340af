// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>

#include <string>
#include <string_view>

namespace commander {

/// Goes through a file of lines, or of CSV rows whose quoted cells may hold line ends. Holds one line and one block.
class UnitReader {
public:
    enum class Unit { Line, CsvRow };
    UnitReader(File &file, Unit unit) : m_file(file), m_unit(unit) { }

    /// The next whole unit with its line end in `unit`, which is good until the next call; false when none is left.
    /// Errors IoError, LimitExceeded (no line of ours is as long).
    [[nodiscard]] Result<bool> next(std::string_view &unit);
    /// 1-based number of the unit that next() gave last.
    [[nodiscard]] std::uint64_t number() const noexcept { return m_number; }
    /// Bytes of all units that next() gave.
    [[nodiscard]] std::uint64_t end() const noexcept { return m_end; }
    /// After next() said false: there are bytes behind the last whole unit.
    [[nodiscard]] bool isCut() const noexcept { return m_begin < m_buffer.size(); }

private:
    [[nodiscard]] bool findEnd(std::size_t &end);

    File &m_file;
    const Unit m_unit;
    std::string m_buffer;
    std::size_t m_begin = 0;  ///< of the next unit in the buffer
    std::size_t m_looked = 0; ///< no end before this
    bool m_quoted = false;    ///< at m_looked
    std::uint64_t m_offset = 0;
    std::uint64_t m_end = 0;
    std::uint64_t m_number = 0;
};

} // namespace commander
