// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logged_change.h"

#include <algorithm>
#include <bit>

namespace commander {

using viewformat::ChangeForm;

namespace {

constexpr std::uint64_t numberOf(std::int64_t value)
{
    return static_cast<std::uint64_t>(value);
}

// Another step of the same key lies in the same view at an earlier position: two small numbers say where.
void appendPlace(std::string &out, std::int64_t from, std::int64_t to)
{
    if (to == 0) {
        appendNumber(out, 0);
        return;
    }
    appendNumber(out, viewformat::positionOf(from).value - viewformat::positionOf(to).value);
    appendNumber(out, viewformat::ordinalOf(to));
}

bool takePlace(std::string_view &bytes, std::int64_t from, std::int64_t &to)
{
    std::uint64_t distance = 0;
    std::uint64_t ordinal = 0;
    if (!takeNumber(bytes, distance))
        return false;
    if (distance == 0) {
        to = 0;
        return true;
    }
    const auto position = viewformat::positionOf(from).value;
    if (!takeNumber(bytes, ordinal) || distance >= position || ordinal >= viewformat::changesPerFoldMax)
        return false;
    to = viewformat::sequenceOf({position - distance}, viewformat::viewOf(from), static_cast<std::uint32_t>(ordinal));
    return true;
}

bool takeChange(std::string_view bytes, LoggedChange &change)
{
    std::uint64_t key = 0;
    std::uint64_t form = 0;
    if (!takeNumber(bytes, key) || !takeNumber(bytes, form) || form > static_cast<std::uint64_t>(ChangeForm::Patch)
        || !takePlace(bytes, change.sequence, change.previous))
        return false;
    change.key = viewformat::keyNumber(viewformat::viewOf(change.sequence), static_cast<std::int64_t>(key));
    change.form = static_cast<ChangeForm>(form);
    if (change.isWhole()) {
        std::uint64_t skips = 0;
        std::uint64_t originBytes = 0;
        if (!takeNumber(bytes, change.rank) || change.rank == 0 || !takeNumber(bytes, skips) || skips > 64)
            return false;
        change.skips.resize(skips);
        for (auto &skip : change.skips) {
            if (!takePlace(bytes, change.sequence, skip) || skip == 0)
                return false;
        }
        if (!takeNumber(bytes, originBytes) || originBytes > bytes.size())
            return false;
        change.origins = bytes.substr(0, originBytes);
        bytes.remove_prefix(originBytes);
    }
    change.body = bytes;
    return true;
}

} // namespace

void appendNumber(std::string &out, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        out += static_cast<char>(0x80 | (number & 0x7f));
    out += static_cast<char>(number);
}

bool takeNumber(std::string_view &bytes, std::uint64_t &number)
{
    number = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

std::vector<std::int64_t> skipsAfter(const LoggedChange &whole)
{
    // The skips at hand have the ranks rank - 1, rank - 1 with its lowest bit cleared, …: as many of them as `rank` has
    // trailing zeros are not `rank` with bits cleared.
    const auto passed = std::min(static_cast<std::size_t>(std::countr_zero(whole.rank)), whole.skips.size());
    std::vector<std::int64_t> skips{whole.sequence};
    skips.insert(skips.end(), whole.skips.begin() + static_cast<std::ptrdiff_t>(passed), whole.skips.end());
    return skips;
}

void appendLogged(std::string &row, const LoggedChange &change)
{
    std::string head;
    appendNumber(head, numberOf(change.key) >> 8);
    appendNumber(head, static_cast<std::uint64_t>(change.form));
    appendPlace(head, change.sequence, change.previous);
    if (change.isWhole()) {
        appendNumber(head, change.rank);
        appendNumber(head, change.skips.size());
        for (const auto skip : change.skips)
            appendPlace(head, change.sequence, skip);
        appendNumber(head, change.origins.size());
        head += change.origins;
    }
    appendNumber(row, head.size() + change.body.size());
    row += head;
    row += change.body;
}

std::optional<LoggedChange> findLogged(std::string_view row, std::int64_t sequence)
{
    std::uint64_t size = 0;
    for (auto ordinal = viewformat::ordinalOf(sequence);; --ordinal) {
        if (!takeNumber(row, size) || size > row.size())
            return std::nullopt;
        if (ordinal == 0)
            break;
        row.remove_prefix(size);
    }
    LoggedChange change;
    change.sequence = sequence;
    return takeChange(row.substr(0, size), change) ? std::optional(std::move(change)) : std::nullopt;
}

std::optional<std::uint32_t> countLogged(std::string_view row)
{
    std::uint32_t count = 0;
    for (std::uint64_t size = 0; !row.empty(); ++count) {
        if (!takeNumber(row, size) || size > row.size())
            return std::nullopt;
        row.remove_prefix(size);
    }
    return count;
}

} // namespace commander
