// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/waiting_commands.h"

#include <commander/json.h>

#include <algorithm>

namespace commander::ui {

namespace {

constexpr std::size_t documentsMax = 1000; // as many as a person looks through; the views page shows all

std::optional<Timestamp> timeAt(const Json &document, std::string_view member)
{
    const auto time = Timestamp::parse(document.stringAt(member));
    return time ? std::optional(*time) : std::nullopt;
}

Uuid idAt(const Json &document, std::string_view member)
{
    return Uuid::parse(document.stringAt(member)).value_or(Uuid{});
}

Result<DocumentList> listView(Engine &engine, const char *view, const std::stop_token &stop)
{
    DocumentListRequest request;
    request.limit = documentsMax;
    return engine.views().list(view, request, stop);
}

ScheduledCommand scheduledOf(const Json &document)
{
    ScheduledCommand command;
    command.command = idAt(document, "command");
    command.action = document.stringAt("action");
    command.key = document.stringAt("key");
    command.due = timeAt(document, "not_before");
    command.expires = timeAt(document, "expires_at");
    command.overdue = document.stringAt("reason") == "overdue";
    return command;
}

ParkedSequence parkedOf(const Json &document)
{
    ParkedSequence parked;
    parked.sequence = document.stringAt("sequence");
    parked.command = idAt(document, "command");
    parked.waiting = std::uint64_t(std::max<std::int64_t>(0, document.integerAt("waiting").value_or(0)));
    parked.since = timeAt(document, "parked_at");
    if (const auto *fault = document.find("fault")) {
        parked.fault.status = CommandStatus::Failed;
        parked.fault.errorCode = fault->stringAt("code");
        parked.fault.errorMessage = fault->stringAt("message");
        if (const auto *details = fault->find("details"))
            parked.fault.errorDetails = writeJson(*details);
    }
    return parked;
}

} // namespace

Result<WaitingCommands> readWaitingCommands(Engine &engine, std::stop_token stop)
{
    WaitingCommands all;
    const auto waiting = listView(engine, "commander-waiting", stop);
    if (!waiting && waiting.error().code == ErrorCode::UnknownView) {
        all.kept = false;
        return all;
    }
    if (!waiting)
        return fail(waiting.error());
    const auto parked = listView(engine, "commander-dead-letters", stop);
    if (!parked)
        return fail(parked.error());
    for (const auto &document : waiting->documents) {
        const auto json = parseJson(document.json);
        if (json && json->stringAt("reason") != "parked") // those stand with their sequence
            all.scheduled.push_back(scheduledOf(*json));
    }
    for (const auto &document : parked->documents) {
        // A sequence named like its domain: the domain is paused, and stands among the consumers.
        if (const auto json = parseJson(document.json); json && json->stringAt("sequence") != json->stringAt("domain"))
            all.parked.push_back(parkedOf(*json));
    }
    std::stable_sort(all.scheduled.begin(), all.scheduled.end(), [](const auto &a, const auto &b) {
        return a.due.value_or(Timestamp{}) < b.due.value_or(Timestamp{});
    });
    all.more = waiting->nextKey || parked->nextKey;
    return all;
}

} // namespace commander::ui
