// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_context.h"

#include "rest/http/http_front.h"
#include "rest/updates/stream_hub.h"

#include <algorithm>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr auto progressInterval = 5ms; ///< how often followers look at most
constexpr int workersMax = 2;
constexpr int operatorsMax = 2;

} // namespace

RestContext::RestContext(Engine &engine, RestCounters &counters, AccessDesk &desk)
    : m_engine(engine), m_counters(counters), m_desk(desk), m_returns(std::make_shared<ReturnQueue>(this)),
      m_readyAt(engine.updates().progress().ledger)
{
    m_workers.setMaxThreadCount(workersMax);
    m_operators.setMaxThreadCount(operatorsMax);
    m_waitTimer.setSingleShot(true);
    connect(&m_waitTimer, &QTimer::timeout, this, [this] { checkWaits(); });
}

RestContext::~RestContext()
{
    finish();
}

void RestContext::attach(HttpFront &front, StreamHub &streams, TextStreams &texts, SocketHub &sockets)
{
    m_front = &front;
    m_streams = &streams;
    m_texts = &texts;
    m_sockets = &sockets;
    const auto pending = std::make_shared<std::atomic<bool>>(false);
    m_subscription
        = m_engine.updates().subscribe(progressInterval, [this, returns = m_returns, pending](const Progress &) {
              if (!pending->exchange(true)) {
                  returns->post([this, pending] {
                      pending->store(false);
                      onProgress();
                  });
              }
          });
}

void RestContext::answer(ExchangeId exchange, const Response &response)
{
    m_front->answer(exchange, response);
}

void RestContext::answer(ExchangeId exchange, const RequestPtr &request, const Error &error)
{
    auto problem = problemOf(error);
    problem.instance = request->head.path();
    m_front->answer(exchange, problemResponse(problem));
}

void RestContext::read(ExchangeId exchange, const RequestPtr &request, Read work)
{
    compute(exchange, [this, exchange, request, work = std::move(work)](std::stop_token stop) -> std::function<void()> {
        auto answered
            = stop.stop_requested() ? Result<Response>(fail(ErrorCode::Cancelled, "the client left")) : work(stop);
        return [this, exchange, request, answered = std::move(answered)] {
            if (answered)
                answer(exchange, *answered);
            else
                answer(exchange, request, answered.error());
        };
    });
}

void RestContext::compute(ExchangeId exchange, std::function<std::function<void()>(std::stop_token)> work)
{
    const auto stop = m_reads[exchange.value].get_token();
    m_workers.start([this, returns = m_returns, exchange, stop, work = std::move(work)] {
        returns->post([this, exchange, then = work(stop)] {
            m_reads.erase(exchange.value);
            then();
        });
    });
}

void RestContext::operate(ExchangeId exchange, const RequestPtr &request, Read work)
{
    m_operators.start(
        [this, returns = m_returns, exchange, request, stop = m_operations.get_token(), work = std::move(work)] {
            returns->post([this, exchange, request, answered = work(stop)] {
                if (answered)
                    answer(exchange, *answered);
                else
                    answer(exchange, request, answered.error());
            });
        });
}

void RestContext::whenReached(ExchangeId exchange, Reach reach, Position position, std::chrono::milliseconds wait,
                              std::function<void(bool)> then)
{
    if (reached(reach, m_engine.updates().progress()) >= position)
        return then(true);
    m_waits.push_back({exchange, reach, position, std::chrono::steady_clock::now() + wait, std::move(then)});
    checkWaits();
}

void RestContext::forget(ExchangeId exchange)
{
    if (const auto found = m_reads.find(exchange.value); found != m_reads.end())
        found->second.request_stop();
    std::erase_if(m_waits, [exchange](const Wait &wait) { return wait.exchange == exchange; });
}

void RestContext::finish()
{
    m_subscription.reset();
    for (auto &[exchange, stop] : m_reads)
        stop.request_stop();
    m_operations.request_stop();
    m_workers.waitForDone();
    m_operators.waitForDone();
    m_returns->close();
}

void RestContext::onProgress()
{
    if (!m_waits.empty())
        checkWaits();
    m_streams->onProgress();
}

Position RestContext::reached(Reach reach, const Progress &progress) const
{
    return reach == Reach::Indexed ? progress.indexed : progress.viewed;
}

void RestContext::checkWaits()
{
    const auto progress = m_engine.updates().progress();
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::pair<std::function<void(bool)>, bool>> ended;
    std::erase_if(m_waits, [&](Wait &wait) {
        const bool there = reached(wait.reach, progress) >= wait.position;
        if (!there && wait.until > now)
            return false;
        ended.emplace_back(std::move(wait.then), there);
        return true;
    });
    // Each may add a new wait or answer, so they run only once the list is at rest.
    for (auto &[then, there] : ended)
        then(there);
    if (m_waits.empty())
        return;
    const auto next = std::min_element(m_waits.begin(), m_waits.end(),
                                       [](const Wait &a, const Wait &b) { return a.until < b.until; });
    m_waitTimer.start(std::max(1ms, std::chrono::ceil<std::chrono::milliseconds>(next->until - now)));
}

Result<Position> resolveMoment(Engine &engine, const std::variant<Position, Timestamp> &moment)
{
    if (const auto *position = std::get_if<Position>(&moment))
        return *position;
    // Times are told in milliseconds: one without a finer part means all of its millisecond.
    const auto micros = std::get<Timestamp>(moment).micros;
    auto after = engine.records().positionAt({micros + (micros % 1000 == 0 ? 1000 : 1)});
    if (!after)
        return fail(after.error());
    return Position{after->value > 0 ? after->value - 1 : 0};
}

} // namespace commander::rest
