// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/json/object_writer.h"

#include <commander/domain.h>
#include <commander/lineage.h>
#include <commander/record.h>
#include <commander/views.h>

#include <span>

namespace commander::rest {

/// What a command's answer says beyond the record itself.
struct CommandState {
    CommandStatus status = CommandStatus::Accepted;
    RecordPtr result;           ///< null while there is none
    std::vector<Uuid> children; ///< events and follow-up commands
};

/// The shapes of the REST contract. A record's `data` goes in byte for byte.
void appendCommand(std::string &out, const Record &command, const CommandState &state);
void appendEvent(std::string &out, const Record &event);
void appendResult(std::string &out, const Record &result);
/// By its kind; a command without status, result and children. For streams and raw lists.
void appendRecord(std::string &out, const Record &record);
/// With kind, recordedAt and hashes, as the ledger holds it.
void appendRawRecord(std::string &out, const Record &record);

/// The text without its line breaks, which in JSON can only stand between tokens.
void replaceLineBreaks(std::string &json) noexcept;

void appendDocument(std::string &out, const Document &document);
void appendFields(std::string &out, std::span<const FieldChange> fields);
void appendChange(std::string &out, const DocumentChange &change);
void appendOrigins(std::string &out, std::span<const FieldOrigin> origins);
void appendViewStatus(std::string &out, const ViewStatus &status);
void appendLineage(std::string &out, const LineageGraph &graph);
void appendDomain(std::string &out, const DomainDescription &domain);

} // namespace commander::rest
