// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace commander::rest {

/// What clients are told, as a server-sent event, and the parts that it is made of.
class Frame {
public:
    Frame(std::string_view id, std::string_view event, std::string json);
    [[nodiscard]] std::string_view text() const noexcept { return m_text; }
    [[nodiscard]] std::string_view id() const noexcept { return text().substr(idBegin, m_idBytes); }
    [[nodiscard]] std::string_view event() const noexcept { return text().substr(eventBegin(), m_eventBytes); }
    [[nodiscard]] std::string_view json() const noexcept
    {
        const auto begin = eventBegin() + m_eventBytes + dataLabel.size();
        return text().substr(begin, m_text.size() - begin - 2);
    }

private:
    static constexpr std::string_view idLabel = "id: ";
    static constexpr std::string_view eventLabel = "\nevent: ";
    static constexpr std::string_view dataLabel = "\ndata: ";
    static constexpr std::size_t idBegin = idLabel.size();
    [[nodiscard]] std::size_t eventBegin() const noexcept { return idBegin + m_idBytes + eventLabel.size(); }

    std::string m_text;
    std::uint32_t m_idBytes;
    std::uint32_t m_eventBytes;
};

/// A document change, and whose document it is.
struct ChangeFrame {
    Frame frame;
    std::string view;
    std::string key;
};

/// One record for all clients: made once, sent to everyone who wants it.
struct RecordFrames {
    RecordPtr record;
    Frame frame;                      ///< of the record itself, id "P"
    std::vector<ChangeFrame> changes; ///< that it made, ids "P:1", "P:2", …
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
