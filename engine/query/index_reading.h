// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_names.h"
#include "query/index_schema.h"
#include "query/reader_pool.h"
#include "query/record_bodies.h"

#include <commander/record_reader.h>

#include <stop_token>

namespace commander {

/// What one read call works with. Nothing beyond the snapshot's position is looked at, so that a call sees one state
/// although the index grows meanwhile.
class IndexReading {
public:
    IndexReading(IndexReader &reader, const IndexSnapshot &snapshot, RecordBodies &bodies, std::stop_token stop)
        : m_reader(reader), m_snapshot(snapshot), m_bodies(bodies), m_stop(std::move(stop))
    {
    }

    [[nodiscard]] IndexReader &reader() const noexcept { return m_reader; }
    [[nodiscard]] const IndexSnapshot &snapshot() const noexcept { return m_snapshot; }
    [[nodiscard]] RecordBodies &bodies() const noexcept { return m_bodies; }
    [[nodiscard]] const std::stop_token &stop() const noexcept { return m_stop; }

    /// The first position with recordedAt >= time, one past the end when there is none.
    [[nodiscard]] Result<Position> positionAt(Timestamp time) const;
    /// The records that name this id as their parent or correlation, oldest first.
    [[nodiscard]] Result<std::vector<RecordPtr>> recordsOf(StrayRole role, const Uuid &id, std::size_t max) const;
    /// Where the outcome of a command stands in the index.
    struct Outcome {
        CommandStatus status = CommandStatus::Accepted;
        Position result; ///< 0 = none yet
    };
    [[nodiscard]] Result<Outcome> outcome(Position command) const;

private:
    IndexReader &m_reader;
    const IndexSnapshot &m_snapshot;
    RecordBodies &m_bodies;
    std::stop_token m_stop;
};

} // namespace commander
