// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"
#include "rest/http/qt_http_server.h"

namespace commander::rest {

/// The headers of an answer: its own, those that keep browsers from misusing it, and for a page of another site that
/// may read it, what says so. They refer to both arguments. `request` is null for an answer to what was no request.
[[nodiscard]] std::vector<HeaderView> answerHeaders(const Response &response, const CheckedRequest *request);

} // namespace commander::rest
