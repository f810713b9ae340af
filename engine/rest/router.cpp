// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/router.h"

#include "rest/gate/http_syntax.h"
#include "rest/query_params.h"
#include "rest/websocket/handshake.h"

#include <algorithm>

namespace commander::rest {

namespace {

std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> segments;
    std::size_t begin = 1; // behind the first slash
    for (;;) {
        const auto slash = path.find('/', begin);
        segments.push_back(path.substr(begin, slash == std::string_view::npos ? slash : slash - begin));
        if (slash == std::string_view::npos)
            return segments;
        begin = slash + 1;
    }
}

bool isVariable(const std::string &segment)
{
    return segment.starts_with('{');
}

/// "Application/JSON; charset=utf-8" is application/json.
std::string mediaType(std::string_view field)
{
    return lowered(trimmed(field.substr(0, field.find(';'))));
}

std::vector<std::string_view> mediaTypesOf(Produces produces)
{
    switch (produces) {
    case Produces::Json:
        return {"application/json", "application/problem+json", "application/x-ndjson"};
    case Produces::List:
        return {"application/json", "application/problem+json", "application/x-ndjson", "text/csv"};
    case Produces::Record:
        return {"application/json", "application/problem+json", "application/x-ndjson", "application/cloudevents+json"};
    case Produces::Records:
        return {"application/json", "application/problem+json",     "application/x-ndjson",
                "text/csv",         "application/cloudevents+json", "application/cloudevents-batch+json"};
    case Produces::EventStream:
        return {"text/event-stream"};
    case Produces::Text:
        return {"text/plain", "application/openmetrics-text"};
    case Produces::Html:
        return {"text/html"};
    case Produces::Any:
        break;
    }
    return {};
}

bool accepts(std::string_view accept, Produces produces)
{
    if (produces == Produces::Any)
        return true;
    const auto offered = mediaTypesOf(produces);
    while (!accept.empty()) {
        const auto comma = accept.find(',');
        const auto wanted = mediaType(accept.substr(0, comma));
        accept = comma == std::string_view::npos ? std::string_view() : accept.substr(comma + 1);
        if (wanted == "*/*")
            return true;
        const bool range = wanted.size() > 2 && wanted.substr(wanted.size() - 2) == "/*";
        for (const auto type : offered) {
            if (wanted == type || (range && type.substr(0, wanted.size() - 1) == wanted.substr(0, wanted.size() - 1)))
                return true;
        }
    }
    return false;
}

} // namespace

void Router::add(Route route)
{
    const auto [found, isNew] = m_byPattern.try_emplace(route.pattern, m_paths.size());
    if (isNew) {
        Path path;
        for (const auto segment : split(route.pattern))
            path.segments.emplace_back(segment);
        m_paths.push_back(std::move(path));
    }
    m_paths[found->second].routes.push_back(m_routes.size());
    m_routes.push_back(std::move(route));
}

void Router::remove(const std::string &pattern)
{
    const auto found = m_byPattern.find(pattern);
    if (found == m_byPattern.end())
        return;
    m_paths[found->second].routes.clear();
    m_paths[found->second].segments.clear(); // fits no path
    m_byPattern.erase(found);
}

void Router::forEach(const std::function<void(const Route &)> &visit) const
{
    for (const auto &path : m_paths) {
        for (const auto index : path.routes)
            visit(m_routes[index]);
    }
}

const Router::Path *Router::findPath(std::string_view path, std::vector<std::string> *params) const
{
    if (path.empty() || path.front() != '/')
        return nullptr;
    // A path without variables is its own pattern.
    if (const auto found = m_byPattern.find(std::string(path));
        found != m_byPattern.end() && path.find('{') == path.npos)
        return &m_paths[found->second];
    const auto segments = split(path);
    const Path *best = nullptr;
    std::size_t bestLiterals = 0;
    for (const auto &candidate : m_paths) {
        if (candidate.segments.size() != segments.size())
            continue;
        std::size_t literals = 0;
        bool fits = true;
        for (std::size_t i = 0; fits && i < segments.size(); ++i) {
            if (isVariable(candidate.segments[i]))
                fits = !segments[i].empty();
            else if ((fits = candidate.segments[i] == segments[i]))
                ++literals;
        }
        if (fits && (!best || literals > bestLiterals)) {
            best = &candidate;
            bestLiterals = literals;
        }
    }
    if (best && params) {
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (isVariable(best->segments[i]))
                params->push_back(percentDecoded(segments[i]));
        }
    }
    return best;
}

std::string Router::verbsOf(const Path &path) const
{
    std::string verbs;
    for (const auto index : path.routes) {
        verbs.append(methodName(m_routes[index].verb)).append(", ");
        if (m_routes[index].verb == Method::Get)
            verbs.append("HEAD, ");
    }
    return verbs + "OPTIONS";
}

const Route *Router::find(Method verb, std::string_view path) const
{
    const Path *const found = findPath(path, nullptr);
    if (!found)
        return nullptr;
    for (const auto index : found->routes) {
        if (m_routes[index].verb == verb)
            return &m_routes[index];
    }
    return nullptr;
}

std::string Router::allowed(const CheckedRequest &request) const
{
    const auto *path = findPath(request.head.path(), nullptr);
    return path ? verbsOf(*path) : "GET, HEAD, OPTIONS, POST";
}

std::optional<GateRefusal> Router::check(CheckedRequest &request) const
{
    const RequestHead &head = request.head;
    if (head.method() == Method::Options && head.target() == "*") {
        request.route = optionsRoute;
        return std::nullopt;
    }
    const Path *path = findPath(head.path(), &request.params);
    if (!path || !m_routes[path->routes.front()].view.empty()) {
        refresh();
        request.params.clear();
        path = findPath(head.path(), &request.params);
    }
    if (!path)
        return refusal(404, "not-found", "There is nothing at this path.");
    if (head.method() == Method::Options) {
        request.route = optionsRoute;
        return std::nullopt;
    }
    const Method verb = head.method() == Method::Head ? Method::Get : head.method();
    const auto found = std::find_if(path->routes.begin(), path->routes.end(),
                                    [&](std::size_t index) { return m_routes[index].verb == verb; });
    if (found == path->routes.end()) {
        auto answer = refusal(405, "method-not-allowed", "This path does not take the method.");
        answer.allow = verbsOf(*path);
        return answer;
    }
    request.route = *found;
    const Route &route = m_routes[*found];
    if (route.webSocket && asksForWebSocket(head)) {
        request.webSocket = true;
        return checkWebSocket(head);
    }
    if (const auto accept = head.field("accept"); accept && !accept->empty() && !accepts(*accept, route.produces))
        return refusal(406, "not-acceptable", "This path has no answer of a type that the Accept header names.");
    if (route.bodies.empty())
        return std::nullopt;
    if (route.bodyOptional && head.count("content-type") == 0)
        return std::nullopt;
    const auto type = mediaType(head.field("content-type").value_or(""));
    if (head.count("content-type") != 1
        || std::find(route.bodies.begin(), route.bodies.end(), type) == route.bodies.end())
        return refusal(415, "unsupported-media-type", "The body has to be " + route.bodies.front() + ".");
    if (const auto encoding = head.field("content-encoding"); encoding && lowered(*encoding) != "identity")
        return refusal(415, "unsupported-media-type", "Content-Encoding is not read; send the body as it is.");
    return std::nullopt;
}

} // namespace commander::rest
