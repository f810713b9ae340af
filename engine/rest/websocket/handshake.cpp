// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/websocket/handshake.h"

#include "rest/gate/http_syntax.h"

#include "values/digest.h"

#include <QByteArray>

#include <algorithm>
#include <array>

namespace commander::rest {

namespace {

/// Sixteen bytes in base64.
bool isKey(std::string_view key)
{
    const auto isDigit64
        = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || isDigit(c) || c == '+' || c == '/'; };
    return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, isDigit64)
        && std::string_view("AQgw").find(key[21]) != std::string_view::npos;
}

} // namespace

bool asksForWebSocket(const RequestHead &head)
{
    return listHas(head.field("upgrade").value_or(""), "websocket");
}

std::optional<GateRefusal> checkWebSocket(const RequestHead &head)
{
    const auto bad = [](std::string detail) { return refusal(400, "bad-handshake", std::move(detail)); };
    if (head.method() != Method::Get || head.minorVersion() != 1)
        return bad("A WebSocket begins with a GET of HTTP/1.1.");
    if (head.count("upgrade") != 1 || head.count("connection") != 1 || !listHas(*head.field("connection"), "upgrade"))
        return bad("The Connection header does not name Upgrade, or a header is there twice.");
    if (head.count("content-length") > 0 || head.count("transfer-encoding") > 0)
        return bad("The request has a body.");
    if (head.count("sec-websocket-version") != 1 || *head.field("sec-websocket-version") != "13") {
        auto answer = refusal(426, "upgrade-required", "The only version of WebSocket here is 13.");
        answer.headers = {{"Sec-WebSocket-Version", "13"}, {"Upgrade", "websocket"}};
        return answer;
    }
    if (head.count("sec-websocket-key") != 1 || !isKey(*head.field("sec-websocket-key")))
        return bad("Sec-WebSocket-Key is not 16 bytes in base64.");
    return std::nullopt;
}

std::string switchingProtocols(const RequestHead &head)
{
    const std::string challenge
        = std::string(head.field("sec-websocket-key").value_or("")) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<std::uint8_t, 20> hash{};
    Digest(DigestKind::Sha1).add(challenge).finish(hash);
    const auto accept = QByteArray(reinterpret_cast<const char *>(hash.data()), static_cast<qsizetype>(hash.size()));
    std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: "
        + accept.toBase64().toStdString() + "\r\n";
    // Names of subprotocols are compared as they are.
    auto offered = head.field("sec-websocket-protocol").value_or("");
    while (!offered.empty()) {
        const auto comma = offered.find(',');
        if (trimmed(offered.substr(0, comma)) == socketProtocol) {
            answer.append("Sec-WebSocket-Protocol: ").append(socketProtocol).append("\r\n");
            break;
        }
        offered = comma == std::string_view::npos ? std::string_view() : offered.substr(comma + 1);
    }
    return answer + "\r\n";
}

} // namespace commander::rest
