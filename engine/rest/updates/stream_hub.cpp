// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/updates/stream_hub.h"

#include "rest/http/http_front.h"
#include "rest/rest_context.h"
#include "values/sabotage.h"

#include <algorithm>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t recordsPerTurn = 128;       ///< that a filter is asked for one stream before the others' turn
constexpr std::size_t unsentBytesMax = 64 * 1024; ///< more is not written to a client that has not read it
constexpr int roundsMax = 16;                     ///< writes to one client in a row
constexpr auto pingInterval = 15s;
constexpr std::string_view pingFrame = ": ping\n\n";
constexpr std::string_view retryFrame = "retry: 2000\n\n";

} // namespace

StreamHub::StreamHub(RestContext &context) : m_context(context)
{
    m_reader.setMaxThreadCount(1);
    connect(&m_pingTimer, &QTimer::timeout, this, [this] { ping(); });
    m_pingTimer.start(pingInterval);
}

StreamHub::~StreamHub()
{
    finish();
}

void StreamHub::finish()
{
    m_reader.waitForDone();
    m_streams.clear();
    m_context.counters().streams.store(0);
}

void StreamHub::open(ExchangeId exchange, StreamPlace place, StreamSelection selection)
{
    auto &front = m_context.front();
    if (!front.unsentBytes(exchange))
        return; // left meanwhile
    Response head;
    head.contentType = "text/event-stream";
    front.beginStream(exchange, head);
    front.writeStream(exchange, retryFrame);
    auto &stream = m_streams[exchange.value];
    stream.place = place;
    stream.selection = std::move(selection);
    m_context.counters().streams.store(m_streams.size());
    pump(exchange, stream);
}

void StreamHub::onProgress()
{
    for (auto &[id, stream] : m_streams) {
        if (!stream.full)
            pump(ExchangeId{id}, stream);
    }
}

void StreamHub::writable(ExchangeId exchange)
{
    const auto found = m_streams.find(exchange.value);
    if (found == m_streams.end() || !found->second.full)
        return;
    if (m_context.front().unsentBytes(exchange).value_or(0) < unsentBytesMax / 2) {
        found->second.full = false;
        pump(exchange, found->second);
    }
}

void StreamHub::gone(ExchangeId exchange)
{
    m_streams.erase(exchange.value);
    m_context.counters().streams.store(m_streams.size());
    if (m_streams.empty()) {
        for (auto &track : m_tracks)
            track.cache.clear();
    }
}

void StreamHub::pump(ExchangeId exchange, Stream &stream, const FrameBatch *fresh)
{
    auto &front = m_context.front();
    for (int round = 0; round < roundsMax; ++round) {
        const auto unsent = front.unsentBytes(exchange);
        stream.full = unsent.value_or(unsentBytesMax) >= unsentBytesMax;
        if (stream.full && !sabotaged(Saboteur::UnboundedStream))
            return; // until writable()
        bool more = false;
        const auto out = nextFrames(stream, unsentBytesMax - *unsent, fresh, more);
        if (!out.empty()) {
            stream.wrote = true;
            front.writeStream(exchange, out);
        }
        if (!more)
            return; // until onProgress() or loaded()
    }
    // A client that reads as fast as we write must not keep the others waiting.
    m_context.returns()->post([this, exchange] {
        if (const auto found = m_streams.find(exchange.value); found != m_streams.end())
            pump(exchange, found->second);
    });
}

std::string StreamHub::nextFrames(Stream &stream, std::size_t bytesMax, const FrameBatch *fresh, bool &more)
{
    const auto &selection = stream.selection;
    auto &track = m_tracks[selection.changes];
    const auto progress = m_context.engine().updates().progress();
    const Position last = selection.changes ? progress.viewed : progress.ledger;
    auto &place = stream.place;
    std::string out;
    for (std::size_t looked = 0; place.next <= last; ++looked) {
        if (out.size() >= bytesMax || looked >= recordsPerTurn) {
            more = true;
            break;
        }
        FramesPtr frames = fresh ? fresh->find(place.next) : nullptr;
        if (!frames)
            frames = track.cache.find(place.next);
        if (!frames) {
            load(track, place.next, last, selection.changes);
            break;
        }
        if (selection.filter.matches(*frames->record)) {
            const auto &kinds = selection.kinds;
            if (place.parts == 0 && std::find(kinds.begin(), kinds.end(), frames->record->kind) != kinds.end())
                out += frames->text;
            // Only the track of the streams with changes has them in its frames.
            for (auto i = place.parts > 0 ? place.parts - 1 : 0; i < frames->changes.size(); ++i)
                out += frames->changes[i];
        }
        place = {place.next.next(), 0};
    }
    return out;
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
    for (const auto &[id, stream] : m_streams) {
        if (stream.selection.changes == withChanges && stream.place.next == first && !stream.full)
            waiting.push_back(ExchangeId{id});
    }
    if (!batch || batch->frames.empty()) {
        // Better no stream than one with a hole: the client comes again and says what it had last.
        for (const auto exchange : waiting)
            m_context.front().endStream(exchange);
        for (const auto exchange : waiting)
            gone(exchange);
        return;
    }
    if (!m_streams.empty())
        track.cache.add(*batch);
    for (const auto exchange : waiting) {
        if (const auto found = m_streams.find(exchange.value); found != m_streams.end())
            pump(exchange, found->second, &*batch);
    }
}

void StreamHub::ping()
{
    for (auto &[id, stream] : m_streams) {
        const bool quiet = !std::exchange(stream.wrote, false);
        // A client that has not read its last ping is not sent another.
        if (quiet && m_context.front().unsentBytes(ExchangeId{id}) == std::size_t{0})
            m_context.front().writeStream(ExchangeId{id}, pingFrame);
    }
}

} // namespace commander::rest
