// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/json/record_json.h"

namespace commander::rest {

inline constexpr std::string_view cloudEventType = "application/cloudevents+json";
inline constexpr std::string_view cloudEventBatchType = "application/cloudevents-batch+json";

/// A record as a CloudEvent 1.0 in structured mode, `data` byte for byte: type is its action (of a result
/// command-succeeded and the like), subject its key, source the ledger, and everything else an extension attribute.
/// `status` is for commands whose status is known.
void appendCloudEvent(std::string &out, const Record &record, const Uuid &ledger,
                      std::optional<CommandStatus> status = {});

} // namespace commander::rest
