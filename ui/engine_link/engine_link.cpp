// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_link/engine_link.h"

namespace commander::ui {

namespace {
constexpr std::chrono::milliseconds noticeInterval{66};
constexpr int workersMax = 2;
} // namespace

EngineLink::EngineLink(Engine &engine, QObject *parent)
    : QObject(parent), m_engine(engine), m_door(std::make_shared<Door>())
{
    m_door->link = this;
    m_pool.setMaxThreadCount(workersMax);
    m_sender.setMaxThreadCount(1);
    m_progress = engine.updates().progress();
    m_subscription = engine.updates().subscribe(noticeInterval, [this](const Progress &progress) {
        QMetaObject::invokeMethod(
            this,
            [this, progress] {
                m_progress = progress;
                Q_EMIT progressed(progress);
            },
            Qt::QueuedConnection);
    });
}

EngineLink::~EngineLink()
{
    m_sender.waitForDone();
    {
        const std::lock_guard lock(m_door->mutex);
        m_door->link = nullptr;
    }
    m_subscription.reset();
    m_pool.clear();
    m_pool.waitForDone();
}

Commands::Done EngineLink::answering(QObject *context, std::function<void(Result<CommandReceipt>)> answer) const
{
    return [door = m_door, context = QPointer<QObject>(context),
            answer = std::move(answer)](Result<CommandReceipt> receipt) {
        const std::lock_guard lock(door->mutex);
        if (!door->link)
            return;
        QMetaObject::invokeMethod(
            door->link,
            [context, answer, receipt = std::move(receipt)]() mutable {
                if (context)
                    answer(std::move(receipt));
            },
            Qt::QueuedConnection);
    };
}

void EngineLink::submit(CommandDraft draft, QObject *context, std::function<void(Result<CommandReceipt>)> answer)
{
    // Handed over without waiting for each, so that many of them share one commit.
    m_sender.start([&commands = m_engine.commands(), draft = std::move(draft),
                    done = answering(context, std::move(answer))]() mutable {
        commands.submit(std::move(draft), std::move(done));
    });
}

void EngineLink::retry(const Uuid &command, RetryOptions options, QObject *context,
                       std::function<void(Result<CommandReceipt>)> answer)
{
    m_sender.start([&commands = m_engine.commands(), command, options = std::move(options),
                    done = answering(context, std::move(answer))]() mutable {
        commands.retry(command, std::move(options), std::move(done));
    });
}

} // namespace commander::ui
