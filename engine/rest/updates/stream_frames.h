// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace commander::rest {

/// One record as server-sent events: made once, sent to every client that wants it.
struct RecordFrames {
    RecordPtr record;
    std::string text;                 ///< frame of the record itself, id "P"
    std::vector<std::string> changes; ///< frames of the document changes that it made, ids "P:1", "P:2", …
};
using FramesPtr = std::shared_ptr<const RecordFrames>;

/// Frames of consecutive records.
struct FrameBatch {
    Position first;
    std::vector<FramesPtr> frames;

    /// Null when it is not among them.
    [[nodiscard]] FramesPtr find(Position position) const
    {
        const bool here = position >= first && position.value - first.value < frames.size();
        return here ? frames[position.value - first.value] : nullptr;
    }
};

/// Reads records from `first` to `last` (a bounded number and size of them) and makes their frames. Blocks.
[[nodiscard]] Result<FrameBatch> loadFrames(Engine &engine, Position first, Position last, bool withChanges);

/// The frames that clients are likely to want next: a window at the live end, and a few pieces that catching-up clients
/// have just had read. Bounded in number and bytes. Server thread only.
class FrameCache {
public:
    /// Null when it is not here.
    [[nodiscard]] FramesPtr find(Position position) const;
    void add(const FrameBatch &batch);
    void clear();

private:
    void trim();

    std::deque<FramesPtr> m_live;
    Position m_liveFirst;
    std::size_t m_liveBytes = 0;
    std::deque<FrameBatch> m_pieces; ///< newest last
};

} // namespace commander::rest
