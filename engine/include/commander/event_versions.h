// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace commander {

/// The version of its action's schema that an event was written with: the member "eventVersion" of its headers; 1 when
/// there is none, as in every record from before events had versions. Error DomainFault: not a whole number from 1 on.
[[nodiscard]] Result<std::uint32_t> eventVersionOf(const RecordDraft &event);
/// The headers of an event of this version: `headers` as they are for version 1, else with the member added.
[[nodiscard]] std::string withEventVersion(std::string headers, std::uint32_t version);

/// The version in which a domain's folds and reactions get an event: that of its own events, what its upcasters lead to
/// for those of other domains. Nothing: as it was recorded.
[[nodiscard]] std::optional<std::uint32_t> eventVersionRead(const DomainDescription &domain, std::string_view action);

} // namespace commander
