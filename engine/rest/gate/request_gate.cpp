// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/gate/request_gate.h"

#include "rest/gate/http_syntax.h"

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t chunkLineBytesMax = 16; ///< hex digits of a chunk size

} // namespace

RequestGate::RequestGate(std::shared_ptr<const GatePolicy> policy, std::string clientAddress)
    : m_policy(std::move(policy))
{
    m_client.address = std::move(clientAddress);
}

std::size_t RequestGate::feed(std::string_view bytes)
{
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        if (m_state == State::Head)
            taken += feedHead(bytes.substr(taken));
        else if (m_state == State::Body)
            taken += feedBody(bytes.substr(taken));
        else
            break;
    }
    return taken;
}

CheckedRequest RequestGate::take()
{
    CheckedRequest request = std::move(m_request);
    reset();
    return request;
}

void RequestGate::reset()
{
    m_request = CheckedRequest();
    m_state = State::Head;
    m_lineBegin = 0;
    m_methodKnown = false;
    m_sawEmptyLine = false;
    m_continueWanted = false;
    m_chunked = false;
    m_contentLength.reset();
    m_chunkLine.clear();
}

std::size_t RequestGate::feedHead(std::string_view bytes)
{
    std::string &head = m_request.head.m_bytes;
    const GateLimits &limits = m_policy->limits;
    std::size_t taken = 0;
    while (m_state == State::Head && taken < bytes.size()) {
        const auto newline = bytes.find('\n', taken);
        const bool complete = newline != std::string_view::npos;
        const std::size_t until = complete ? newline + 1 : bytes.size();
        head.append(bytes, taken, until - taken);
        taken = until;

        // The same bounds hold for a line and for its beginning, so that a cut elsewhere gives the same answer.
        std::size_t end = head.size();
        if (complete) {
            --end;
            if (end > m_lineBegin && head[end - 1] == '\r')
                --end;
        } else if (end > m_lineBegin) {
            --end; // may be the CR
        }
        const std::size_t lineBytes = end - m_lineBegin;
        if (!m_methodKnown && lineBytes > limits.requestLineBytesMax) {
            refuse(414, "uri-too-long", "The request line is longer than the server reads.");
        } else if (lineBytes > limits.fieldBytesMax && m_lineBegin + limits.fieldBytesMax <= limits.headBytesMax) {
            // Of two bounds that are both passed, the one that is reached first.
            refuse(431, "header-too-large", "One header field is longer than the server reads.");
        } else if (m_lineBegin + lineBytes > limits.headBytesMax) {
            refuse(431, "header-too-large", "The header block is longer than the server reads.");
        } else if (complete) {
            if (head.size() - end != 2)
                refuse(400, "bad-request", "A line of the header block does not end in CR LF.");
            else
                headLine(m_lineBegin, end);
        }
    }
    return taken;
}

void RequestGate::headLine(std::size_t begin, std::size_t end)
{
    const Slice line{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
    m_lineBegin = end + 2;
    if (!m_methodKnown) {
        if (line.size == 0 && !m_sawEmptyLine) {
            m_sawEmptyLine = true;
            m_request.head.m_bytes.clear();
            m_lineBegin = 0;
            return;
        }
        requestLine(line);
    } else if (line.size == 0) {
        headComplete();
    } else {
        fieldLine(line);
    }
}

void RequestGate::requestLine(Slice line)
{
    const std::string_view text = m_request.head.text(line);
    const auto space = text.find(' ');
    const auto second = space == std::string_view::npos ? space : text.find(' ', space + 1);
    if (second == std::string_view::npos)
        return refuse(400, "bad-request", "The request line is not METHOD TARGET VERSION.");
    const auto name = text.substr(0, space);
    const auto target = text.substr(space + 1, second - space - 1);
    const auto version = text.substr(second + 1);
    if (!isToken(name) || target.empty() || !isTarget(target))
        return refuse(400, "bad-request", "The request line is not METHOD TARGET VERSION.");
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !isDigit(version[5]) || version[6] != '.'
        || !isDigit(version[7]))
        return refuse(400, "bad-request", "The protocol of the request line is not HTTP.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return refuse(505, "http-version-not-supported", "This server speaks HTTP/1.0 and HTTP/1.1.");
    const auto method = methodFromName(name);
    if (!method)
        return refuse(501, "method-not-implemented", "This server does not know the method.");
    if (target.front() != '/' && !(target == "*" && *method == Method::Options))
        return refuse(400, "bad-request", "The request target is not a path on this server.");
    m_request.head.m_method = *method;
    m_request.head.m_minorVersion = version.back() - '0';
    m_request.head.m_target
        = {line.begin + static_cast<std::uint32_t>(space) + 1, static_cast<std::uint32_t>(target.size())};
    m_methodKnown = true;
}

void RequestGate::fieldLine(Slice line)
{
    if (m_request.head.m_fields.size() == m_policy->limits.fieldsMax)
        return refuse(431, "header-too-large", "There are more header fields than the server reads.");
    const std::string_view text = m_request.head.text(line);
    if (text.front() == ' ' || text.front() == '\t')
        return refuse(400, "bad-request", "A header field goes on over a second line.");
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || !isToken(text.substr(0, colon)))
        return refuse(400, "bad-request", "A header field is not NAME: VALUE.");
    auto value = text.substr(colon + 1);
    if (!isFieldValue(value))
        return refuse(400, "bad-request", "A header field holds a control character.");
    value = trimmed(value);
    const auto valueBegin
        = value.empty() ? line.begin : static_cast<std::uint32_t>(value.data() - m_request.head.m_bytes.data());

    for (std::size_t i = line.begin; i < line.begin + colon; ++i)
        m_request.head.m_bytes[i] = lower(m_request.head.m_bytes[i]);
    m_request.head.m_fields.emplace_back(Slice{line.begin, static_cast<std::uint32_t>(colon)},
                                         Slice{valueBegin, static_cast<std::uint32_t>(value.size())});
}

