// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/updates/stream_hub.h"

#include "rest/http/http_front.h"
#include "rest/json/object_writer.h"
#include "rest/rest_context.h"
#include "rest/websocket/frame_reader.h"
#include "values/sabotage.h"

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t recordsPerTurn = 128;       ///< that a filter is asked for one stream before the others' turn
constexpr std::size_t unsentBytesMax = 64 * 1024; ///< more is not written to a client that has not read it
constexpr int roundsMax = 16;                     ///< writes to one client in a row
constexpr std::size_t turnsMax = 64;              ///< kept for others who want the same
constexpr std::string_view pingFrame = ": ping\n\n";

/// `{"type":"message","subscription":"NAME","id":"ID","event":"EVENT","data":JSON}` in a frame of its own; the prefix
/// is all of it up to and with the quote before ID.
void appendMessage(std::string &out, std::string_view prefix, const Frame &frame)
{
    constexpr std::string_view beforeEvent = R"(","event":")";
    constexpr std::string_view beforeData = R"(","data":)";
    appendSocketFrameHead(out, Opcode::Text,
                          prefix.size() + frame.id().size() + beforeEvent.size() + frame.event().size()
                              + beforeData.size() + frame.json().size() + 1);
    out.append(prefix).append(frame.id()).append(beforeEvent).append(frame.event());
    out.append(beforeData).append(frame.json()).append("}");
}

} // namespace

StreamHub::StreamHub(RestContext &context, const PushTimes &times) : m_context(context), m_times(times)
{
    m_reader.setMaxThreadCount(1);
    connect(&m_pingTimer, &QTimer::timeout, this, [this] { ping(); });
    m_pingTimer.start(times.heartbeat);
}

StreamHub::~StreamHub()
{
    finish();
}

void StreamHub::finish()
{
    m_reader.waitForDone();
    m_clients.clear();
    count();
}

void StreamHub::count()
{
    m_context.counters().streams.store(m_clients.size());
    if (m_clients.empty()) {
        for (auto &track : m_tracks)
            track.cache.clear();
    }
}

void StreamHub::open(ExchangeId exchange, StreamPlace place, StreamSelection selection)
{
    auto &front = m_context.front();
    if (!front.unsentBytes(exchange))
        return; // left meanwhile
    Response head;
    head.contentType = "text/event-stream";
    front.beginStream(exchange, head);
    // With an id, so that a client that loses its connection before the first event has a place to go on from.
    front.writeStream(exchange,
                      "retry: 2000\n" + (place.parts == 0 ? "id: " + idBefore(place.next) + '\n' : "") + '\n');
    auto &client = m_clients[exchange.value];
    client.moved = std::chrono::steady_clock::now();
    client.subscriptions.push_back({{}, {}, place, shared(std::move(selection))});
    count();
    pump(exchange, client);
}

void StreamHub::openSocket(ExchangeId exchange, std::function<void()> cannotGoOn)
{
    auto &client = m_clients[exchange.value];
    client.moved = std::chrono::steady_clock::now();
    client.cannotGoOn = std::move(cannotGoOn);
    count();
}

void StreamHub::subscribe(ExchangeId exchange, std::string_view name, StreamPlace place, StreamSelection selection)
{
    const auto found = m_clients.find(exchange.value);
    if (found == m_clients.end())
        return;
    std::string prefix = R"({"type":"message","subscription":)";
    appendJsonString(prefix, name);
    prefix += R"(,"id":")";
    found->second.subscriptions.push_back({std::string(name), std::move(prefix), place, shared(std::move(selection))});
    pump(exchange, found->second);
}

bool StreamHub::unsubscribe(ExchangeId exchange, std::string_view name)
{
    const auto found = m_clients.find(exchange.value);
    return found != m_clients.end()
        && std::erase_if(found->second.subscriptions, [name](const auto &one) { return one.name == name; }) > 0;
}

