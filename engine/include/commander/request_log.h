// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/time.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// What became of one request, without anything secret: no token, no ticket, no body.
struct RequestEntry {
    /// What is told. A stream is told of twice, with the same `request`: when it begins, and when it is over.
    enum class Kind : std::uint8_t {
        Answered,    ///< answered wholly
        Refused,     ///< the gate let it go no further
        Abandoned,   ///< the client left before the answer
        StreamBegan, ///< `bytes` and `micros` up to now
        StreamEnded
    };
    std::uint64_t sequence = 0; ///< 1, 2, 3, …: this entry's place in the log
    std::uint64_t request = 0;  ///< names the request
    Kind kind = Kind::Answered;
    std::uint16_t status = 0; ///< 0: none was sent
    Timestamp time;           ///< when the entry was made
    std::uint64_t micros = 0; ///< since the request was complete
    std::uint64_t bytes = 0;  ///< sent, heads included
    std::string method;
    std::string target;  ///< path and query, secrets blotted out, at most 512 bytes
    std::string client;  ///< address
    std::string token;   ///< name of the token; empty without one
    std::string code;    ///< of a refusal
    std::string command; ///< id of the command that it recorded or was about; else empty
};
[[nodiscard]] std::string_view requestEntryKindName(RequestEntry::Kind kind) noexcept;
/// One line of JSON, without a line break.
[[nodiscard]] std::string requestEntryJson(const RequestEntry &entry);

/// The newest requests of a REST server, a bounded number of them. Thread-safe; nothing here blocks for longer than it
/// takes to copy what is asked for.
class RequestLog {
public:
    virtual ~RequestLog() = default;
    /// The newest entry's sequence number; 0 = none yet. Changes with every entry: cheap enough to ask on a timer.
    [[nodiscard]] virtual std::uint64_t newest() const noexcept = 0;
    /// The oldest that is still here; 0 = none yet.
    [[nodiscard]] virtual std::uint64_t oldest() const noexcept = 0;
    /// Entries behind `sequence` in their order, at most `max`. To follow the log, ask again with the last one's
    /// number. One that begins later than the number asked for means that some are gone already.
    [[nodiscard]] virtual std::vector<RequestEntry> after(std::uint64_t sequence, std::size_t max) const = 0;
    /// Entries before `sequence`, newest first, at most `max`.
    [[nodiscard]] virtual std::vector<RequestEntry> before(std::uint64_t sequence, std::size_t max) const = 0;
};

} // namespace commander
