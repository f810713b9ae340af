// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// Every way an operation can fail, one code each. The text of an Error is for people; code is what programs branch on.
/// Wire names (errorCodeName) are part of the REST contract: never rename one.
enum class ErrorCode {
    InvalidArgument,   ///< a parameter is malformed or out of range
    InvalidJson,       ///< not JSON, or JSON we refuse (encoding, depth, NaN); details[0] holds the byte offset
    DuplicateKey,      ///< a JSON object names one member twice
    InvalidUuid,       ///< text is not an RFC 9562 UUID
    InvalidTime,       ///< text is not an RFC 3339 timestamp
    InvalidFilter,     ///< text is not a filter; details[0] has the column
    SchemaInvalid,     ///< data does not match the action's JSON Schema; details hold the pointers
    UnknownAction,     ///< no domain offers this command
    UnknownView,       ///< no domain offers this view
    NotFound,          ///< no such record, document or file
    DuplicateId,       ///< a record with this id is already in the ledger
    IdReused,          ///< the id is taken by a record with other content
    LedgerLocked,      ///< another process owns the ledger; `where` names it
    LedgerForeign,     ///< the file is not a Commander ledger
    LedgerNewer,       ///< the ledger was written by a newer Commander
    LedgerDamaged,     ///< bytes are missing or changed; nothing was repaired
    LedgerReadOnly,    ///< opened for reading only
    LedgerUnavailable, ///< the store stopped accepting writes; reopen it
    DiskFull,          ///< no space left
    IoError,           ///< the operating system refused an operation
    Unsupported,       ///< this ledger or platform cannot do it
    Cancelled,         ///< the caller asked to stop
    TimedOut,          ///< the outcome is unknown after the time allowed
    LimitExceeded,     ///< over a bound of limits.h
    Busy,              ///< queues are full; try again
    ShuttingDown,      ///< the engine is closing
    NotReady,          ///< a derived part is still catching up
    DomainFault,       ///< a handler, fold or reaction broke its contract
    ScriptTimeout,     ///< a script ran longer than it may; a fault of its domain
    ScriptOutOfMemory, ///< a script took more memory than it may; a fault of its domain
    ScriptCrashed,     ///< the process of a script ended by itself; a fault of its domain
    Conflict,          ///< it is not in a state that allows this
    Internal,          ///< a bug in Commander
    Count
};

/// Stable kebab-case name, e.g. "ledger-locked".
[[nodiscard]] std::string_view errorCodeName(ErrorCode code) noexcept;
/// The domain is to blame: DomainFault and what can become of scripts.
[[nodiscard]] bool isDomainFault(ErrorCode code) noexcept;
/// The same of a code's name, as it stands in a result.
[[nodiscard]] bool isDomainFault(std::string_view name) noexcept;

/// One spot in the input: an RFC 6901 pointer (or "@offset") and what is wrong there.
struct ErrorDetail {
    std::string pointer;
    std::string message;
    std::size_t column = 0; ///< from 1, in characters; 0 = does not apply
    bool operator==(const ErrorDetail &) const = default;
};

/// A failure as a value: what happened, where (file, pointer, position), and what the reader can do about it.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string what;
    std::string where;
    std::string remedy;
    std::vector<ErrorDetail> details;

    /// One line for logs and terminals: "what (where). remedy"
    [[nodiscard]] std::string text() const;
};

} // namespace commander
