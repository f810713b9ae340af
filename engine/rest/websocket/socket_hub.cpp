// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/websocket/socket_hub.h"

#include "rest/http/http_front.h"
#include "rest/json/object_writer.h"
#include "rest/rest_context.h"
#include "rest/routes/submission.h"
#include "rest/updates/stream_hub.h"
#include "rest/websocket/handshake.h"

#include <algorithm>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t messageBytesMax = 64 * 1024;
constexpr std::size_t readBytes = 16 * 1024;
constexpr std::size_t subscriptionsMax = 64;
constexpr std::size_t submitsMax = 32;        ///< under way for one client
constexpr std::size_t repliesMax = 64 * 1024; ///< bytes of answers that a client need not have read
constexpr int messagesPerTurn = 64;           ///< of one client before the others' turn

} // namespace

SocketHub::Session::Session(const RequestPtr &from)
    : request(from), reader(messageBytesMax), lastPing(std::chrono::steady_clock::now())
{
}

SocketHub::SocketHub(RestContext &context, StreamHub &streams, const PushTimes &times)
    : m_context(context), m_streams(streams), m_times(times)
{
    connect(&m_sweep, &QTimer::timeout, this, [this] { sweep(); });
    m_sweep.start(std::max<std::chrono::milliseconds>(10ms, std::min(times.heartbeat, times.pongMax) / 4));
}

SocketHub::Session *SocketHub::find(ExchangeId exchange)
{
    const auto found = m_sessions.find(exchange.value);
    return found == m_sessions.end() ? nullptr : found->second.get();
}

void SocketHub::open(ExchangeId exchange, const RequestPtr &request, std::optional<First> first)
{
    auto &front = m_context.front();
    if (!front.unsentBytes(exchange))
        return; // left meanwhile
    front.beginSocket(exchange, switchingProtocols(request->head));
    auto &session = *(m_sessions[exchange.value] = std::make_unique<Session>(request));
    m_streams.openSocket(exchange, [this, exchange] {
        close(exchange, closing::tryAgainLater, "come again and say what you had last");
    });
    if (first) {
        session.subscriptions.emplace(firstSubscription, ++m_serial);
        sendSubscribed(exchange, session, firstSubscription, first->place);
        m_streams.subscribe(exchange, firstSubscription, first->place, std::move(first->selection));
    }
    readable(exchange); // what came right behind the request
}

void SocketHub::readable(ExchangeId exchange)
{
    auto *const session = find(exchange);
    if (!session)
        return;
    for (int messages = 0; messages < messagesPerTurn;) {
        session->waiting = session->submits >= submitsMax || session->replied >= repliesMax;
        if (session->waiting)
            return;
        if (session->inputAt == session->input.size()) {
            session->input = m_context.front().readSocket(exchange, readBytes);
            session->inputAt = 0;
            if (session->input.empty())
                return;
            session->unanswered.reset();
        }
        session->inputAt += session->reader.feed(std::string_view(session->input).substr(session->inputAt));
        if (session->reader.state() == FrameReader::State::Failed) {
            const auto failure = session->reader.failure();
            return close(exchange, failure.code, failure.reason);
        }
        if (session->reader.state() == FrameReader::State::Complete) {
            ++messages;
            if (!take(exchange, *session, session->reader.take()))
                return;
        }
    }
    m_context.returns()->post([this, exchange] { readable(exchange); });
}

void SocketHub::writable(ExchangeId exchange)
{
    auto *const session = find(exchange);
    if (!session || m_context.front().unsentBytes(exchange).value_or(0) >= repliesMax / 2)
        return;
    session->replied = 0;
    if (session->waiting)
        readable(exchange);
}

void SocketHub::gone(ExchangeId exchange)
{
    m_sessions.erase(exchange.value);
}

void SocketHub::closeWhere(const std::function<bool(const CheckedRequest &)> &isMeant, std::uint16_t code,
                           std::string_view reason)
{
    std::vector<ExchangeId> meant;
    for (const auto &[id, session] : m_sessions) {
        if (isMeant(*session->request))
            meant.push_back(ExchangeId{id});
    }
    for (const auto exchange : meant)
        close(exchange, code, reason);
}

bool SocketHub::take(ExchangeId exchange, Session &session, SocketMessage message)
{
    switch (message.opcode) {
    case Opcode::Ping:
        send(exchange, session, Opcode::Pong, message.payload);
        return true;
    case Opcode::Close:
        close(exchange, message.code, {});
        return false;
    case Opcode::Text:
        std::visit([&](auto &&what) { take(exchange, session, std::forward<decltype(what)>(what)); },
                   readClientMessage(message.payload));
        return find(exchange) != nullptr;
    case Opcode::Pong: // bytes came, and that was what it is for
    case Opcode::Binary:
    case Opcode::Continuation:
        break;
    }
    return true;
}

