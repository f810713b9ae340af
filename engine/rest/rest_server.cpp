// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/rest_server.h>

#include "rest/rest_service.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QHostAddress>
#include <QTcpServer>
#include <QThread>

#include <condition_variable>
#include <mutex>

namespace commander {

namespace {

using namespace rest;

constexpr std::chrono::milliseconds applicationLook{50}; ///< how often a closing server asks whether there still is one
constexpr int listenBacklog = 4096; ///< Qt's default of 50 makes many connections at once wait for seconds

/// Between the beginning and the end of Qt's application object.
bool hasApplication()
{
    return !QCoreApplication::startingUp();
}

/// The sockets that listen, all on one port.
struct Listeners {
    std::vector<std::unique_ptr<QTcpServer>> servers;
    std::uint16_t port = 0;
};

std::unique_ptr<QTcpServer> listenOn(const RestOptions &options, const QHostAddress &address, std::uint16_t port,
                                     std::string &error)
{
    auto server = options.makeListener ? options.makeListener() : std::make_unique<QTcpServer>();
    server->setListenBacklogSize(listenBacklog);
    server->setMaxPendingConnections(listenBacklog);
    if (server->listen(address, port))
        return server;
    error = server->errorString().toStdString();
    return nullptr;
}

/// Never anything but loopback: another address needs tokens and TLS first.
Result<Listeners> listenOnLoopback(const RestOptions &options)
{
    if (options.portsToTry < 1)
        return fail(ErrorCode::InvalidArgument, "no port to listen on", "portsToTry", "Try at least one.");
    std::string error;
    const auto ports = options.port == 0 ? 1u : unsigned{options.portsToTry};
    for (unsigned i = 0; i < ports && options.port + i <= 0xffff; ++i) {
        const auto port = static_cast<std::uint16_t>(options.port + i);
        auto server = listenOn(options, QHostAddress(QHostAddress::LocalHost), port, error);
        if (!server)
            continue;
        Listeners listeners;
        listeners.port = server->serverPort();
        listeners.servers.push_back(std::move(server));
        // Not every machine has IPv6; the first address is enough then.
        std::string ignored;
        if (auto six = listenOn(options, QHostAddress(QHostAddress::LocalHostIPv6), listeners.port, ignored))
            listeners.servers.push_back(std::move(six));
        return listeners;
    }
    return fail(ErrorCode::IoError, "cannot listen: " + error, "127.0.0.1:" + std::to_string(options.port),
                "Choose another port, or 0 for any free one.");
}

/// Owns the server thread. Everything inside is made, used and destroyed in that thread.
class RestServerImpl final : public RestServer {
public:
    RestServerImpl(Engine &engine, RestOptions options) : m_engine(engine), m_options(std::move(options)) { }

    ~RestServerImpl() override
    {
        if (!m_thread)
            return;
        // Not set when the thread could not listen; it has ended by itself then.
        if (m_requestClose)
            m_requestClose();
        // Qt delivers nothing to a thread's objects any more once the application object is gone, the request to close
        // included; then only the loop itself can be ended.
        while (!m_thread->wait(QDeadlineTimer(applicationLook))) {
            if (!hasApplication())
                m_thread->quit();
        }
    }

    Result<void> start()
    {
        m_thread.reset(QThread::create([this] { run(); }));
        m_thread->setObjectName(QStringLiteral("commander-rest"));
        m_thread->start();
        std::unique_lock lock(m_mutex);
        m_started.wait(lock, [this] { return m_startResult.has_value(); });
        return *m_startResult;
    }

    RestStatus status() const override
    {
        RestStatus status;
        const std::lock_guard lock(m_mutex);
        status.listening = m_listening;
        status.baseUrl = m_baseUrl;
        if (m_startResult && !*m_startResult)
            status.error = m_startResult->error().text();
        status.requests = m_counters.requests.load();
        status.streams = m_counters.streams.load();
        return status;
    }

private:
    void run()
    {
        auto listeners = listenOnLoopback(m_options);
        if (!listeners)
            return tell(fail(listeners.error()));
        const auto port = listeners->port;
        RestService service(m_engine, m_options, std::move(listeners->servers), port, m_counters);
        QEventLoop loop;
        m_requestClose = [&service, &loop] {
            const auto close = [&service, &loop] { service.beginClosing([&loop] { loop.quit(); }); };
            QMetaObject::invokeMethod(&loop, close, Qt::QueuedConnection);
        };
        {
            const std::lock_guard lock(m_mutex);
            m_listening = true;
            m_baseUrl = "http://127.0.0.1:" + std::to_string(port);
        }
        tell({});
        loop.exec();
        const std::lock_guard lock(m_mutex);
        m_listening = false;
    }

    void tell(Result<void> result)
    {
        const std::lock_guard lock(m_mutex);
        m_startResult = std::move(result);
        m_started.notify_all();
    }

    // Constant after construction
    Engine &m_engine;
    const RestOptions m_options;
    // Any thread
    RestCounters m_counters;
    // Set by the server thread before start() returns
    std::function<void()> m_requestClose;
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable m_started;
    std::optional<Result<void>> m_startResult;
    bool m_listening = false;
    std::string m_baseUrl;

    std::unique_ptr<QThread> m_thread;
};

} // namespace

Result<std::unique_ptr<RestServer>> RestServer::start(Engine &engine, RestOptions options)
{
    if (!hasApplication())
        return fail(ErrorCode::InvalidArgument, "a REST server needs a QCoreApplication", {},
                    "Make the application object first, and let it outlive the server.");
    auto server = std::make_unique<RestServerImpl>(engine, std::move(options));
    if (auto started = server->start(); !started)
        return fail(started.error());
    return std::unique_ptr<RestServer>(std::move(server));
}

} // namespace commander
