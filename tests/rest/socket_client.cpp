// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/socket_client.h"

namespace commander {

std::string clientFrame(int opcode, const std::string &payload, bool last, bool masked)
{
    std::string frame(1, static_cast<char>((last ? 0x80 : 0) | opcode));
    const int maskBit = masked ? 0x80 : 0;
    const auto size = payload.size();
    if (size < 126) {
        frame += static_cast<char>(maskBit | static_cast<int>(size));
    } else {
        const int lengthBytes = size < 0x10000 ? 2 : 8;
        frame += static_cast<char>(maskBit | (lengthBytes == 2 ? 126 : 127));
        for (int i = lengthBytes - 1; i >= 0; --i)
            frame += static_cast<char>(size >> (8 * i) & 0xff);
    }
    const std::string mask = masked ? std::string("\x37\xfa\x21\x3d") : std::string();
    frame += mask;
    for (std::size_t i = 0; i < size; ++i)
        frame += masked ? static_cast<char>(payload[i] ^ mask[i % 4]) : payload[i];
    return frame;
}

int ServerFrame::closeCode() const
{
    if (payload.size() < 2)
        return 0;
    return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

SocketClient::SocketClient(std::uint16_t port, const std::string &path, const std::string &fields) : m_client(port)
{
    m_client.send("GET " + path + " HTTP/1.1\r\n" + m_client.host() + handshake + fields + "\r\n");
    m_head = m_client.receive(true); // a 101 has no body
    if (m_head.status != 101 && !m_head.field("content-length").empty()) {
        while (m_head.body.size() < std::stoul(m_head.field("content-length"))) {
            const auto bytes = m_client.receiveSome();
            if (bytes.empty())
                break;
            m_head.body += bytes;
        }
    }
}

bool SocketClient::fill(std::size_t bytes, int waitMs)
{
    while (m_buffer.size() < bytes) {
        const auto more = m_client.receiveSome(waitMs);
        if (more.empty())
            return false;
        m_buffer += more;
    }
    return true;
}

std::optional<ServerFrame> SocketClient::next(int waitMs)
{
    for (;;) {
        if (!fill(2, waitMs))
            return std::nullopt;
        const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(m_buffer[at]); };
        if ((byte(0) & 0xf0) != 0x80 || (byte(1) & 0x80) != 0) // whole, without extensions, unmasked
            return std::nullopt;
        std::size_t size = byte(1);
        std::size_t head = 2;
        if (size >= 126) {
            head = size == 126 ? 4 : 10;
            if (!fill(head, waitMs))
                return std::nullopt;
            size = 0;
            for (std::size_t i = 2; i < head; ++i)
                size = size << 8 | byte(i);
        }
        if (!fill(head + size, waitMs))
            return std::nullopt;
        ServerFrame frame{byte(0) & 0x0f, m_buffer.substr(head, size)};
        m_buffer.erase(0, head + size);
        if (frame.opcode != 9)
            return frame;
        if (m_answerPings)
            m_client.send(clientFrame(10, frame.payload));
    }
}

Json SocketClient::nextOf(const std::string &type, int waitMs)
{
    while (const auto frame = next(waitMs)) {
        if (frame->opcode == 1 && frame->type() == type)
            return frame->json();
    }
    return {};
}

int SocketClient::closeCode(int waitMs)
{
    while (const auto frame = next(waitMs)) {
        if (frame->opcode == 8)
            return frame->closeCode();
    }
    return -1;
}

} // namespace commander
