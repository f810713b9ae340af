// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <functional>
#include <memory>
#include <mutex>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <stop_token>

namespace commander::ui {

/// One question at a time: a new one cancels the one before, and only the newest answer arrives. Lives in the GUI
/// thread, as a member of whoever asks; destroying it cancels.
class Ask {
public:
    Ask() = default;
    ~Ask() { cancel(); }
    Ask(const Ask &) = delete;
    Ask &operator=(const Ask &) = delete;
    void cancel()
    {
        m_stop.request_stop();
        ++*m_era;
        m_pending = false;
    }
    [[nodiscard]] bool isPending() const noexcept { return m_pending; }

private:
    friend class EngineLink;
    std::stop_source m_stop;
    std::shared_ptr<std::uint64_t> m_era = std::make_shared<std::uint64_t>(0);
    bool m_pending = false;
};

/// The console's only way to the engine: runs blocking questions on worker threads and brings the answers, and the
/// news, to the GUI thread.
class EngineLink : public QObject {
    Q_OBJECT
public:
    explicit EngineLink(Engine &engine, QObject *parent = nullptr);
    ~EngineLink() override; ///< waits for the workers; what was submitted is with the engine then

    /// Runs `question` on a worker; `answer` runs in the GUI thread unless `ask` was cancelled, asked again or
    /// destroyed.
    template <class T>
    void ask(Ask &ask, std::function<Result<T>(Engine &, std::stop_token)> question,
             std::function<void(Result<T>)> answer)
    {
        ask.cancel();
        ask.m_stop = std::stop_source();
        ask.m_pending = true;
        m_pool.start([this, stop = ask.m_stop.get_token(), era = std::weak_ptr(ask.m_era), now = *ask.m_era,
                      pending = &ask.m_pending, question = std::move(question), answer = std::move(answer)]() mutable {
            if (stop.stop_requested())
                return;
            auto result = std::make_shared<Result<T>>(question(m_engine, stop));
            QMetaObject::invokeMethod(
                this,
                [era, now, pending, result, answer = std::move(answer)] {
                    const auto current = era.lock();
                    if (!current || *current != now)
                        return;
                    *pending = false;
                    answer(std::move(*result));
                },
                Qt::QueuedConnection);
        });
    }

    /// Sends a command; `answer` runs in the GUI thread with its receipt, unless `context` is gone by then. Commands
    /// reach the ledger in the order of these calls; a thread of their own checks them, so that a large one costs the
    /// GUI nothing.
    void submit(CommandDraft draft, QObject *context, std::function<void(Result<CommandReceipt>)> answer);

    /// The same for sending an old command again, as it is.
    void retry(const Uuid &command, RetryOptions options, QObject *context,
               std::function<void(Result<CommandReceipt>)> answer);

    /// No question is being worked on. An answer may still be on its way to the GUI thread.
    [[nodiscard]] bool isIdle() const { return m_pool.activeThreadCount() == 0; }
    [[nodiscard]] Progress progress() const { return m_progress; }
    [[nodiscard]] EngineStatus status() { return m_engine.status(); } ///< cheap: counters only
    [[nodiscard]] std::vector<DomainDescription> domains() { return m_engine.commands().domains(); }

Q_SIGNALS:
    /// Something new is there; at most about 15 times a second.
    void progressed(const commander::Progress &progress);

private:
    /// Where answers of the ledger's threads come in; closed when the link goes.
    struct Door {
        std::mutex mutex;
        EngineLink *link = nullptr; ///< guarded by mutex
    };

    [[nodiscard]] Commands::Done answering(QObject *context, std::function<void(Result<CommandReceipt>)> answer) const;

    Engine &m_engine;
    std::shared_ptr<Door> m_door;
    Progress m_progress;
    QThreadPool m_pool;
    QThreadPool m_sender; ///< one thread: keeps the order
    std::unique_ptr<Subscription> m_subscription;
};

} // namespace commander::ui
