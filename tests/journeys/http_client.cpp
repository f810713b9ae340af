// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_client.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

QByteArray HttpClient::Answer::field(const QByteArray &name) const
{
    const auto start = header.indexOf("\r\n" + name.toLower() + ": ");
    if (start < 0)
        return {};
    const auto value = start + name.size() + 4;
    return header.mid(value, header.indexOf("\r\n", value) - value);
}

HttpClient::~HttpClient()
{
    close();
}

std::optional<HttpClient::Answer> HttpClient::request(const QByteArray &method, const QByteArray &target,
                                                      const QByteArray &body, const QByteArray &fields)
{
    if (m_socket < 0 && !connectOnce())
        return {};
    auto text = method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(m_port) + "\r\n" + fields;
    if (!body.isEmpty() || method == "POST")
        text += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    auto answer = send(text + "\r\n" + body) ? receive(method == "HEAD") : std::nullopt;
    if (!answer || answer->field("connection") == "close")
        close();
    return answer;
}

bool HttpClient::connectOnce()
{
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        close();
        return false;
    }
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{20, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return true;
}

bool HttpClient::send(const QByteArray &bytes)
{
    for (qsizetype sent = 0; sent < bytes.size();) {
        const auto n
            = ::send(m_socket, bytes.constData() + sent, static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            sent += n;
    }
    return true;
}

std::optional<HttpClient::Answer> HttpClient::receive(bool bodyless)
{
    for (;;) {
        const auto end = m_input.indexOf("\r\n\r\n");
        if (end >= 0) {
            Answer answer;
            answer.header = m_input.left(end + 2).toLower();
            answer.status = answer.header.mid(9, 3).toInt();
            const auto length = bodyless ? 0 : answer.field("content-length").toLongLong();
            if (m_input.size() >= end + 4 + length) {
                answer.body = m_input.mid(end + 4, length);
                m_input.remove(0, end + 4 + length);
                return answer;
            }
        }
        std::array<char, 65536> buffer;
        const auto n = ::recv(m_socket, buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return {};
        m_input.append(buffer.data(), n);
    }
}

void HttpClient::close()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
    m_input.clear();
}
