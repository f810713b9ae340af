// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <string>

namespace commander {

/// Appends the record as one line of JSON in the shape of the REST contract: kind, id, parent, correlation, action,
/// key, topic, partition, offset, position, timestamp, recordedAt, actor, and `data` byte for byte. The members are not
/// closed: the caller may add `,"name":value` and must append the final `}`.
void openRecordJson(std::string &out, const Record &record);
/// The same, closed.
[[nodiscard]] std::string recordJson(const Record &record);

} // namespace commander
