// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/router.h"

#include <commander/domain.h>

#include <span>

namespace commander::rest {

/// The OpenAPI 3.1 document of the server as it is now: every route that clients may use, with the words of
/// resources/api/openapi.json, the commands that the domains take today with their schemas, and the paths that the
/// domains give their views. Error Internal when a route is not described: a test asks for it, so no release has one.
/// `open`: nobody needs a token as things stand, and every operation says so.
[[nodiscard]] Result<std::string> openApiDocument(const Router &router, std::span<const DomainDescription> domains,
                                                  bool open);

/// The push channels as an AsyncAPI 3.0 document, with the events of the domains of today. `host` is "127.0.0.1:8080".
[[nodiscard]] Result<std::string> asyncApiDocument(std::string_view host, std::span<const DomainDescription> domains);

} // namespace commander::rest
