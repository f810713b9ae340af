// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/json.h>
#include <commander/record.h>

namespace commander {

std::string_view recordKindName(RecordKind kind) noexcept
{
    switch (kind) {
    case RecordKind::Command:
        return "command";
    case RecordKind::Event:
        return "event";
    case RecordKind::Result:
        return "result";
    }
    return "unknown";
}

std::string_view commandStatusName(CommandStatus status) noexcept
{
    switch (status) {
    case CommandStatus::Accepted:
        return "accepted";
    case CommandStatus::Succeeded:
        return "succeeded";
    case CommandStatus::Rejected:
        return "rejected";
    case CommandStatus::Failed:
        return "failed";
    case CommandStatus::Expired:
        return "expired";
    case CommandStatus::Cancelled:
        return "cancelled";
    }
    return "unknown";
}

std::optional<CommandStatus> commandStatusFromName(std::string_view name) noexcept
{
    for (const CommandStatus status : {CommandStatus::Accepted, CommandStatus::Succeeded, CommandStatus::Rejected,
                                       CommandStatus::Failed, CommandStatus::Expired, CommandStatus::Cancelled}) {
        if (commandStatusName(status) == name)
            return status;
    }
    return std::nullopt;
}

std::string writeOutcome(const CommandOutcome &outcome)
{
    std::string out = R"({"status":)";
    appendJsonString(out, commandStatusName(outcome.status));
    out += R"(,"events":[)";
    for (std::size_t i = 0; i < outcome.events.size(); ++i) {
        if (i > 0)
            out += ',';
        appendJsonString(out, outcome.events[i].text());
    }
    out += ']';
    if (outcome.status != CommandStatus::Accepted && outcome.status != CommandStatus::Succeeded) {
        out += R"(,"error":{"code":)";
        appendJsonString(out, outcome.errorCode);
        out += R"(,"message":)";
        appendJsonString(out, outcome.errorMessage);
        if (!outcome.errorDetails.empty())
            out.append(R"(,"details":)").append(outcome.errorDetails);
        out += '}';
    }
    out += '}';
    return out;
}

namespace {

tl::unexpected<Error> notAnOutcome(const char *what)
{
    return fail(ErrorCode::InvalidArgument, what, "result record",
                "The record was not written by Commander, or by a newer one.");
}

/// The string that a checked slice holds.
Result<std::string> textOf(std::string_view raw, const char *refusal)
{
    const auto value = parseJson(raw);
    if (!value || !value->asString())
        return notAnOutcome(refusal);
    return *value->asString();
}

Result<void> readEvents(std::string_view raw, CommandOutcome &outcome)
{
    const auto elements = sliceJsonArray(raw);
    if (!elements)
        return notAnOutcome("the events of an outcome are no array");
    for (const std::string_view element : *elements) {
        const auto text = textOf(element, "an event id of an outcome is no string");
        if (!text)
            return fail(text.error());
        const auto id = Uuid::parse(*text);
        if (!id)
            return fail(ErrorCode::InvalidArgument, "an event id of an outcome is no UUID", id.error().where);
        outcome.events.push_back(*id);
    }
    return {};
}

Result<void> readError(std::string_view raw, CommandOutcome &outcome)
{
    const auto members = sliceJsonObject(raw);
    if (!members)
        return notAnOutcome("the error of an outcome is no object");
    for (const JsonSlice &member : *members) {
        if (member.name == "details") {
            outcome.errorDetails = member.raw;
        } else if (member.name == "code" || member.name == "message") {
            auto text = textOf(member.raw, "the error of an outcome has a code or message that is no string");
            if (!text)
                return fail(text.error());
            (member.name == "code" ? outcome.errorCode : outcome.errorMessage) = std::move(*text);
        }
    }
    return {};
}

} // namespace

Result<CommandOutcome> parseOutcome(std::string_view json)
{
    const auto members = sliceJsonObject(json);
    if (!members)
        return fail(members.error());
    CommandOutcome outcome;
    bool hasStatus = false;
    for (const JsonSlice &member : *members) {
        Result<void> read;
        if (member.name == "status") {
            const auto name = textOf(member.raw, "the status of an outcome is no string");
            const auto status = name ? commandStatusFromName(*name) : std::nullopt;
            if (!status)
                return notAnOutcome("an unknown status in an outcome");
            outcome.status = *status;
            hasStatus = true;
        } else if (member.name == "events") {
            read = readEvents(member.raw, outcome);
        } else if (member.name == "error") {
            read = readError(member.raw, outcome);
        }
        if (!read)
            return fail(std::move(read.error()));
    }
    if (!hasStatus)
        return notAnOutcome("an outcome without status");
    return outcome;
}

} // namespace commander
