// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>
#include <commander/json.h>

#include <optional>
#include <string>
#include <string_view>

namespace commander::system {

/// Commands of one key are decided in order; when one is parked, its whole sequence waits. A command without a key is a
/// sequence of its own.
[[nodiscard]] std::string sequenceOf(std::string_view domain, const Record &command);

/// Key of an entry of the view commander-parked; sorts by number.
[[nodiscard]] std::string parkedKey(std::string_view sequence, std::int64_t number);

/// A command begins to wait: data of command-deferred and command-parked.
[[nodiscard]] Json waitingData(std::string_view domain, const Record &command, std::string_view reason);

/// A waiting command waits no longer: data of the event, from its document in commander-waiting. For the head of a
/// parked sequence it names the next one.
[[nodiscard]] Json leavingData(const Json &waiting, DocumentSource &views);

} // namespace commander::system
