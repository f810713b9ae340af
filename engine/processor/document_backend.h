// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/result.h>

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace commander {

/// Where the processor reads the documents of the past. The views keep them; the runtime lends them.
class DocumentBackend {
public:
    virtual ~DocumentBackend() = default;
    /// The newest document that the view has, as text, or nothing.
    [[nodiscard]] virtual Result<std::optional<std::string>> settledDocument(const std::string &view,
                                                                             const std::string &key)
        = 0;
    /// Documents of a view as key and text, by key, after `afterKey`; an empty answer is the end.
    [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::string>>>
    settledDocuments(const std::string &view, const std::optional<std::string> &afterKey) = 0;
    /// Every view has folded up to here, and settledDocument() shows it.
    [[nodiscard]] virtual Position settledTo() = 0;
    /// Waits until settledTo() is there; false when `stop` was requested or it will never be.
    [[nodiscard]] virtual bool waitSettled(Position position, std::stop_token stop) = 0;
};

} // namespace commander
