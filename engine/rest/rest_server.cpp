// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/rest_server.h>

#include "rest/rest_service.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QThread>

#include <condition_variable>
#include <mutex>

namespace commander {

namespace {

using namespace rest;

constexpr std::chrono::milliseconds applicationLook{50}; ///< how often a closing server asks whether there still is one

/// Between the beginning and the end of Qt's application object.
bool hasApplication()
{
    return !QCoreApplication::startingUp();
}

/// Owns the server thread. Everything inside is made, used and destroyed in that thread.
class RestServerImpl final : public RestServer {
public:
    RestServerImpl(Engine &engine, RestOptions options)
        : m_engine(engine), m_options(std::move(options)),
          m_log(std::make_shared<RequestRing>(std::max<std::size_t>(1, m_options.requestLogMax)))
    {
    }

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

    std::shared_ptr<const RequestLog> requests() const override { return m_log; }

private:
    void run()
    {
        auto listeners = listen(m_options);
        if (!listeners)
            return tell(fail(listeners.error()));
        const auto baseUrl = listeners->baseUrl;
        RestService service(m_engine, m_options, std::move(*listeners), m_counters, *m_log);
        QEventLoop loop;
        m_requestClose = [&service, &loop] {
            const auto close = [&service, &loop] { service.beginClosing([&loop] { loop.quit(); }); };
            QMetaObject::invokeMethod(&loop, close, Qt::QueuedConnection);
        };
        {
            const std::lock_guard lock(m_mutex);
            m_listening = true;
            m_baseUrl = baseUrl;
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
    const std::shared_ptr<RequestRing> m_log;
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
