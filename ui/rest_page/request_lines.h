// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>
#include <commander/request_log.h>

#include <optional>
#include <QString>
#include <string>
#include <vector>

namespace commander::ui {

/// How a request is written down for somebody to send it again.
enum class RequestSyntax { Curl, Httpie, Fetch };

/// A request that may be sent again: of the body only what a recorded command tells is known.
struct KnownRequest {
    RequestEntry entry;
    std::optional<std::string> body;
};

/// The body that recorded this command, with its id, so that sending it again records nothing twice.
[[nodiscard]] std::string bodyOfCommand(const Record &command);
/// Whether a body went along that nobody knows any more.
[[nodiscard]] bool lacksBody(const KnownRequest &request);

[[nodiscard]] QString requestLine(RequestSyntax syntax, const QString &baseUrl, const KnownRequest &request);
/// A POSIX shell script that sends these again, in this order, and fails where a status is another than it was then.
/// Those whose body is not known, and streams, are named and left out.
[[nodiscard]] QString requestScript(const std::vector<KnownRequest> &requests);

} // namespace commander::ui
