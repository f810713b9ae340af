// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/problem.h"

#include "rest/json/object_writer.h"
#include "values/json_validity.h"

#include <algorithm>
#include <array>

namespace commander::rest {

namespace {

struct Entry {
    std::string_view code;
    ProblemInfo info;
};

constexpr auto entries = std::to_array<Entry>({
    {"bad-handshake",
     {"Not a handshake of a WebSocket", "The request asks for a WebSocket, but not as RFC 6455 says; see the detail."}},
    {"bad-request", {"The request is malformed", "The bytes are not a request that HTTP/1.1 allows."}},
    {"body-too-large", {"The body is too large", "Send less at once, or split it into several commands."}},
    {"busy", {"The server is busy", "Its queues are full. Send the same request again a little later."}},
    {"cancelled", {"The work was stopped", "The server stopped before the answer was complete."}},
    {"command-cancelled",
     {"The command was cancelled", "It was taken back before it was decided. Command and result are recorded."}},
    {"command-expired",
     {"The command expired", "It was not decided by the time that it allows. Command and result are recorded."}},
    {"command-failed",
     {"The command failed", "A fault, not a refusal: the command is recorded with the result failed."}},
    {"command-rejected", {"The command was rejected", "The domain said no. Command and result are recorded."}},
    {"conflict", {"Its state does not allow this", "The detail says what state it is in, and what would be needed."}},
    {"cursor-ahead",
     {"The position lies ahead of the ledger",
      "The client has seen a later position than this ledger holds. Was an older copy of it put back?"}},
    {"disk-full", {"The disk is full", "Nothing was recorded. Free some space, then send the same request again."}},
    {"domain-fault", {"A domain broke its contract", "A handler, fold or reaction did something it must not do."}},
    {"domain-invalid",
     {"The domain has faults", "Each problem names its file and, where it is known, line and column."}},
    {"duplicate-id", {"The id is taken", "A record with this id is already in the ledger."}},
    {"duplicate-key",
     {"A JSON object names a member twice", "Which of the two counts is not defined, so it is refused."}},
    {"expectation-failed", {"The expectation cannot be met", "The only one known is Expect: 100-continue."}},
    {"header-too-large", {"The header is too large", "A header field, or all together, exceed what the server reads."}},
    {"host-not-allowed",
     {"The Host header does not name this server", "Use the address that the server prints, for example 127.0.0.1."}},
    {"http-version-not-supported", {"Unknown HTTP version", "Use HTTP/1.1."}},
    {"idempotency-key-reused",
     {"The id belongs to another command", "The same id or Idempotency-Key was used before with another content."}},
    {"insufficient-scope", {"The token's roles do not allow this", "Use a token with the role that the detail names."}},
    {"internal", {"A fault in Commander", "Please report it with what was sent."}},
    {"invalid-argument", {"A parameter is wrong", "A parameter is malformed or out of range."}},
    {"invalid-filter",
     {"Not a filter",
      "The filter language has no such sentence; the error names the column and what is wanted there."}},
    {"invalid-json", {"The body is not acceptable JSON", "Strict JSON in UTF-8 is asked for; the place is named."}},
    {"invalid-ticket",
     {"Not a ticket for this path",
      "A ticket is good for one request to the path that it was asked for, within 30 seconds. Get another."}},
    {"invalid-time", {"Not a timestamp", "Timestamps are RFC 3339, for example 2016-05-20T14:33:28.902Z."}},
    {"invalid-token", {"The token is not valid", "It is unknown, revoked or expired."}},
    {"invalid-uuid", {"Not a UUID", "Ids are UUIDs in the form with 36 characters."}},
    {"io-error", {"An operation of the system failed", "The operating system refused to read or write."}},
    {"ledger-damaged",
     {"The ledger is damaged", "Bytes are missing or changed. Nothing was repaired; verify names the place."}},
    {"ledger-foreign", {"Not a ledger", "The file is not a ledger of Commander."}},
    {"ledger-locked", {"The ledger is in use", "Another process owns it."}},
    {"ledger-newer", {"The ledger is newer than this program", "Use the version that wrote it, or a later one."}},
    {"ledger-read-only", {"The ledger is open for reading only", "Commands cannot be recorded here."}},
    {"ledger-unavailable", {"The ledger takes no records", "It stopped after a fault; reading still works."}},
    {"length-required", {"The length of the body is missing", "Send Content-Length or chunks."}},
    {"limit-exceeded", {"Over a limit", "Something in the request is larger than the engine takes."}},
    {"method-not-allowed", {"The method does not fit the path", "The Allow header names those that do."}},
    {"method-not-implemented", {"Unknown method", "The server does not know this HTTP method."}},
    {"not-acceptable", {"No such representation", "The Accept header asks for what this path does not have."}},
    {"not-found", {"Not found", "There is nothing at this path, or no record or document of this name."}},
    {"not-ready", {"Not ready yet", "A derived part is still catching up with the ledger. Try again."}},
    {"origin-not-allowed", {"The origin is not allowed", "Web pages of other sites may not use this server."}},
    {"request-timeout", {"The request took too long", "The server waited for the rest of it in vain."}},
    {"revision-conflict",
     {"The key stands at another revision",
      "Something else was recorded under the command's key. Command and result are recorded; nothing happened."}},
    {"schema-invalid", {"The data does not fit the schema", "Each error names the place and what is wrong there."}},
    {"script-crashed", {"A script's process ended", "A handler, fold or reaction ended the process that it ran in."}},
    {"script-out-of-memory",
     {"A script took too much memory", "A handler, fold or reaction was stopped at its limit."}},
    {"script-timeout", {"A script ran too long", "A handler, fold or reaction was stopped at its limit."}},
    {"shutting-down", {"The server is closing", "Send the same request again when it is back."}},
    {"timed-out", {"The outcome is not known in time", "Ask again: the same id gives the same answer."}},
    {"token-required",
     {"A token is needed", "Send Authorization: Bearer TOKEN. Whoever runs the server makes tokens."}},
    {"too-many-bad-tokens",
     {"Too many wrong tokens", "Somebody is guessing. Valid tokens are answered as ever; try again in a minute."}},
    {"too-many-connections",
     {"Too many connections", "The server keeps no more of them at the same time. Try again a little later."}},
    {"too-many-requests", {"Too many requests", "Retry-After says when the next one is welcome."}},
    {"transfer-encoding-not-implemented", {"Unknown Transfer-Encoding", "The only one known is chunked."}},
    {"unknown-action", {"No domain offers this command", "GET /domains lists those that are offered."}},
    {"unknown-view", {"No domain offers this view", "GET /views lists those that are offered."}},
    {"unsupported", {"Not supported", "This ledger or platform cannot do it."}},
    {"unsupported-media-type", {"The body has the wrong type", "Send application/json, without Content-Encoding."}},
    {"upgrade-required", {"Unknown version of WebSocket", "Send Sec-WebSocket-Version: 13."}},
    {"uri-too-long", {"The request line is too long", "The path and the query exceed what the server reads."}},
});

/// What a client sent may be named in a problem, and may be any bytes; a JSON text is UTF-8.
std::string legible(std::string_view text)
{
    std::string out(text);
    if (isUtf8(text))
        return out;
    out.clear();
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : std::string("\xef\xbf\xbd");
    return out;
}

static_assert(std::is_sorted(entries.begin(), entries.end(),
                             [](const Entry &a, const Entry &b) { return a.code < b.code; }));

} // namespace

int statusOf(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidJson:
    case ErrorCode::InvalidUuid:
    case ErrorCode::InvalidTime:
    case ErrorCode::InvalidFilter:
        return 400;
    case ErrorCode::LedgerReadOnly:
        return 403;
    case ErrorCode::UnknownView:
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::DuplicateId:
    case ErrorCode::Conflict:
        return 409;
    case ErrorCode::LimitExceeded:
        return 413;
    case ErrorCode::DuplicateKey:
    case ErrorCode::SchemaInvalid:
    case ErrorCode::UnknownAction:
    case ErrorCode::IdReused:
        return 422;
    case ErrorCode::IoError:
    case ErrorCode::DomainFault:
    case ErrorCode::ScriptTimeout:
    case ErrorCode::ScriptOutOfMemory:
    case ErrorCode::ScriptCrashed:
    case ErrorCode::Internal:
    case ErrorCode::Count:
        return 500;
    case ErrorCode::Unsupported:
        return 501;
    case ErrorCode::LedgerLocked:
    case ErrorCode::LedgerForeign:
    case ErrorCode::LedgerNewer:
    case ErrorCode::LedgerDamaged:
    case ErrorCode::LedgerUnavailable:
    case ErrorCode::Cancelled:
    case ErrorCode::Busy:
    case ErrorCode::ShuttingDown:
    case ErrorCode::NotReady:
        return 503;
    case ErrorCode::TimedOut:
        return 504;
    case ErrorCode::DiskFull:
        return 507;
    }
    return 500;
}

