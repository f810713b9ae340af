// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/pages/pages.h"
#include "rest/routes/routes.h"

namespace commander::rest {

namespace {

/// Scripts, styles and data from this server only, and nothing in line: what a record says can never run.
constexpr auto pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view mediaTypeOf(std::string_view name)
{
    if (name.ends_with(".html"))
        return "text/html; charset=utf-8";
    return name.ends_with(".js") ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8";
}

/// "live.html" is served as /live, everything else under its own name.
std::string pathOf(std::string_view name)
{
    constexpr std::string_view html = ".html";
    if (name.ends_with(html))
        name.remove_suffix(html.size());
    return '/' + std::string(name);
}

} // namespace

void addPageRoutes(Router &router, RestContext &context)
{
    for (const auto &page : pages()) {
        Route route;
        route.pattern = pathOf(page.name);
        route.produces = Produces::Any;
        route.documented = false;
        route.needs = Needs::Nothing; // it holds nothing of the workspace
        route.run = [&context, &page](ExchangeId exchange, const RequestPtr &) {
            Response response;
            response.contentType = mediaTypeOf(page.name);
            response.contentPolicy = pagePolicy;
            response.body = page.text;
            context.answer(exchange, response);
        };
        router.add(std::move(route));
    }
}

} // namespace commander::rest
