// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <optional>
#include <vector>

namespace commander {

/// The event's data as the domain's functions get it; nothing when that is as it was recorded. Errors of upcasters;
/// DomainFault when the event is newer than the domain.
[[nodiscard]] Result<std::optional<Json>> upcastFor(const Domain &domain, const ParsedRecord &event);

/// Domain::fold() and Domain::react() with the event as the domain knows it. Everything that folds goes through here.
[[nodiscard]] Result<void> foldEvent(const Domain &domain, const ViewSpec &view, const ParsedRecord &event,
                                     DocumentFold &documents);
[[nodiscard]] Result<std::vector<FollowUpCommand>> reactTo(const Domain &domain, const ParsedRecord &event,
                                                           DocumentSource &views, HandlerContext &context);

} // namespace commander
