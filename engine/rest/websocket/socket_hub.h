// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/http/exchange.h"
#include "rest/updates/stream_request.h"
#include "rest/websocket/client_message.h"
#include "rest/websocket/frame_reader.h"

#include <commander/rest_server.h>

#include <QObject>
#include <QTimer>

#include <map>
#include <unordered_map>

namespace commander::rest {

class RestContext;
class StreamHub;

/// The connections that have become WebSockets: reads what their clients send and answers it. What they subscribe to is
/// sent by the StreamHub. A client whose answers pile up, or who has many commands under way, is not read from until
/// that has changed. Server thread only.
class SocketHub final : public QObject {
public:
    /// What a WebSocket follows from its first moment on.
    struct First {
        StreamPlace place;
        StreamSelection selection;
    };

    SocketHub(RestContext &context, StreamHub &streams, const PushTimes &times);

    /// Grants a checked request what it asks for.
    void open(ExchangeId exchange, const RequestPtr &request, std::optional<First> first);
    void readable(ExchangeId exchange);
    void writable(ExchangeId exchange);
    void gone(ExchangeId exchange);
    /// Ends the connections of all requests that are meant, and tells their clients why.
    void closeWhere(const std::function<bool(const CheckedRequest &)> &isMeant, std::uint16_t code,
                    std::string_view reason);

    static constexpr std::string_view firstSubscription = "main";

private:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct Session {
        explicit Session(const RequestPtr &from);

        RequestPtr request;
        FrameReader reader;
        std::string input; ///< fetched, not read yet from `inputAt` on
        std::size_t inputAt = 0;
        std::map<std::string, std::uint64_t, std::less<>> subscriptions; ///< with a number of their own
        std::size_t submits = 0;                                         ///< that were not answered yet
        std::size_t replied = 0; ///< bytes of answers since the client was last seen to read
        bool waiting = false;    ///< not read from, until the client has read or commands are answered
        TimePoint lastPing;
        std::optional<TimePoint> unanswered; ///< since when a ping is without any sign of life
    };

    [[nodiscard]] Session *find(ExchangeId exchange);
    /// False when the connection is over.
    bool take(ExchangeId exchange, Session &session, SocketMessage message);
    void take(ExchangeId exchange, Session &session, SubscribeMessage message);
    void take(ExchangeId exchange, Session &session, const UnsubscribeMessage &message);
    void take(ExchangeId exchange, Session &session, const SubmitMessage &message);
    void take(ExchangeId exchange, Session &session, const UnusableMessage &message);
    void send(ExchangeId exchange, Session &session, Opcode opcode, std::string_view payload);
    void sendSubscribed(ExchangeId exchange, Session &session, std::string_view name, StreamPlace place);
    void sendError(ExchangeId exchange, Session &session, std::string_view about, std::string_view name,
                   const Problem &problem);
    void close(ExchangeId exchange, std::uint16_t code, std::string_view reason);
    void sweep();

    RestContext &m_context;
    StreamHub &m_streams;
    const PushTimes m_times;
    std::unordered_map<std::uint64_t, std::unique_ptr<Session>> m_sessions; ///< by exchange
    std::uint64_t m_serial = 0;
    QTimer m_sweep;
};

} // namespace commander::rest
