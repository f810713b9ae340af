// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"
#include "rest/gate/http_syntax.h"
#include "rest/gate/request_gate.h"
#include "rest/websocket/handshake.h"

#include <algorithm>

namespace commander {

namespace {

using namespace rest;

/// Small, so that a few bytes reach every limit.
std::shared_ptr<const GatePolicy> policy()
{
    static const auto made = [] {
        auto policy = std::make_shared<GatePolicy>();
        policy->limits = {64, 64, 256, 8, 64};
        policy->hosts = {"h:1"};
        policy->origins = {"http://h:1"};
        policy->checkHead = [](CheckedRequest &request, GateClient &) -> std::optional<GateRefusal> {
            if (asksForWebSocket(request.head)) {
                request.webSocket = true;
                return checkWebSocket(request.head);
            }
            if (request.head.path() != "/no")
                return std::nullopt;
            GateRefusal refusal;
            refusal.status = 404;
            return refusal;
        };
        return policy;
    }();
    return made;
}

void tell(std::string &verdict, const CheckedRequest &request)
{
    verdict.append(methodName(request.head.method())).append(" ").append(request.head.target());
    verdict += request.head.minorVersion() == 1 ? " 1.1" : " 1.0";
    verdict += request.keepAlive ? " keep" : " close";
    verdict += request.webSocket ? " socket" : "";
    for (const auto *name : {"host", "origin", "content-length", "transfer-encoding", "connection", "x", "expect"}) {
        for (auto count = request.head.count(name); count > 0; --count)
            verdict.append("|").append(name).append("=").append(*request.head.field(name));
    }
    verdict.append("|").append(request.body).append("\n");
}

/// What the gate makes of the bytes when they come in pieces of these sizes, the last one again and again. Begins with
/// an exclamation mark when a promise is broken.
std::string verdictOf(std::string_view bytes, std::initializer_list<std::size_t> pieces)
{
    RequestGate gate(policy());
    std::string verdict;
    auto piece = pieces.begin();
    while (!bytes.empty()) {
        const auto given = bytes.substr(0, *piece);
        const auto taken = gate.feed(given);
        if (piece + 1 != pieces.end())
            ++piece;
        bytes.remove_prefix(taken);
        if (gate.state() == RequestGate::State::Complete) {
            const auto request = gate.take();
            if (request.body.size() > policy()->limits.bodyBytesMax)
                return "!a body over the limit";
            if (request.head.count("host") != 1 || lowered(*request.head.field("host")) != "h:1")
                return "!a request for another host";
            if (request.head.count("content-length") + request.head.count("transfer-encoding") > 1)
                return "!a body with two lengths";
            if (request.webSocket && (!request.body.empty() || request.head.method() != Method::Get))
                return "!a WebSocket with a body";
            tell(verdict, request);
        } else if (gate.state() == RequestGate::State::Refused) {
            const auto &refusal = gate.refusal();
            if (refusal.status < 400 || refusal.status > 599)
                return "!a refusal that is none";
            verdict += "refused " + std::to_string(refusal.status) + ' ' + refusal.code + ' ' + refusal.detail
                + (refusal.headOnly ? " head" : "") + '\n';
            if (refusal.close)
                return verdict;
            gate.reset();
        } else if (taken != given.size()) {
            return "!bytes were left alone";
        }
    }
    return verdict + (gate.started() ? "unfinished" : "");
}

} // namespace

std::string brokenInvariant(std::string_view bytes)
{
    const auto whole = verdictOf(bytes, {bytes.size()});
    if (whole.starts_with('!'))
        return whole.substr(1);
    const std::size_t odd = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.back()) % 7;
    for (const auto &verdict : {verdictOf(bytes, {1}), verdictOf(bytes, {odd}),
                                verdictOf(bytes, {bytes.size() / 2 + 1}), verdictOf(bytes, {1, odd, 64, 3})}) {
        if (verdict != whole)
            return "another verdict when it comes in pieces:\n" + verdict + "\ninstead of\n" + whole;
    }
    return {};
}

} // namespace commander
