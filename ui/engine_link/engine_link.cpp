// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_link/engine_link.h"

namespace commander::ui {

namespace {
constexpr std::chrono::milliseconds noticeInterval{66};
constexpr int workersMax = 2;
} // namespace

EngineLink::EngineLink(Engine &engine, QObject *parent) : QObject(parent), m_engine(engine)
{
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
    m_subscription.reset();
    m_pool.clear();
    m_pool.waitForDone();
}

void EngineLink::submit(CommandDraft draft, QObject *context, std::function<void(Result<CommandReceipt>)> answer)
{
    m_pool.start([this, draft = std::move(draft), context = QPointer<QObject>(context), answer = std::move(answer)]() mutable {
        auto receipt = std::make_shared<Result<CommandReceipt>>(m_engine.commands().submitAndWait(std::move(draft)));
        QMetaObject::invokeMethod(
            this,
            [context, receipt, answer = std::move(answer)] {
                if (context)
                    answer(std::move(*receipt));
            },
            Qt::QueuedConnection);
    });
}

} // namespace commander::ui
