// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <QByteArray>

/// A blocking keep-alive HTTP/1.1 client for loopback, as plain as a foreign program would be: it shares no code with
/// the server. One thread.
class HttpClient {
public:
    struct Answer {
        int status = 0;
        QByteArray header; ///< with the status line, lower-cased
        QByteArray body;
        [[nodiscard]] QByteArray field(const QByteArray &name) const; ///< value of a header field, lower-cased
    };

    explicit HttpClient(std::uint16_t port) : m_port(port) { }
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// Nothing when the connection broke before the whole answer was there.
    [[nodiscard]] std::optional<Answer> request(const QByteArray &method, const QByteArray &target,
                                                const QByteArray &body = {}, const QByteArray &fields = {});
    [[nodiscard]] std::optional<Answer> get(const QByteArray &target) { return request("GET", target); }
    [[nodiscard]] std::optional<Answer> post(const QByteArray &target, const QByteArray &body)
    {
        return request("POST", target, body, "Content-Type: application/json\r\n");
    }

private:
    [[nodiscard]] bool connectOnce();
    [[nodiscard]] bool send(const QByteArray &bytes);
    [[nodiscard]] std::optional<Answer> receive(bool bodyless);
    void close();

    const std::uint16_t m_port;
    int m_socket = -1;
    QByteArray m_input;
};
