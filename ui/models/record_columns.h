// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/format.h"

#include <commander/record.h>

#include <optional>

namespace commander::ui {

/// A record as the table knows it: with the status that its result gave it.
struct RecordRow {
    RecordPtr record;
    std::optional<CommandStatus> status; ///< commands and results only
    std::size_t dataBytes = 0;           ///< of the whole data; the record may hold only its beginning
};

/// Columns of a table of records, in their default order.
enum class RecordColumn { Position, Time, Kind, Action, Key, Status, Data, Topic, Actor, Id, Size };
inline constexpr int recordColumnCount = int(RecordColumn::Size) + 1;

[[nodiscard]] QString columnTitle(RecordColumn column, TimeStyle style);
[[nodiscard]] QString cellText(const RecordRow &row, RecordColumn column, TimeStyle style, Timestamp now);
/// What the tool tip says when a cell is too narrow or says less than it knows.
[[nodiscard]] QString cellDetail(const RecordRow &row, RecordColumn column, TimeStyle style, Timestamp now);
[[nodiscard]] bool isNumericColumn(RecordColumn column);
[[nodiscard]] bool isMonospaceColumn(RecordColumn column);

} // namespace commander::ui