void SocketHub::take(ExchangeId exchange, Session &session, SubscribeMessage message)
{
    const std::string name = std::move(message.subscription);
    const auto refuse
        = [&](const Error &error) { sendError(exchange, session, "subscription", name, problemOf(error)); };
    if (session.subscriptions.contains(name))
        return refuse({ErrorCode::Conflict,
                       "the connection has this subscription already",
                       name,
                       "Choose another name, or unsubscribe first.",
                       {}});
    if (session.subscriptions.size() >= subscriptionsMax)
        return refuse({ErrorCode::LimitExceeded,
                       "too many subscriptions on one connection",
                       name,
                       "Use at most " + std::to_string(subscriptionsMax) + ".",
                       {}});
    const auto path = message.path.empty() ? std::string(session.request->head.path()) : message.path;
    const auto source = streamSource(path);
    if (!source)
        return refuse({ErrorCode::InvalidArgument,
                       "not a path with updates",
                       "path",
                       "Use /updates, /commands/updates, /events/updates, /results/updates or /views/VIEW/updates.",
                       {}});
    auto request = readStreamRequest(*source, message.query, std::nullopt);
    if (!request)
        return refuse(request.error());
    const auto serial = ++m_serial;
    session.subscriptions.emplace(name, serial);
    m_context.compute(exchange, [this, exchange, name, serial, request = std::move(*request)](std::stop_token) {
        auto place = placeOf(m_context.engine(), request);
        return [this, exchange, name, serial, selection = request.selection, place = std::move(place)]() mutable {
            auto *const open = find(exchange);
            const auto found = open ? open->subscriptions.find(name) : decltype(open->subscriptions.end())();
            if (!open || found == open->subscriptions.end() || found->second != serial)
                return; // no longer wanted
            if (const auto *problem = std::get_if<Problem>(&place)) {
                open->subscriptions.erase(found);
                return sendError(exchange, *open, "subscription", name, *problem);
            }
            const auto &begin = std::get<StreamPlace>(place);
            sendSubscribed(exchange, *open, name, begin);
            m_streams.subscribe(exchange, name, begin, std::move(selection));
        };
    });
}

void SocketHub::take(ExchangeId exchange, Session &session, const UnsubscribeMessage &message)
{
    const auto &name = message.subscription;
    if (session.subscriptions.erase(name) == 0) {
        return sendError(exchange, session, "subscription", name,
                         problemOf({ErrorCode::NotFound, "the connection has no such subscription", name, {}, {}}));
    }
    m_streams.unsubscribe(exchange, name);
    std::string text;
    ObjectWriter json(text);
    json.plain("type", "unsubscribed");
    json.text("subscription", name);
    json.end();
    send(exchange, session, Opcode::Text, text);
}

void SocketHub::take(ExchangeId exchange, Session &session, const SubmitMessage &message)
{
    if (!mayDo(*session.request, AccessRole::Submit)) {
        Problem problem;
        problem.status = 403;
        problem.code = "insufficient-scope";
        problem.detail = "The token does not have the role submit.";
        return sendError(exchange, session, "ref", message.ref, problem);
    }
    ++session.submits;
    submitCommand(m_context, message.command, actorOf(*session.request), message.wait,
                  [this, exchange, ref = message.ref](const Submission &submission) {
                      auto *const open = find(exchange);
                      if (!open)
                          return;
                      --open->submits;
                      std::string text;
                      ObjectWriter json(text);
                      json.plain("type", submission.recorded ? "receipt" : "error");
                      json.text("ref", ref);
                      json.number("status", submission.status);
                      if (submission.replayed)
                          json.flag("replayed", true);
                      json.raw(submission.problem ? "problem" : "command", submission.json);
                      json.end();
                      send(exchange, *open, Opcode::Text, text);
                      if (open->waiting) {
                          // Later: this may run in the middle of reading from the very client.
                          m_context.returns()->post([this, exchange] { readable(exchange); });
                      }
                  });
}

void SocketHub::take(ExchangeId exchange, Session &session, const UnusableMessage &message)
{
    const bool submits = !message.ref.empty();
    sendError(exchange, session, submits ? "ref" : "subscription", submits ? message.ref : message.subscription,
              problemOf(message.error));
    if (message.close)
        close(exchange, closing::policyViolation, "not a message of this protocol");
}

void SocketHub::send(ExchangeId exchange, Session &session, Opcode opcode, std::string_view payload)
{
    std::string frame;
    frame.reserve(payload.size() + 10);
    appendSocketFrame(frame, opcode, payload);
    session.replied += frame.size();
    m_context.front().writeStream(exchange, frame);
    if (m_context.front().unsentBytes(exchange) == std::size_t{0})
        session.replied = 0;
}

void SocketHub::sendSubscribed(ExchangeId exchange, Session &session, std::string_view name, StreamPlace place)
{
    std::string text;
    ObjectWriter json(text);
    json.plain("type", "subscribed");
    json.text("subscription", name);
    json.number("from", place.next.value);
    if (place.parts == 0)
        json.plain("id", idBefore(place.next));
    json.end();
    send(exchange, session, Opcode::Text, text);
}

void SocketHub::sendError(ExchangeId exchange, Session &session, std::string_view about, std::string_view name,
                          const Problem &problem)
{
    std::string text;
    ObjectWriter json(text);
    json.plain("type", "error");
    if (!name.empty())
        json.text(about, name);
    json.number("status", problem.status);
    json.raw("problem", problemJson(problem));
    json.end();
    send(exchange, session, Opcode::Text, text);
}

void SocketHub::close(ExchangeId exchange, std::uint16_t code, std::string_view reason)
{
    if (m_sessions.erase(exchange.value) == 0)
        return;
    m_streams.gone(exchange);
    std::string frame;
    appendCloseFrame(frame, code, reason);
    m_context.front().writeStream(exchange, frame);
    m_context.front().endStream(exchange);
}

void SocketHub::sweep()
{
    const auto now = std::chrono::steady_clock::now();
    for (auto &[id, session] : m_sessions) {
        const ExchangeId exchange{id};
        if (session->waiting && session->unanswered)
            session->unanswered = now; // its pong may be among what we do not read
        if (session->unanswered && now - *session->unanswered > m_times.pongMax) {
            m_context.front().abortStream(exchange); // gone() follows
        } else if (now - session->lastPing >= m_times.heartbeat && !session->unanswered
                   && m_context.front().unsentBytes(exchange) == std::size_t{0}) {
            session->lastPing = now;
            session->unanswered = now;
            send(exchange, *session, Opcode::Ping, {});
        }
    }
}

} // namespace commander::rest
