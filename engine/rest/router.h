// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/http/exchange.h"
#include "rest/security/access_desk.h"

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace commander::rest {

/// Which answers a path has, for the Accept header.
enum class Produces { Json, List, Record, Records, EventStream, Text, Html, Any };

/// One verb on one path. HEAD goes where GET goes; OPTIONS is answered for every path.
struct Route {
    Method verb = Method::Get;
    std::string pattern; ///< "/commands/{id}"
    std::function<void(ExchangeId, const RequestPtr &)> run;
    Produces produces = Produces::Json;
    std::vector<std::string> bodies; ///< media types that a body may have; empty = none is read
    bool webSocket = false;          ///< becomes one when the client asks for it
    bool bodyOptional = false;       ///< a request without a body and its type is fine
    std::string view;                ///< the view whose documents a domain's own path answers; else empty
    bool documented = true;          ///< false: a page for people, not part of the API
    Needs needs = Needs::ByVerb;     ///< who may use it

    /// None: everybody, without a token.
    [[nodiscard]] std::optional<AccessRole> role() const noexcept { return roleFor(needs, verb); }
};

/// Finds the route of a request by its path's segments. Literal segments win over variable ones.
class Router {
public:
    void add(Route route);
    /// Takes every route of this pattern away. Requests that check() has let through still find theirs.
    void remove(const std::string &pattern);
    /// Called before a request is refused for its path, or goes to a path that a domain gave: may add and remove such.
    void onRefresh(std::function<void()> refresh) { m_refresh = std::move(refresh); }
    void refresh() const
    {
        if (m_refresh)
            m_refresh();
    }
    /// Whether a pattern of exactly this text is there.
    [[nodiscard]] bool knows(const std::string &pattern) const { return m_byPattern.contains(pattern); }
    /// Of every route that is there now.
    void forEach(const std::function<void(const Route &)> &visit) const;
    /// The route of a path, null when there is none.
    [[nodiscard]] const Route *find(Method verb, std::string_view path) const;
    /// The gate's last check: fills in `route` and `params`, or says why not (404, 405, 406, 415).
    [[nodiscard]] std::optional<GateRefusal> check(CheckedRequest &request) const;
    /// The route that check() found.
    [[nodiscard]] const Route &at(std::size_t index) const { return m_routes[index]; }
    /// "GET, HEAD, OPTIONS": the verbs of the path that this request asked for.
    [[nodiscard]] std::string allowed(const CheckedRequest &request) const;

    /// `route` of an OPTIONS request.
    static constexpr std::size_t optionsRoute = static_cast<std::size_t>(-1);

private:
    struct Path {
        std::vector<std::string> segments; ///< "{…}" = variable
        std::vector<std::size_t> routes;
    };
    [[nodiscard]] const Path *findPath(std::string_view path, std::vector<std::string> *params) const;
    [[nodiscard]] std::string verbsOf(const Path &path) const;

    std::deque<Route> m_routes; ///< only ever grows: a route may run while another is added
    std::vector<Path> m_paths;
    std::unordered_map<std::string, std::size_t> m_byPattern;
    std::function<void()> m_refresh;
};

} // namespace commander::rest
