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
    {
        const std::lock_guard lock(m_door->mutex);
        m_door->link = nullptr;
    }
    m_subscription.reset();
    m_pool.clear();
    m_pool.waitForDone();
}

void EngineLink::submit(CommandDraft draft, QObject *context, std::function<void(Result<CommandReceipt>)> answer)
{
    // Not through the workers: commands must reach the ledger in the order they were sent, many of them in one commit.
    m_engine.commands().submit(std::move(draft),
                               [door = m_door, context = QPointer<QObject>(context),
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
                               });
}

} // namespace commander::ui