StreamHub::SelectionPtr StreamHub::shared(StreamSelection selection)
{
    if (selection.words.empty())
        return std::make_shared<const StreamSelection>(std::move(selection));
    if (m_selections.size() > 2 * m_clients.size() + 64)
        std::erase_if(m_selections, [](const auto &known) { return known.second.expired(); });
    auto &known = m_selections[selection.words];
    auto one = known.lock();
    if (!one)
        known = one = std::make_shared<const StreamSelection>(std::move(selection));
    return one;
}

void StreamHub::onProgress()
{
    m_telling = true;
    for (auto &[id, client] : m_clients) {
        if (!client.full)
            pump(ExchangeId{id}, client);
    }
    m_telling = false;
    m_turns.clear();
}

void StreamHub::writable(ExchangeId exchange)
{
    const auto found = m_clients.find(exchange.value);
    if (found == m_clients.end() || !found->second.full)
        return;
    if (m_context.front().unsentBytes(exchange).value_or(0) < unsentBytesMax / 2) {
        found->second.full = false;
        pump(exchange, found->second);
    }
}

void StreamHub::gone(ExchangeId exchange)
{
    if (m_clients.erase(exchange.value) > 0)
        count();
}

void StreamHub::pump(ExchangeId exchange, Client &client, const FrameBatch *fresh)
{
    auto &front = m_context.front();
    for (int round = 0; round < roundsMax; ++round) {
        const auto unsent = front.unsentBytes(exchange);
        client.full = unsent.value_or(unsentBytesMax) >= unsentBytesMax;
        if (client.full && !sabotaged(Saboteur::UnboundedStream))
            return; // until writable()
        bool more = false;
        std::string out;
        const auto count = client.subscriptions.size();
        for (std::size_t i = 0; i < count; ++i) {
            auto &subscription = client.subscriptions[(client.turn + i) % count];
            more |= nextFrames(out, unsentBytesMax - *unsent, subscription, fresh);
        }
        ++client.turn;
        if (!out.empty()) {
            client.wrote = true;
            front.writeStream(exchange, out);
        }
        if (!more)
            return; // until onProgress() or loaded()
    }
    // A client that reads as fast as we write must not keep the others waiting.
    m_context.returns()->post([this, exchange] {
        if (const auto found = m_clients.find(exchange.value); found != m_clients.end())
            pump(exchange, found->second);
    });
}

bool StreamHub::nextFrames(std::string &out, std::size_t bytesMax, Subscription &subscription, const FrameBatch *fresh)
{
    StreamPlace &place = subscription.place;
    // Most clients are at the live end and want what many others want: filters are asked and frames put together once
    // for all of them. Only while no load can come to its end in between, which somebody would have to hear of.
    if (!m_telling || !out.empty() || bytesMax != unsentBytesMax || place.parts > 0)
        return makeFrames(out, bytesMax, subscription, place, fresh);
    const TurnKey key{subscription.selection.get(), place.next.value, subscription.prefix};
    const auto found = m_turns.find(key);
    if (found == m_turns.end() && m_turns.size() >= turnsMax)
        return makeFrames(out, bytesMax, subscription, place, fresh);
    Turn &turn = found == m_turns.end() ? m_turns[key] : found->second;
    if (found == m_turns.end()) {
        turn.place = place;
        turn.more = makeFrames(turn.out, bytesMax, subscription, turn.place, fresh);
    }
    out = turn.out;
    place = turn.place;
    return turn.more;
}

