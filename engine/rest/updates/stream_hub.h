// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/http/exchange.h"
#include "rest/updates/stream_frames.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <set>
#include <unordered_map>

namespace commander::rest {

class RestContext;

/// What a client of server-sent events has: everything before record `next`, and of `next` itself the first `parts`
/// frames.
struct StreamPlace {
    Position next{1};
    std::size_t parts = 0;
};

/// What a client of server-sent events wants to see.
struct StreamSelection {
    RecordFilter filter;           ///< of records and of the events whose changes are shown; without kinds
    std::vector<RecordKind> kinds; ///< of the records that are shown
    bool changes = false;          ///< document changes too
};

/// Sends records and document changes to any number of clients. There is no queue per client: each has its place in the
/// ledger, and when it has room the frames from there on are written to it. A client that does not read is simply
/// behind; it costs what its socket holds, and goes on without gap or repeat. Server thread only.
class StreamHub final : public QObject {
public:
    explicit StreamHub(RestContext &context);
    ~StreamHub() override;

    /// Begins to answer this exchange with a stream.
    void open(ExchangeId exchange, StreamPlace place, StreamSelection selection);
    void onProgress();
    void writable(ExchangeId exchange);
    void gone(ExchangeId exchange);
    void finish();

private:
    struct Stream {
        StreamPlace place;
        StreamSelection selection;
        bool full = false;  ///< waits until the client has read
        bool wrote = false; ///< since the last ping
    };
    /// Streams with document changes follow the views, the others the ledger.
    struct Track {
        FrameCache cache;
        std::set<Position> loading; ///< first positions of the batches that are being read
    };
    void pump(ExchangeId exchange, Stream &stream, const FrameBatch *fresh = nullptr);
    /// What comes next for the stream, about `bytesMax` of it; `more` when there is more to be had at once.
    [[nodiscard]] std::string nextFrames(Stream &stream, std::size_t bytesMax, const FrameBatch *fresh, bool &more);
    void load(Track &track, Position first, Position last, bool withChanges);
    void loaded(bool withChanges, Position first, Result<FrameBatch> batch);
    void ping();

    RestContext &m_context;
    std::unordered_map<std::uint64_t, Stream> m_streams; ///< by exchange
    Track m_tracks[2];                                   ///< by withChanges
    QThreadPool m_reader;
    QTimer m_pingTimer;
};

} // namespace commander::rest
