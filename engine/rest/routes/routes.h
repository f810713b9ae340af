// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/rest_context.h"
#include "rest/router.h"

namespace commander::rest {

/// Each adds its paths to the router. The context outlives the routes.
void addSubmitRoutes(Router &router, RestContext &context);  ///< POST /commands, /commands/{id}/retry
void addPreviewRoutes(Router &router, RestContext &context); ///< POST /commands/preview
void addCommandRoutes(Router &router, RestContext &context); ///< GET /commands…
void addRecordRoutes(Router &router, RestContext &context);  ///< events, records, topics
void addViewRoutes(Router &router, RestContext &context);    ///< views, and the paths that domains give them
/// Versions of views beside each other. `loader`: for candidates that a client sends; null: none is taken.
void addVersionRoutes(Router &router, RestContext &context, const DomainLoader *loader);
void addDomainRoutes(Router &router, RestContext &context, const DomainLoader *loader); ///< /domains, and installing
void addVerifyRoutes(Router &router, RestContext &context);                             ///< /ledger/verify
void addExportRoutes(Router &router, RestContext &context);                             ///< /ledger/export
void addConsumerRoutes(Router &router, RestContext &context); ///< /consumers, and what is done to them
void addUpdateRoutes(Router &router, RestContext &context);   ///< server-sent events
void addPageRoutes(Router &router, RestContext &context);     ///< /live, a page that follows /updates in a browser
void addApiRoutes(Router &router, RestContext &context);      ///< the API's own documents: OpenAPI, AsyncAPI
void addServiceRoutes(Router &router, RestContext &context);  ///< health, metrics, ledger head, domains, problem pages

void addAccessRoutes(Router &router, RestContext &context); ///< tokens, tickets
/// /requests: the access log, which outlives the routes.
void addRequestLogRoutes(Router &router, RestContext &context, const RequestLog &log);

} // namespace commander::rest
