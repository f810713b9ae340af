// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>

#include <string_view>
#include <vector>

namespace commander {

/// The id of a record that another one causes: the same source and name always give the same id, so that a retry
/// invents none. From a time-ordered source (version 7) it is time-ordered too: the source's time and counter, then a
/// hash. A ledger's ids then grow with it, and a commit writes the end of their index instead of pages all over it.
/// From any other source it is uuid5().
[[nodiscard]] Uuid derivedId(const Uuid &source, std::string_view name);

/// The ids that a record named so may have: derivedId(), and where that is another one uuid5(), under which older
/// ledgers hold it.
[[nodiscard]] std::vector<Uuid> derivedIdsEver(const Uuid &source, std::string_view name);

/// The id that the engine gives the result of a command.
[[nodiscard]] inline Uuid resultIdOf(const Uuid &command)
{
    return derivedId(command, "result");
}

} // namespace commander
