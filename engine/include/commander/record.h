// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/time.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// On disk and hashed: never renumber (engine/docs/ledger-format.md).
enum class RecordKind : std::uint8_t { Command = 1, Event = 2, Result = 3 };
[[nodiscard]] std::string_view recordKindName(RecordKind kind) noexcept; ///< "command", "event", "result"

/// Where a command stands. Everything but Accepted is final. The numbers are in derived files: never renumber.
enum class CommandStatus : std::uint8_t {
    Accepted = 0,
    Succeeded = 1,
    Rejected = 2,
    Failed = 3,
    Expired = 4,  ///< not decided by its expiresAt
    Cancelled = 5 ///< taken back before it was decided
};
[[nodiscard]] std::string_view commandStatusName(CommandStatus status) noexcept; ///< "accepted", …
[[nodiscard]] std::optional<CommandStatus> commandStatusFromName(std::string_view name) noexcept;

inline constexpr std::string_view commandsTopic = "commands";
inline constexpr std::string_view resultsTopic = "command-results";

/// What a writer hands to a ledger. The ledger adds position, offset, recordedAt and the hashes.
struct RecordDraft {
    RecordKind kind = RecordKind::Command;
    Uuid id;
    Uuid parent;      ///< direct cause, null for a command from outside
    Uuid correlation; ///< id of the command at the root of the chain (its own id there)
    std::string topic;
    std::uint32_t partition = 0;
    std::string key;    ///< entity the record is about; may be empty
    std::string action; ///< for a result: its status name
    std::string actor;
    std::uint16_t depth = 0;            ///< 0 for a command from outside, +1 per follow-up command
    std::uint32_t schemaVersion = 1;    ///< of the action's schema
    Hash256 domainVersion{};            ///< content hash of the domain that decided; zero for commands from outside
    std::optional<Timestamp> timestamp; ///< what the client states; the ledger's recordedAt when absent
    std::string headers;                ///< empty, or one JSON object with further metadata
    std::string data;                   ///< JSON, kept byte for byte
};

/// One immutable entry of the ledger. `data` is exactly what was appended.
struct Record : RecordDraft {
    Position position; ///< 0 in a ledger without a total order until the index gives one
    Offset offset;
    Timestamp recordedAt; ///< the ledger's clock, never decreasing along positions
    std::array<std::uint8_t, 16> salt{};
    Hash256 leaf{};  ///< SHA-256 of the canonical bytes
    Hash256 chain{}; ///< running hash up to and including this record

    /// What the record says of its time: the client's statement, else recordedAt.
    [[nodiscard]] Timestamp time() const noexcept { return timestamp.value_or(recordedAt); }
};
using RecordPtr = std::shared_ptr<const Record>;

/// The outcome in a result record's data.
struct CommandOutcome {
    CommandStatus status = CommandStatus::Accepted;
    std::vector<Uuid> events;
    std::string errorCode;    ///< unless it succeeded
    std::string errorMessage; ///< unless it succeeded
    std::string errorDetails; ///< JSON or empty
};
/// `{"status":…,"events":[…],"error":{…}}` and back. Errors InvalidJson, InvalidArgument.
[[nodiscard]] std::string writeOutcome(const CommandOutcome &outcome);
[[nodiscard]] Result<CommandOutcome> parseOutcome(std::string_view json);

/// Leaf and chain of a record as engine/docs/ledger-format.md fixes them. Thread-safe, no allocation of contexts per
/// call.
[[nodiscard]] Hash256 recordLeaf(const Record &record);
[[nodiscard]] Hash256 chainNext(const Hash256 &previous, const Hash256 &leaf);
[[nodiscard]] Hash256 sha256(std::string_view bytes);

} // namespace commander
