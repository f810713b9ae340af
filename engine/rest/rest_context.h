// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/http/exchange.h"
#include "rest/problem.h"
#include "rest/return_queue.h"

#include <commander/engine.h>

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <stop_token>
#include <unordered_map>

namespace commander::rest {

class AccessDesk;
class HttpFront;
class SocketHub;
class StreamHub;
class TextStreams;

/// What the server counts of itself.
struct RestCounters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> streams{0};
};

/// What a route works with: the engine, the answer, and ways to wait that do not block the server thread.
/// Server thread only, except returns().
class RestContext final : public QObject {
public:
    /// How far something derived from the ledger has to be.
    enum class Reach { Indexed, Viewed };
    /// Runs on a worker. `stop` is asked for when the client leaves.
    using Read = std::function<Result<Response>(std::stop_token stop)>;

    RestContext(Engine &engine, RestCounters &counters, AccessDesk &desk);
    ~RestContext() override;
    /// The front and the hub are made with this context, so they come a little later.
    void attach(HttpFront &front, StreamHub &streams, TextStreams &texts, SocketHub &sockets);

    [[nodiscard]] Engine &engine() noexcept { return m_engine; }
    [[nodiscard]] RestCounters &counters() noexcept { return m_counters; }
    [[nodiscard]] AccessDesk &desk() noexcept { return m_desk; }
    [[nodiscard]] StreamHub &streams() noexcept { return *m_streams; }
    [[nodiscard]] TextStreams &texts() noexcept { return *m_texts; }
    [[nodiscard]] SocketHub &sockets() noexcept { return *m_sockets; }
    [[nodiscard]] HttpFront &front() noexcept { return *m_front; }
    [[nodiscard]] const std::shared_ptr<ReturnQueue> &returns() const noexcept { return m_returns; }
    /// The ledger's head when the server started: once the derived parts have come this far, the server is ready.
    [[nodiscard]] Position readyAt() const noexcept { return m_readyAt; }

    void answer(ExchangeId exchange, const Response &response);
    void answer(ExchangeId exchange, const RequestPtr &request, const Error &error);
    /// Reads from the engine on a worker and answers with what comes of it.
    void read(ExchangeId exchange, const RequestPtr &request, Read work);
    /// The same for what an operator asks for, which may take long: reads do not wait behind it. It goes on when the
    /// client leaves, and ends with the server.
    void operate(ExchangeId exchange, const RequestPtr &request, Read work);
    /// Runs on a worker; what it returns then runs in the server thread.
    void compute(ExchangeId exchange, std::function<std::function<void()>(std::stop_token)> work);
    /// Calls back once the engine has come to this position, or with false when time is over.
    void whenReached(ExchangeId exchange, Reach reach, Position position, std::chrono::milliseconds wait,
                     std::function<void(bool)> then);
    void forget(ExchangeId exchange);
    /// Waits for the workers; nothing of the engine is used afterwards.
    void finish();

private:
    struct Wait {
        ExchangeId exchange;
        Reach reach;
        Position position;
        std::chrono::steady_clock::time_point until;
        std::function<void(bool)> then;
    };
    void onProgress();
    void checkWaits();
    [[nodiscard]] Position reached(Reach reach, const Progress &progress) const;

    Engine &m_engine;
    RestCounters &m_counters;
    AccessDesk &m_desk;
    const std::shared_ptr<ReturnQueue> m_returns;
    Position m_readyAt;
    HttpFront *m_front = nullptr;
    StreamHub *m_streams = nullptr;
    TextStreams *m_texts = nullptr;
    SocketHub *m_sockets = nullptr;
    QThreadPool m_workers;
    QThreadPool m_operators;
    std::stop_source m_operations;
    std::unordered_map<std::uint64_t, std::stop_source> m_reads;
    std::vector<Wait> m_waits;
    QTimer m_waitTimer;
    std::unique_ptr<Subscription> m_subscription;
};

/// The ledger position that a client's words mean: the last record at or before a timestamp.
[[nodiscard]] Result<Position> resolveMoment(Engine &engine, const std::variant<Position, Timestamp> &moment);

} // namespace commander::rest
