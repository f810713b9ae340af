// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/terminal.h"

#include <commander/commands.h>

#include <algorithm>

namespace commander::ctl {

namespace {

constexpr unsigned waitSecondsMax = 60; ///< of one request

/// Whoever has the token sends it, so there is nothing to choose.
Result<void> refuseActor(const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("actor")))
        return {};
    return fail(ErrorCode::InvalidArgument, "--url and --actor exclude each other", {},
                "The server knows who sends a command by the token.");
}

/// A member of the body, already with its comma. Numbers stand as such, words as texts.
std::string expectedMember(const std::string &expected)
{
    if (expected.empty())
        return {};
    const bool isNumber = expected.find_first_not_of("0123456789") == std::string::npos;
    return ",\"expectedRevision\":" + (isNumber ? expected : '"' + expected + '"');
}

/// The data is part of a larger text: it has to be one JSON value by itself.
Result<std::string> commandBody(const QCommandLineParser &parser, const std::string &action, const std::string &data,
                                const std::string &expected)
{
    if (const auto valid = checkJson(data); !valid)
        return fail(valid.error());
    std::string body = "{\"action\":";
    appendJsonString(body, action);
    body.append(",\"data\":").append(data);
    if (parser.isSet(QStringLiteral("id"))) {
        body += ",\"id\":";
        appendJsonString(body, parser.value(QStringLiteral("id")).toStdString());
    }
    return body + expectedMember(expected) + "}";
}

/// Prints the command, waits for its result and prints that.
Result<int> follow(HttpClient &server, const HttpAnswer &sent, unsigned waitSeconds)
{
    const auto command = parseJson(sent.body, answerLimits);
    if (!command)
        return fail(command.error());
    const auto line = recordAt(server, static_cast<std::uint64_t>(command->integerAt("position").value_or(0)));
    if (!line)
        return fail(line.error());
    print(*line + "\n");
    for (auto left = waitSeconds; left > 0;) {
        const auto wait = std::min(left, waitSecondsMax);
        left -= wait;
        const auto result = server.ask({.path = "/commands/" + std::string(command->stringAt("id")) + "/result",
                                        .fields = {{"Prefer", "wait=" + std::to_string(wait)}}});
        if (!result)
            return fail(result.error());
        if (result->status == 202)
            continue;
        const auto record = recordAt(server, result->position());
        if (!record)
            return fail(record.error());
        print(*record + "\n");
        const auto json = parseJson(result->body, answerLimits);
        return json && json->stringAt("status") == commandStatusName(CommandStatus::Succeeded) ? exitDone : exitFailed;
    }
    if (waitSeconds > 0)
        return fail(ErrorCode::TimedOut, "the command has no result yet", std::string(command->stringAt("id")));
    return exitDone;
}

} // namespace

Result<int> remoteSubmit(const QCommandLineParser &parser, const std::string &action, const std::string &data,
                         const std::string &expected, unsigned waitSeconds)
{
    if (auto refused = refuseActor(parser); !refused)
        return fail(refused.error());
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    auto body = commandBody(parser, action, data, expected);
    if (!body)
        return fail(body.error());
    const auto sent = (*server)->ask({.verb = "POST", .path = "/commands", .body = std::move(*body)});
    return sent ? follow(**server, *sent, waitSeconds) : fail(sent.error());
}

Result<int> remoteRetry(const QCommandLineParser &parser, const std::string &command, const std::string &expected,
                        unsigned waitSeconds)
{
    if (auto refused = refuseActor(parser); !refused)
        return fail(refused.error());
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    HttpRequest request{.verb = "POST", .path = "/commands/" + percentEncoded(command) + "/retry"};
    request.body = std::string("{\"force\":") + (parser.isSet(QStringLiteral("force")) ? "true" : "false")
        + expectedMember(expected) + "}";
    if (parser.isSet(QStringLiteral("id")))
        request.fields.emplace_back("Idempotency-Key", parser.value(QStringLiteral("id")).toStdString());
    const auto sent = (*server)->ask(request);
    return sent ? follow(**server, *sent, waitSeconds) : fail(sent.error());
}

Result<int> remotePreview(const QCommandLineParser &parser, const std::string &action, const std::string &data)
{
    if (auto refused = refuseActor(parser); !refused)
        return fail(refused.error());
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    auto body = commandBody(parser, action, data, {});
    if (!body)
        return fail(body.error());
    const auto at = queryOf(parser, QStringLiteral("at"), "at");
    const auto answer = (*server)->ask(
        {.verb = "POST", .path = "/commands/preview" + (at.empty() ? at : '?' + at), .body = std::move(*body)});
    if (!answer)
        return fail(answer.error());
    print(answer->body + "\n");
    const auto preview = parseJson(answer->body, answerLimits);
    if (!preview)
        return fail(preview.error());
    const auto *status = resolvePointer(*preview, "/commands/0/status");
    const bool succeeds
        = status && status->asString() && *status->asString() == commandStatusName(CommandStatus::Succeeded);
    return succeeds ? exitDone : exitFailed;
}

} // namespace commander::ctl
