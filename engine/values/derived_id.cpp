// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/derived_id.h>

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t orderedBytes = 8; // 48 bits of milliseconds, the version, 12 bits of counter

bool isTimeOrdered(const Uuid &id)
{
    return (id.bytes[6] & 0xf0) == 0x70 && (id.bytes[8] & 0xc0) == 0x80;
}

} // namespace

Uuid derivedId(const Uuid &source, std::string_view name)
{
    auto id = uuid5(source, name);
    if (isTimeOrdered(source))
        std::copy_n(source.bytes.begin(), orderedBytes, id.bytes.begin()); // the 62 bits behind stay those of the hash
    return id;
}

std::vector<Uuid> derivedIdsEver(const Uuid &source, std::string_view name)
{
    std::vector<Uuid> ids{derivedId(source, name)};
    if (isTimeOrdered(source))
        ids.push_back(uuid5(source, name));
    return ids;
}

} // namespace commander
