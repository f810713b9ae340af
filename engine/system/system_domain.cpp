// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/system_domain.h"

#include "system/system_folds.h"
#include "system/system_words.h"
#include "system/waiting_words.h"

#include <array>

namespace commander {

namespace {

using namespace system;

/// Of the code below; raise it when the same command could be decided otherwise.
constexpr std::string_view logicVersion = "1";

constexpr auto aboutCommand
    = R"({"type":"object","required":["command"],"properties":{"command":{"type":"string","format":"uuid"}}})";
constexpr auto aboutSequence
    = R"({"type":"object","required":["sequence","domain"],"properties":{"sequence":{"type":"string"},"domain":{"type":"string"}}})";
constexpr auto exampleCommand = R"({"command":"33bb75db-6e13-48ee-8a54-b3976d3d065b"})";
constexpr auto exampleSequence = R"({"sequence":"bank/12345","domain":"bank"})";

constexpr std::array waitingEvents{commandDeferred,  commandParked,      commandReleased,    commandExpired,
                                   commandCancelled, deadLetterReplayed, deadLetterDiscarded};

DomainDescription describe()
{
    DomainDescription domain;
    domain.name = domainName;
    domain.eventsTopic = eventsTopic;
    const auto command = [&domain](std::string_view action, const char *title) {
        domain.commands.push_back({std::string(action), title, aboutCommand, "command", exampleCommand});
    };
    command(releaseCommand, "Decide a waiting command now");
    command(expireCommand, "Expire a waiting command");
    command(cancelCommand, "Cancel a waiting command");
    command(replayDeadLetter, "Try a parked command again");
    command(discardDeadLetter, "Give a parked command up");
    domain.commands.push_back(
        {std::string(resumeSequence), "Go on with a parked sequence", aboutSequence, "", exampleSequence});
    std::vector<std::string> events(waitingEvents.begin(), waitingEvents.end());
    for (const auto &event : events)
        domain.events.push_back({event, aboutCommand});
    domain.events.push_back({std::string(sequenceResumed), aboutSequence});
    for (const auto view : {waitingView, parkedView, deadLettersView})
        domain.views.push_back({.name = std::string(view), .path = "", .events = events});
    std::string text(logicVersion);
    for (const auto &one : domain.commands)
        text.append(";").append(one.action).append(one.schema);
    for (const auto &one : domain.events)
        text.append(";").append(one.action).append(one.schema);
    domain.hash = sha256(text);
    return domain;
}

Result<Decision> oneEvent(std::string_view action, std::string_view key, Json data)
{
    std::vector<EventDraft> events;
    events.push_back({std::string(action), std::string(key), std::move(data)});
    return events;
}

Rejection notWaiting(std::string_view command)
{
    Json details;
    details.set("command", Json(command));
    return {"not-waiting", "the command " + std::string(command) + " does not wait for anything", std::move(details)};
}

Result<Decision> leave(const Json &waiting, std::string_view event, DocumentSource &views)
{
    return oneEvent(event, waiting.stringAt("key"), leavingData(waiting, views));
}

Result<Decision> decideExpire(const Json &waiting, Timestamp now, DocumentSource &views)
{
    const auto expires = Timestamp::parse(waiting.stringAt("expires_at"));
    if (expires && now >= *expires)
        return leave(waiting, commandExpired, views);
    Json details;
    details.set("command", Json(waiting.stringAt("command")));
    details.set("expires_at", Json(waiting.stringAt("expires_at")));
    return Rejection{"not-expired", "its time is not over", std::move(details)};
}

/// Replays or discards the head of a parked sequence.
Result<Decision> decideDeadLetter(const Json &waiting, std::string_view event, DocumentSource &views)
{
    const auto *fault = waiting.find("fault");
    if (!fault) {
        Json details;
        details.set("command", Json(waiting.stringAt("command")));
        details.set("reason", Json(waiting.stringAt("reason")));
        return Rejection{"not-a-dead-letter", "the command waits, but has not faulted", std::move(details)};
    }
    auto data = leavingData(waiting, views);
    data.set("fault", *fault);
    return oneEvent(event, waiting.stringAt("key"), std::move(data));
}

Result<Decision> decideResume(const Json &data, DocumentSource &views)
{
    const auto *sequence = views.get(deadLettersView, data.stringAt("sequence"));
    if (!sequence || sequence->find("fault")) {
        Json details;
        details.set("sequence", Json(data.stringAt("sequence")));
        return Rejection{"nothing-to-resume", sequence ? "its first command has faulted" : "nothing is parked there",
                         std::move(details)};
    }
    return oneEvent(sequenceResumed, sequence->stringAt("key"), data);
}

class SystemDomain final : public Domain {
public:
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const std::string_view action = command.record.action;
        if (action == resumeSequence)
            return decideResume(command.data, views);
        // Whatever case the id was written in.
        const auto id = Uuid::parse(command.data.stringAt("command"));
        if (!id)
            return fail(id.error());
        const auto *waiting = views.get(waitingView, id->text());
        if (!waiting)
            return notWaiting(id->text());
        if (action == releaseCommand) {
            if (waiting->stringAt("reason") == reasonParked)
                return Rejection{"parked", "the command waits for its sequence; replay or discard the first of it", {}};
            return leave(*waiting, commandReleased, views);
        }
        if (action == expireCommand)
            return decideExpire(*waiting, context.now(), views);
        if (action == cancelCommand)
            return leave(*waiting, commandCancelled, views);
        return decideDeadLetter(*waiting, action == replayDeadLetter ? deadLetterReplayed : deadLetterDiscarded, views);
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        if (view.name == waitingView)
            foldWaiting(event, documents);
        else if (view.name == parkedView)
            foldParked(event, documents);
        else
            foldDeadLetters(event, documents);
        return {};
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }

private:
    const DomainDescription m_description = describe();
};

} // namespace

std::shared_ptr<const Domain> makeSystemDomain()
{
    return std::make_shared<const SystemDomain>();
}

} // namespace commander
