// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/lineage.h>
#include <commander/record_reader.h>
#include <commander/views.h>

namespace commander {

/// Draws the chain of a record from what is recorded: parents, and the document changes of each event. When the chain
/// has more nodes than asked for, those nearest to the record stay; `hidden` counts the other records, and the changes
/// left out of events that are shown.
class LineageTracer final : public Lineage {
public:
    /// Both must outlive the tracer.
    LineageTracer(RecordReader &records, ViewReader &views) : m_records(records), m_views(views) { }

    [[nodiscard]] Result<LineageGraph> around(const Uuid &record, std::size_t nodesMax, std::stop_token stop) override;

private:
    // Constant after construction
    RecordReader &m_records;
    ViewReader &m_views;
};

} // namespace commander
