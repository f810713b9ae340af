// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/http/exchange.h"
#include "rest/updates/stream_frames.h"
#include "rest/updates/stream_request.h"

#include <commander/rest_server.h>

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace commander::rest {

class RestContext;

/// Sends records and document changes to any number of clients, as server-sent events or in messages of a WebSocket.
/// There is no queue per client: each subscription has its place in the ledger, and when the client has room the frames
/// from there on are written to it. A client that does not read is simply behind; it costs what its socket holds, and
/// goes on without gap or repeat. Server thread only.
class StreamHub final : public QObject {
public:
    StreamHub(RestContext &context, const PushTimes &times);
    ~StreamHub() override;

    /// Begins to answer this exchange with a stream of server-sent events.
    void open(ExchangeId exchange, StreamPlace place, StreamSelection selection);
    /// The exchange has become a WebSocket; it has no subscription yet. `cannotGoOn` is called when records cannot be
    /// read or the client has not read for too long; the hub has forgotten it then.
    void openSocket(ExchangeId exchange, std::function<void()> cannotGoOn);
    /// For a WebSocket. The name is its client's and new on it.
    void subscribe(ExchangeId exchange, std::string_view name, StreamPlace place, StreamSelection selection);
    /// Nothing of this subscription is sent any more. False when there is none of this name.
    bool unsubscribe(ExchangeId exchange, std::string_view name);
    void onProgress();
    void writable(ExchangeId exchange);
    void gone(ExchangeId exchange);
    void finish();

private:
    using SelectionPtr = std::shared_ptr<const StreamSelection>;
    struct Subscription {
        std::string name;   ///< empty for server-sent events
        std::string prefix; ///< begins each message of a WebSocket
        StreamPlace place;
        SelectionPtr selection;
    };
    struct Client {
        std::vector<Subscription> subscriptions;
        std::function<void()> cannotGoOn;            ///< of a WebSocket; null for server-sent events
        bool full = false;                           ///< waits until the client has read
        bool wrote = false;                          ///< since the last ping
        std::size_t turn = 0;                        ///< the subscription that is served first
        std::size_t unsent = 0;                      ///< at the last ping
        std::chrono::steady_clock::time_point moved; ///< when the client was last seen to read
    };
    /// Subscriptions with document changes follow the views, the others the ledger.
    struct Track {
        FrameCache cache;
        std::set<Position> loading; ///< first positions of the batches that are being read
    };
    /// What comes next for everybody who wants the same from the same place on.
    struct Turn {
        std::string out;
        StreamPlace place; ///< afterwards
        bool more = false;
    };
    using TurnKey = std::tuple<const StreamSelection *, std::uint64_t, std::string_view>; ///< …, next record, prefix

    [[nodiscard]] SelectionPtr shared(StreamSelection selection);
    void pump(ExchangeId exchange, Client &client, const FrameBatch *fresh = nullptr);
    /// Appends what comes next for the subscription, until `out` has about `bytesMax`. True when there is more to be
    /// had at once.
    bool nextFrames(std::string &out, std::size_t bytesMax, Subscription &subscription, const FrameBatch *fresh);
    bool makeFrames(std::string &out, std::size_t bytesMax, const Subscription &subscription, StreamPlace &place,
                    const FrameBatch *fresh);
    void load(Track &track, Position first, Position last, bool withChanges);
    void loaded(bool withChanges, Position first, Result<FrameBatch> batch);
    void giveUp(ExchangeId exchange);
    void ping();
    [[nodiscard]] bool stalled(Client &client, std::size_t unsent) const;
    void count();

    RestContext &m_context;
    const PushTimes m_times;
    std::unordered_map<std::uint64_t, Client> m_clients;                                ///< by exchange
    Track m_tracks[2];                                                                  ///< by withChanges
    std::unordered_map<std::string, std::weak_ptr<const StreamSelection>> m_selections; ///< by their words
    std::map<TurnKey, Turn> m_turns; ///< while everybody is told of progress
    bool m_telling = false;
    QThreadPool m_reader;
    QTimer m_pingTimer;
};

} // namespace commander::rest
