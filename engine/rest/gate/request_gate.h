// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"
#include "rest/security/gate_client.h"

#include <functional>
#include <memory>

namespace commander::rest {

struct GateLimits {
    std::size_t requestLineBytesMax = 8 * 1024; ///< more: 414
    std::size_t fieldBytesMax = 8 * 1024;       ///< one header field; more: 431
    std::size_t headBytesMax = 32 * 1024;       ///< request line and all fields; more: 431
    std::size_t fieldsMax = 64;                 ///< more: 431
    std::size_t bodyBytesMax = 1 << 20;         ///< declared or counted; more: 413
};

/// Who may talk to us. Fixed once the port is known; shared by all connections.
struct GatePolicy {
    GateLimits limits;
    std::vector<std::string> hosts;   ///< exact values of the Host field, lower case
    std::vector<std::string> origins; ///< exact values of the Origin field, our own among them
    /// Runs when a head has passed every other check, before a byte of the body is kept: finds out who asks and for
    /// what, and fills in `token`, `route` and `params`, or refuses (401, 403, 404, 405, 406, 415, 429, 503).
    std::function<std::optional<GateRefusal>(CheckedRequest &, GateClient &)> checkHead;
};

/// Reads HTTP/1.x requests strictly, without a socket: takes bytes in any pieces and gives complete, checked requests
/// or one refusal. Its verdict does not depend on how the bytes are cut. Nothing that it has not passed reaches the
/// HTTP library.
class RequestGate {
public:
    enum class State {
        Head,     ///< collecting request line and fields
        Body,     ///< collecting the body
        Complete, ///< take() it; further bytes are left alone until then
        Refused   ///< see refusal(); no byte is taken any more
    };

    explicit RequestGate(std::shared_ptr<const GatePolicy> policy, std::string clientAddress = {});

    /// Returns how many bytes were taken; fewer than given only in Complete and Refused.
    std::size_t feed(std::string_view bytes);
    [[nodiscard]] State state() const noexcept { return m_state; }
    /// At least one byte of the coming request is here.
    [[nodiscard]] bool started() const noexcept { return m_state != State::Head || !m_request.head.m_bytes.empty(); }
    /// True once per request that asked for "100 Continue" and may send its body.
    [[nodiscard]] bool takeContinue() noexcept { return std::exchange(m_continueWanted, false); }
    /// The complete request; the gate is ready for the next one.
    [[nodiscard]] CheckedRequest take();
    /// What to answer. When it does not ask to close, reset() makes the gate ready for the next request.
    [[nodiscard]] const GateRefusal &refusal() const noexcept { return m_refusal; }
    void reset();
    /// The request in work as far as it is known; null before its request line is complete.
    [[nodiscard]] const CheckedRequest *known() const noexcept { return m_methodKnown ? &m_request : nullptr; }
    [[nodiscard]] const std::string &clientAddress() const noexcept { return m_client.address; }
    /// The method of the request in work, for an answer before its end (a time-out).
    [[nodiscard]] bool isHead() const noexcept { return m_methodKnown && m_request.head.m_method == Method::Head; }

private:
    enum class BodyStep { Fixed, ChunkSize, ChunkData, ChunkEnd, Trailer };
    using Slice = RequestHead::Slice;

    std::size_t feedHead(std::string_view bytes);
    std::size_t feedBody(std::string_view bytes);
    std::size_t feedChunkLine(std::string_view bytes);
    void headLine(std::size_t begin, std::size_t end);
    void requestLine(Slice line);
    void fieldLine(Slice line);
    void headComplete();
    bool checkFraming();
    bool checkPeer();
    bool checkBody();
    void chunkSize(std::string_view line);
    void complete() noexcept { m_state = State::Complete; }
    void refuse(int status, std::string_view code, std::string detail);

    const std::shared_ptr<const GatePolicy> m_policy;
    State m_state = State::Head;
    GateClient m_client;
    CheckedRequest m_request;
    GateRefusal m_refusal;
    std::size_t m_lineBegin = 0;
    bool m_methodKnown = false;
    bool m_sawEmptyLine = false; ///< the one empty line that may stand before a request
    bool m_continueWanted = false;
    bool m_chunked = false;
    std::optional<std::size_t> m_contentLength;
    BodyStep m_bodyStep = BodyStep::Fixed;
    std::size_t m_bodyMissing = 0; ///< bytes of the fixed body or of the chunk in work
    std::string m_chunkLine;
};

} // namespace commander::rest
