// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/helper_messages.h"

#include <commander/domain.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace commander::script {

/// Guesses which documents a call will ask for, from what calls of the same function asked for: those whose keys stand
/// in the same members of the data. A guess saves a question, a wrong one costs a look. Thread-safe.
class ReadHints {
public:
    /// That a call read this document.
    void learn(const CallMessage &call, const Json &data, const ReadMessage &read);
    /// What a call will read: without documents.
    [[nodiscard]] std::vector<SentDocument> guess(const CallMessage &call, const Json &data);

private:
    /// Kind, name, action.
    using Function = std::pair<std::uint8_t, std::pair<std::string, std::string>>;
    /// View, and the member that holds the key; empty = the record's own key.
    using Hint = std::pair<std::string, std::string>;
    [[nodiscard]] static Function functionOf(const CallMessage &call);

    std::mutex m_mutex;
    std::map<Function, std::set<Hint>> m_hints; ///< guarded by m_mutex
};

} // namespace commander::script