void RequestGate::headComplete()
{
    if (!checkFraming() || !checkPeer())
        return;
    const auto connection = m_request.head.field("connection").value_or("");
    m_request.keepAlive
        = m_request.head.m_minorVersion == 1 ? !listHas(connection, "close") : listHas(connection, "keep-alive");
    if (m_policy->checkHead) {
        if (auto refusal = m_policy->checkHead(m_request, m_client)) {
            m_refusal = std::move(*refusal);
            m_refusal.instance = m_request.head.path();
            m_refusal.headOnly = isHead();
            // What follows would be read as the next request, so the connection can only go on without a body. For one
            // that is too many there is no place to go on.
            m_refusal.close
                = !m_request.keepAlive || m_chunked || m_contentLength.value_or(0) > 0 || m_refusal.status == 503;
            m_state = State::Refused;
            return;
        }
    }
    if (!checkBody())
        return;
    if (!m_chunked && m_contentLength.value_or(0) == 0)
        return complete();
    m_state = State::Body;
    m_bodyStep = m_chunked ? BodyStep::ChunkSize : BodyStep::Fixed;
    m_bodyMissing = m_contentLength.value_or(0);
    m_request.body.reserve(m_bodyMissing);
}

/// Where the message ends must have exactly one reading.
bool RequestGate::checkFraming()
{
    const RequestHead &head = m_request.head;
    const auto hosts = head.count("host");
    if (hosts != 1) {
        refuse(400, "bad-request", hosts == 0 ? "The Host header is missing." : "There is more than one Host header.");
        return false;
    }
    const auto lengths = head.count("content-length");
    const auto encodings = head.count("transfer-encoding");
    if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
        refuse(400, "bad-request", "The length of the body is stated more than once.");
        return false;
    }
    if (lengths == 1) {
        const auto text = *head.field("content-length");
        if (text.empty() || !std::all_of(text.begin(), text.end(), isDigit)) {
            refuse(400, "bad-request", "Content-Length is not a number.");
            return false;
        }
        std::size_t length = 0;
        for (const char c : text)
            length = std::min<std::size_t>(length * 10 + static_cast<std::size_t>(c - '0'), std::size_t{1} << 50);
        m_contentLength = length;
    }
    if (encodings == 1) {
        if (head.m_minorVersion == 0) {
            refuse(400, "bad-request", "HTTP/1.0 has no Transfer-Encoding.");
            return false;
        }
        if (!equalsIgnoringCase(*head.field("transfer-encoding"), "chunked")) {
            refuse(501, "transfer-encoding-not-implemented", "The only Transfer-Encoding is chunked.");
            return false;
        }
        m_chunked = true;
    }
    return true;
}

/// A web page of another site must not be able to use this server, neither directly nor by pointing its own name here.
bool RequestGate::checkPeer()
{
    const RequestHead &head = m_request.head;
    const std::string host = lowered(*head.field("host"));
    if (std::find(m_policy->hosts.begin(), m_policy->hosts.end(), host) == m_policy->hosts.end()) {
        refuse(403, "host-not-allowed", "The Host header does not name this server.");
        return false;
    }
    const auto origin = head.field("origin");
    if (head.count("origin") > 1) {
        refuse(400, "bad-request", "There is more than one Origin header.");
        return false;
    }
    if (origin) {
        if (std::find(m_policy->origins.begin(), m_policy->origins.end(), *origin) == m_policy->origins.end()) {
            refuse(403, "origin-not-allowed", "Pages of this origin may not use the server.");
            return false;
        }
        m_request.allowedOrigin = *origin;
    } else if (head.field("sec-fetch-site").value_or("") == "cross-site") {
        refuse(403, "origin-not-allowed", "Pages of other sites may not use the server.");
        return false;
    }
    return true;
}