std::string_view problemCodeOf(ErrorCode code) noexcept
{
    return code == ErrorCode::IdReused ? "idempotency-key-reused" : errorCodeName(code);
}

Problem problemOf(const Error &error)
{
    Problem problem;
    problem.status = statusOf(error.code);
    problem.code = problemCodeOf(error.code);
    problem.detail = error.text();
    problem.errors = error.details;
    return problem;
}

Problem problemOf(const GateRefusal &refusal)
{
    Problem problem;
    problem.status = refusal.status;
    problem.code = refusal.code;
    problem.detail = refusal.detail;
    problem.instance = refusal.instance;
    return problem;
}

std::string problemJson(const Problem &problem)
{
    const auto info = problemInfo(problem.code);
    std::string out;
    ObjectWriter json(out);
    json.text("type", "/problems/" + problem.code);
    json.text("title", info.title.empty() ? std::string_view(problem.code) : info.title);
    json.number("status", static_cast<std::uint64_t>(problem.status));
    json.text("detail", legible(problem.detail));
    if (!problem.instance.empty())
        json.text("instance", problem.instance);
    json.text("code", problem.code);
    if (!problem.errors.empty()) {
        json.name("errors");
        ArrayWriter errors(out);
        for (const auto &[pointer, message, column] : problem.errors) {
            errors.next();
            ObjectWriter item(out);
            item.text("pointer", legible(pointer));
            item.text("message", legible(message));
            if (column > 0)
                item.number("column", column);
        }
    }
    if (problem.commandId)
        json.text("commandId", problem.commandId->text());
    if (problem.position)
        json.number("position", problem.position->value);
    if (!problem.members.empty())
        json.splice(problem.members);
    json.end();
    return out;
}

Response problemResponse(const Problem &problem)
{
    Response response;
    response.status = problem.status;
    response.contentType = "application/problem+json";
    response.body = problemJson(problem);
    if (problem.status == 503)
        response.with("Retry-After", "1");
    if (problem.position)
        response.at(*problem.position);
    return response;
}

Response problemResponse(const Error &error)
{
    return problemResponse(problemOf(error));
}

ProblemInfo problemInfo(std::string_view code) noexcept
{
    const auto found
        = std::lower_bound(entries.begin(), entries.end(), code,
                           [](const Entry &entry, std::string_view wanted) { return entry.code < wanted; });
    return found != entries.end() && found->code == code ? found->info : ProblemInfo();
}

std::string problemPage(std::string_view code, const ProblemInfo &info)
{
    // Code and texts come from the table above, so nothing here needs escaping.
    std::string page = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>";
    page.append(info.title).append("</title></head>\n<body><h1>").append(info.title).append("</h1>\n<p>");
    page.append(info.meaning).append("</p>\n<p>Code: <code>").append(code).append("</code></p></body></html>\n");
    return page;
}

} // namespace commander::rest