bool StreamHub::makeFrames(std::string &out, std::size_t bytesMax, const Subscription &subscription, StreamPlace &place,
                           const FrameBatch *fresh)
{
    const auto &selection = *subscription.selection;
    auto &track = m_tracks[selection.changes];
    const auto progress = m_context.engine().updates().progress();
    const Position last = selection.changes ? progress.viewed : progress.ledger;
    const auto append = [&out, &subscription](const Frame &frame) {
        if (subscription.prefix.empty())
            out += frame.text();
        else
            appendMessage(out, subscription.prefix, frame);
    };
    for (std::size_t looked = 0; place.next <= last; ++looked) {
        if (out.size() >= bytesMax || looked >= recordsPerTurn)
            return true;
        FramesPtr frames = fresh ? fresh->find(place.next) : nullptr;
        if (!frames)
            frames = track.cache.find(place.next);
        if (!frames) {
            load(track, place.next, last, selection.changes);
            return false;
        }
        const auto &kinds = selection.kinds;
        const bool shown
            = place.parts == 0 && std::find(kinds.begin(), kinds.end(), frames->record->kind) != kinds.end();
        // Only the track of the subscriptions with changes has them in its frames.
        if ((shown || !frames->changes.empty()) && selection.filter.matches(*frames->record)) {
            if (shown)
                append(frames->frame);
            for (auto i = place.parts > 0 ? place.parts - 1 : 0; i < frames->changes.size(); ++i) {
                const auto &change = frames->changes[i];
                if ((selection.view.empty() || selection.view == change.view)
                    && (!selection.documentKey || *selection.documentKey == change.key))
                    append(change.frame);
            }
        }
        place = {place.next.next(), 0};
    }
    return false;
}

void StreamHub::load(Track &track, Position first, Position last, bool withChanges)
{
    if (!track.loading.insert(first).second)
        return;
    m_reader.start([this, returns = m_context.returns(), first, last, withChanges] {
        auto batch = loadFrames(m_context.engine(), first, last, withChanges);
        returns->post([this, withChanges, first, batch = std::move(batch)]() mutable {
            loaded(withChanges, first, std::move(batch));
        });
    });
}

void StreamHub::loaded(bool withChanges, Position first, Result<FrameBatch> batch)
{
    auto &track = m_tracks[withChanges];
    track.loading.erase(first);
    std::vector<ExchangeId> waiting;
    for (const auto &[id, client] : m_clients) {
        const auto waits = [withChanges, first](const Subscription &one) {
            return one.selection->changes == withChanges && one.place.next == first;
        };
        if (!client.full && std::any_of(client.subscriptions.begin(), client.subscriptions.end(), waits))
            waiting.push_back(ExchangeId{id});
    }
    if (!batch || batch->frames.empty()) {
        // Better no stream than one with a hole: the client comes again and says what it had last.
        for (const auto exchange : waiting)
            giveUp(exchange);
        return;
    }
    if (!m_clients.empty())
        track.cache.add(*batch);
    for (const auto exchange : waiting) {
        if (const auto found = m_clients.find(exchange.value); found != m_clients.end())
            pump(exchange, found->second, &*batch);
    }
}

void StreamHub::giveUp(ExchangeId exchange)
{
    const auto found = m_clients.find(exchange.value);
    if (found == m_clients.end())
        return;
    const auto cannotGoOn = std::move(found->second.cannotGoOn);
    gone(exchange);
    if (cannotGoOn)
        cannotGoOn();
    else
        m_context.front().endStream(exchange);
}

bool StreamHub::stalled(Client &client, std::size_t unsent) const
{
    const auto now = std::chrono::steady_clock::now();
    if (unsent == 0 || unsent != std::exchange(client.unsent, unsent))
        client.moved = now;
    return now - client.moved > m_times.stallMax;
}

void StreamHub::ping()
{
    std::vector<ExchangeId> left;
    for (auto &[id, client] : m_clients) {
        const ExchangeId exchange{id};
        const bool quiet = !std::exchange(client.wrote, false);
        const auto unsent = m_context.front().unsentBytes(exchange).value_or(0);
        if (stalled(client, unsent))
            left.push_back(exchange);
        // A client that has not read its last ping is not sent another. WebSockets have pings of their own.
        else if (quiet && unsent == 0 && !client.cannotGoOn)
            m_context.front().writeStream(exchange, pingFrame);
    }
    for (const auto exchange : left)
        giveUp(exchange);
}

} // namespace commander::rest
