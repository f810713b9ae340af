// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/updates/stream_frames.h"

#include "rest/gate/http_syntax.h"
#include "rest/json/record_json.h"

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t batchRecordsMax = 256;
constexpr std::size_t batchBytesMax = 512 * 1024;
constexpr std::size_t firstReadRecords = 16; ///< then doubling, so that large records do not come by the hundred
constexpr std::size_t liveRecordsMax = 4096;
constexpr std::size_t liveBytesMax = 16u << 20;
constexpr std::size_t piecesMax = 8;

std::size_t bytesOf(const RecordFrames &frames)
{
    std::size_t bytes = frames.frame.text().size() + frames.record->data.size();
    for (const auto &change : frames.changes)
        bytes += change.frame.text().size();
    return bytes;
}

Result<FramesPtr> makeFrames(Engine &engine, const RecordPtr &record, bool withChanges)
{
    std::string json;
    appendRecord(json, *record);
    const auto id = std::to_string(record->position.value);
    auto frames = std::make_shared<RecordFrames>(
        RecordFrames{record, Frame(id, recordKindName(record->kind), std::move(json)), {}});
    if (!withChanges || record->kind != RecordKind::Event)
        return frames;
    auto changes = engine.views().changesAt(record->position);
    if (!changes)
        return fail(changes.error());
    for (std::size_t i = 0; i < changes->size(); ++i) {
        auto &change = (*changes)[i];
        std::string text;
        appendChange(text, change);
        frames->changes.push_back({Frame(id + ':' + std::to_string(i + 1), "change", std::move(text)),
                                   std::move(change.view), std::move(change.key)});
    }
    return frames;
}

} // namespace

Frame::Frame(std::string_view id, std::string_view event, std::string json)
    : m_idBytes(static_cast<std::uint32_t>(id.size())), m_eventBytes(static_cast<std::uint32_t>(event.size()))
{
    replaceLineBreaks(json);
    m_text.reserve(json.size() + id.size() + event.size() + 24);
    m_text.append(idLabel).append(id).append(eventLabel).append(event).append(dataLabel).append(json).append("\n\n");
}

Result<FrameBatch> loadFrames(Engine &engine, Position first, Position last, bool withChanges)
{
    FrameBatch batch;
    batch.first = first;
    std::size_t bytes = 0;
    std::size_t readMax = firstReadRecords;
    Position next = first;
    while (next <= last && batch.frames.size() < batchRecordsMax && bytes < batchBytesMax) {
        const auto count
            = std::min<std::uint64_t>({readMax, batchRecordsMax - batch.frames.size(), last.value - next.value + 1});
        auto records = engine.ledger().readAt(next, static_cast<std::size_t>(count));
        if (!records)
            return fail(records.error());
        if (records->empty())
            break;
        for (const auto &record : *records) {
            auto frames = makeFrames(engine, record, withChanges);
            if (!frames)
                return fail(frames.error());
            bytes += bytesOf(**frames);
            batch.frames.push_back(std::move(*frames));
            next = record->position.next();
        }
        readMax *= 2;
    }
    return batch;
}

FramesPtr FrameCache::find(Position position) const
{
    if (position >= m_liveFirst && position.value - m_liveFirst.value < m_live.size())
        return m_live[position.value - m_liveFirst.value];
    for (auto piece = m_pieces.rbegin(); piece != m_pieces.rend(); ++piece) {
        if (auto frames = piece->find(position))
            return frames;
    }
    return nullptr;
}

void FrameCache::add(const FrameBatch &batch)
{
    if (batch.frames.empty())
        return;
    const Position liveEnd{m_liveFirst.value + m_live.size()};
    if (!m_live.empty() && batch.first < liveEnd) {
        m_pieces.push_back(batch);
        if (m_pieces.size() > piecesMax)
            m_pieces.pop_front();
        return;
    }
    if (m_live.empty() || batch.first > liveEnd) {
        m_live.clear();
        m_liveBytes = 0;
        m_liveFirst = batch.first;
    }
    for (const auto &frames : batch.frames) {
        m_live.push_back(frames);
        m_liveBytes += bytesOf(*frames);
    }
    trim();
}

void FrameCache::clear()
{
    m_live.clear();
    m_pieces.clear();
    m_liveBytes = 0;
}

void FrameCache::trim()
{
    while (m_live.size() > 1 && (m_live.size() > liveRecordsMax || m_liveBytes > liveBytesMax)) {
        m_liveBytes -= bytesOf(*m_live.front());
        m_live.pop_front();
        m_liveFirst = m_liveFirst.next();
    }
}

} // namespace commander::rest
