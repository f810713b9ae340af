// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record_reader.h>

#include <QCommandLineParser>

namespace commander::ctl {

/// --kind, --topic, --action, --key, --actor, --correlation, --status, --text, --from, --to, --filter
void addFilterOptions(QCommandLineParser &parser);
/// Errors InvalidArgument, InvalidTime, InvalidUuid, InvalidFilter.
[[nodiscard]] Result<RecordFilter> filterOf(const QCommandLineParser &parser);

/// Whether one record matches, for live streams and exports. Status is not known of a command alone: a filter with a
/// status matches results.
[[nodiscard]] bool matches(const RecordFilter &filter, const Record &record);

} // namespace commander::ctl
