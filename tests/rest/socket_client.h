// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/rest_fixture.h"

#include <cstdint>

namespace commander {

/// A frame as a client sends it: masked, unless told otherwise.
[[nodiscard]] std::string clientFrame(int opcode, const std::string &payload, bool last = true, bool masked = true);

/// What a server sent in one frame.
struct ServerFrame {
    int opcode = 0;
    std::string payload;

    [[nodiscard]] Json json() const { return parseJson(payload).value_or(Json()); }
    [[nodiscard]] std::string type() const { return std::string(json().stringAt("type")); }
    /// Of a Close frame; 0 = it has none.
    [[nodiscard]] int closeCode() const;
};

/// A WebSocket client, byte by byte and blocking, that can break every rule.
class SocketClient {
public:
    SocketClient(std::uint16_t port, const std::string &path, const std::string &fields = {});
    [[nodiscard]] const Answer &head() const { return m_head; }
    void send(const std::string &text) { m_client.send(clientFrame(1, text)); }
    void sendBytes(const std::string &bytes) { m_client.send(bytes); }
    /// The next frame that is no ping (those are answered unless told otherwise); nothing when none came in time.
    [[nodiscard]] std::optional<ServerFrame> next(int waitMs = 10'000);
    /// The next text frame of this type; others are skipped.
    [[nodiscard]] Json nextOf(const std::string &type, int waitMs = 10'000);
    /// The code of the Close frame that comes, whatever comes before; -1 when none does.
    [[nodiscard]] int closeCode(int waitMs = 10'000);
    void answerPings(bool answer) { m_answerPings = answer; }
    [[nodiscard]] RawClient &raw() { return m_client; }

    static constexpr const char *handshake = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                                             "Sec-WebSocket-Version: 13\r\n"
                                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

private:
    [[nodiscard]] bool fill(std::size_t bytes, int waitMs);

    RawClient m_client;
    Answer m_head;
    std::string m_buffer;
    bool m_answerPings = true;
};

} // namespace commander
