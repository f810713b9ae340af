// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/temporary_workspace.h"

#include <commander/engine.h>
#include <commander/json.h>
#include <commander/rest_server.h>

#include <QTcpSocket>

#include <map>
#include <optional>

namespace commander {

/// A new workspace, with the sample domains unless told otherwise, served on a free port.
class ServedEngine {
public:
    explicit ServedEngine(RestOptions options = {},
                          std::vector<std::shared_ptr<const Domain>> domains
                          = {makeCustomersDomain(), makeBankDomain()},
                          const DomainLoader *loader = nullptr);
    ~ServedEngine();
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] Engine &engine() { return *m_engine; }
    [[nodiscard]] RestServer &server() { return *m_server; }
    [[nodiscard]] QString url(const QString &path) const;
    /// Records a command and waits for its result.
    void run(const std::string &action, const std::string &data);

private:
    TemporaryWorkspace m_workspace;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<RestServer> m_server;
    std::uint16_t m_port = 0;
};

struct Answer {
    int status = 0;
    std::map<std::string, std::string> fields; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string field(const std::string &name) const
    {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    }
    [[nodiscard]] Json json() const { return parseJson(body).value_or(Json()); }
    /// `code` of a problem.
    [[nodiscard]] std::string code() const { return std::string(json().stringAt("code")); }
};

/// Speaks HTTP byte by byte over a socket of its own, blocking.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    /// Over a socket that is connected already.
    RawClient(std::uint16_t port, std::unique_ptr<QTcpSocket> connected);
    void send(const std::string &bytes);
    /// One answer, as Content-Length or the end of the connection delimits it. status 0: none came.
    [[nodiscard]] Answer receive(bool headOnly = false, int waitMs = 10'000);
    /// At least one more byte, or nothing when the other side has closed or time is over.
    [[nodiscard]] std::string receiveSome(int waitMs = 10'000);
    [[nodiscard]] bool closes(int waitMs = 10'000);
    void abort() { m_socket->abort(); }
    [[nodiscard]] QTcpSocket &socket() { return *m_socket; }

    /// Request and answer with the Host header set.
    [[nodiscard]] Answer get(const std::string &path, const std::string &fields = {});
    [[nodiscard]] Answer post(const std::string &path, const std::string &body, const std::string &fields = {});
    [[nodiscard]] std::string host() const { return "Host: 127.0.0.1:" + std::to_string(m_port) + "\r\n"; }

private:
    const std::uint16_t m_port;
    std::unique_ptr<QTcpSocket> m_socket;
    std::string m_buffer;
};

/// One server-sent event.
struct SentEvent {
    std::string id;
    std::string event;
    std::string data;
};

/// A client of an event stream that can stop at any byte and come again.
class StreamClient {
public:
    StreamClient(std::uint16_t port, const std::string &path, const std::string &lastEventId = {});
    [[nodiscard]] const Answer &head() const { return m_head; }
    /// The next event; nothing when none came in time.
    [[nodiscard]] std::optional<SentEvent> next(int waitMs = 10'000);
    [[nodiscard]] RawClient &raw() { return m_client; }

private:
    RawClient m_client;
    Answer m_head;
    std::string m_buffer;
};

} // namespace commander