bool RequestGate::checkBody()
{
    const RequestHead &head = m_request.head;
    const bool carriesBody
        = head.m_method == Method::Post || head.m_method == Method::Put || head.m_method == Method::Patch;
    if (carriesBody && !m_chunked && !m_contentLength) {
        refuse(411, "length-required", "Send Content-Length, or Transfer-Encoding: chunked.");
        return false;
    }
    if (m_contentLength.value_or(0) > m_policy->limits.bodyBytesMax) {
        refuse(413, "body-too-large",
               "The body may have at most " + std::to_string(m_policy->limits.bodyBytesMax) + " bytes.");
        return false;
    }
    if (const auto expect = head.field("expect"); expect && head.m_minorVersion == 1) {
        if (!equalsIgnoringCase(*expect, "100-continue")) {
            refuse(417, "expectation-failed", "The only expectation the server meets is 100-continue.");
            return false;
        }
        m_continueWanted = m_chunked || m_contentLength.value_or(0) > 0;
    }
    return true;
}

std::size_t RequestGate::feedBody(std::string_view bytes)
{
    switch (m_bodyStep) {
    case BodyStep::Fixed:
    case BodyStep::ChunkData: {
        const auto count = std::min(bytes.size(), m_bodyMissing);
        m_request.body.append(bytes, 0, count);
        m_bodyMissing -= count;
        if (m_bodyMissing == 0) {
            if (m_bodyStep == BodyStep::Fixed)
                complete();
            else
                m_bodyStep = BodyStep::ChunkEnd;
        }
        return count;
    }
    case BodyStep::ChunkSize:
    case BodyStep::ChunkEnd:
    case BodyStep::Trailer:
        return feedChunkLine(bytes);
    }
    return bytes.size();
}

std::size_t RequestGate::feedChunkLine(std::string_view bytes)
{
    const auto newline = bytes.find('\n');
    const bool complete = newline != std::string_view::npos;
    const std::size_t taken = complete ? newline + 1 : std::min(bytes.size(), chunkLineBytesMax + 2);
    m_chunkLine.append(bytes, 0, taken);
    if (m_chunkLine.size() > chunkLineBytesMax + 2) {
        refuse(400, "bad-request", "A chunk of the body is malformed.");
        return taken;
    }
    if (!complete)
        return taken;
    if (m_chunkLine.size() < 2 || m_chunkLine[m_chunkLine.size() - 2] != '\r') {
        refuse(400, "bad-request", "A chunk of the body does not end in CR LF.");
        return taken;
    }
    const std::string line = std::exchange(m_chunkLine, {});
    const std::string_view text = std::string_view(line).substr(0, line.size() - 2);
    if (m_bodyStep == BodyStep::ChunkSize)
        chunkSize(text);
    else if (!text.empty())
        refuse(400, "bad-request",
               m_bodyStep == BodyStep::Trailer ? "Trailer fields are not accepted."
                                               : "A chunk is longer than it said.");
    else if (m_bodyStep == BodyStep::Trailer)
        this->complete();
    else
        m_bodyStep = BodyStep::ChunkSize;
    return taken;
}

void RequestGate::chunkSize(std::string_view line)
{
    if (line.empty() || !std::all_of(line.begin(), line.end(), [](char c) { return hexValue(c) >= 0; }))
        return refuse(400, "bad-request", "A chunk's size is not a hexadecimal number.");
    std::size_t size = 0;
    for (const char c : line)
        size = std::min<std::size_t>(size * 16 + static_cast<std::size_t>(hexValue(c)), std::size_t{1} << 50);
    if (size == 0) {
        m_bodyStep = BodyStep::Trailer;
        return;
    }
    if (m_request.body.size() + size > m_policy->limits.bodyBytesMax)
        return refuse(413, "body-too-large",
                      "The body may have at most " + std::to_string(m_policy->limits.bodyBytesMax) + " bytes.");
    m_bodyMissing = size;
    m_bodyStep = BodyStep::ChunkData;
}

void RequestGate::refuse(int status, std::string_view code, std::string detail)
{
    m_state = State::Refused;
    m_refusal.status = status;
    m_refusal.code = code;
    m_refusal.detail = std::move(detail);
    m_refusal.headOnly = isHead();
    m_refusal.close = true;
}

} // namespace commander::rest
