// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/terminal.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace commander::ctl {

namespace {

/// The members of a JSON object that are named, in this order, exactly as they stand.
std::string chosen(const std::vector<JsonSlice> &members, std::initializer_list<const char *> names)
{
    std::string line;
    for (const auto *name : names) {
        const auto value = memberOf(members, name);
        if (!value.empty())
            line.append(line.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
    }
    return line + "}\n";
}

/// Each element of an array in the answer, as its own object.
Result<void> eachIn(const std::string &body, std::string_view member,
                    const std::function<void(std::string_view raw, const std::vector<JsonSlice> &members)> &show)
{
    const auto members = sliceJsonObject(body, answerLimits);
    if (!members)
        return fail(members.error());
    const auto items = sliceJsonArray(memberOf(*members, member), answerLimits);
    if (!items)
        return fail(items.error());
    for (const auto item : *items) {
        const auto parts = sliceJsonObject(item, answerLimits);
        if (!parts)
            return fail(parts.error());
        show(item, *parts);
    }
    return {};
}

int exitCodeOf(std::string_view verdict)
{
    if (verdict == "intact")
        return exitDone;
    if (verdict == "tampered")
        return exitFailed;
    return verdict == "truncated" ? exitTruncated : exitUnreadable;
}

std::string verdictText(const Json &report)
{
    const auto number = [&report](const char *name) { return std::to_string(report.integerAt(name).value_or(0)); };
    auto text = std::string(report.stringAt("verdict")) + ": " + number("records")
        + " records verified, up to position " + number("position") + "\nchain "
        + std::string(report.stringAt("chain"));
    if (report.find("firstBad"))
        text += "\nfirst bad record: position " + number("firstBad");
    if (report.find("problem"))
        text += "\n" + std::string(report.stringAt("problem"));
    return text;
}

Result<void> listViews(HttpClient &server)
{
    const auto answer = server.ask({.path = "/views"});
    if (!answer)
        return fail(answer.error());
    return eachIn(answer->body, "views", [](std::string_view, const std::vector<JsonSlice> &view) {
        print(chosen(view, {"view", "version", "domain", "position", "documents", "indexes", "error"}));
    });
}

Result<std::vector<std::string>> viewNames(HttpClient &server)
{
    const auto answer = server.ask({.path = "/views"});
    if (!answer)
        return fail(answer.error());
    std::vector<std::string> names;
    auto read = eachIn(answer->body, "views", [&names](std::string_view raw, const std::vector<JsonSlice> &) {
        if (const auto view = parseJson(raw, answerLimits))
            names.emplace_back(view->stringAt("view"));
    });
    std::sort(names.begin(), names.end());
    return read ? Result<std::vector<std::string>>(std::move(names)) : fail(read.error());
}

Result<void> listVersions(HttpClient &server, const QStringList &arguments)
{
    auto names = arguments.size() > 1
        ? Result<std::vector<std::string>>(std::vector<std::string>{arguments[1].toStdString()})
        : viewNames(server);
    if (!names)
        return fail(names.error());
    for (const auto &name : *names) {
        const auto answer = server.ask({.path = "/views/" + percentEncoded(name) + "/versions"});
        if (!answer)
            return fail(answer.error());
        auto shown = eachIn(answer->body, "versions", [](std::string_view, const std::vector<JsonSlice> &version) {
            print(chosen(version,
                         {"view", "version", "domain", "state", "decides", "position", "head", "documents", "error"}));
        });
        if (!shown)
            return shown;
    }
    return {};
}

Result<void> diff(HttpClient &server, const QCommandLineParser &parser, const QStringList &arguments)
{
    const auto path = "/views/" + percentEncoded(arguments[1].toStdString()) + "/versions/"
        + percentEncoded(arguments[2].toStdString()) + "/diff/" + percentEncoded(arguments[3].toStdString())
        + "?limit=1000" + queryOf(parser, QStringLiteral("at"), "at");
    std::string cursor;
    std::int64_t at = 0;
    std::vector<std::pair<const char *, std::int64_t>> sums{{"same", 0}, {"added", 0}, {"removed", 0}, {"changed", 0}};
    do {
        const auto answer = server.ask({.path = path + (cursor.empty() ? "" : "&cursor=" + percentEncoded(cursor))});
        if (!answer)
            return fail(answer.error());
        auto shown = eachIn(answer->body, "rows", [](std::string_view raw, const std::vector<JsonSlice> &) {
            print(std::string(raw) + "\n");
        });
        if (!shown)
            return shown;
        const auto page = parseJson(answer->body, answerLimits);
        if (!page)
            return fail(page.error());
        at = page->integerAt("at").value_or(0);
        for (auto &[name, sum] : sums)
            sum += page->integerAt(name).value_or(0);
        cursor = page->stringAt("cursor");
    } while (!cursor.empty());
    auto line = "{\"at\":" + std::to_string(at);
    for (const auto &[name, sum] : sums)
        line.append(",\"").append(name).append("\":").append(std::to_string(sum));
    print(line + "}\n");
    return {};
}

Result<void> serveVersion(HttpClient &server, const std::string &path, std::string_view ending)
{
    const auto answer = server.ask({.verb = "POST", .path = path});
    if (!answer)
        return fail(answer.error());
    const auto version = parseJson(answer->body, answerLimits);
    if (!version)
        return fail(version.error());
    print(std::string(version->stringAt("view")) + " is served by version " + std::string(version->stringAt("version"))
          + std::string(ending) + "\n");
    return {};
}

/// A short break between two looks at the server, which a signal ends.
void waitAMoment()
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stopSignal(), std::chrono::milliseconds(100), [] { return false; });
}

/// What is built again is only there once it has taken everything.
Result<std::string> waitUntilBuilt(HttpClient &server, const std::string &path)
{
    ProgressLine line("rebuilt");
    while (!stopSignal().stop_requested()) {
        const auto head = server.ask({.path = "/ledger/head"});
        const auto answer = head ? server.ask({.path = path}) : fail(head.error());
        if (!answer)
            return fail(answer.error());
        const auto consumer = parseJson(answer->body, answerLimits);
        if (!consumer)
            return fail(consumer.error());
        if (!consumer->stringAt("fault").empty())
            return fail(ErrorCode::DomainFault, std::string(consumer->stringAt("fault")), path);
        const auto rebuilt = consumer->integerAt("rebuilt");
        const auto at = static_cast<std::uint64_t>(rebuilt.value_or(consumer->integerAt("position").value_or(0)));
        if (!rebuilt && at >= head->position())
            return answer->body;
        line.show(at, head->position());
        waitAMoment();
    }
    return fail(ErrorCode::Cancelled, "stopped before it was built again", path);
}

} // namespace

Result<int> remoteVerify(const QCommandLineParser &parser)
{
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    auto answer = (*server)->ask({.verb = "POST", .path = "/ledger/verify"});
    ProgressLine line("verified");
    for (;;) {
        if (!answer)
            return fail(answer.error());
        const auto task = parseJson(answer->body, answerLimits);
        if (!task)
            return fail(task.error());
        if (const auto *report = task->find("report")) {
            print((parser.isSet(QStringLiteral("json")) ? writeJson(*report) : verdictText(*report)) + "\n");
            return exitCodeOf(report->stringAt("verdict"));
        }
        if (task->stringAt("state") != "running")
            return fail(ErrorCode::IoError, std::string(task->stringAt("error")));
        line.show(static_cast<std::uint64_t>(task->integerAt("done").value_or(0)),
                  static_cast<std::uint64_t>(task->integerAt("total").value_or(0)));
        answer = (*server)->ask({.path = answer->field("location"), .fields = {{"Prefer", "wait=1"}}});
    }
}

Result<int> remoteViews(const QCommandLineParser &parser, const QStringList &action)
{
    if (parser.isSet(QStringLiteral("beside"))) {
        return fail(ErrorCode::InvalidArgument, "--url and --beside exclude each other", {},
                    "Send the domain to /views/{view}/versions.");
    }
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    const auto versions = [&action] { return "/views/" + percentEncoded(action[1].toStdString()) + "/versions/"; };
    Result<void> done;
    if (action[0] == u"list")
        done = listViews(**server);
    else if (action[0] == u"versions")
        done = listVersions(**server, action);
    else if (action[0] == u"diff")
        done = diff(**server, parser, action);
    else if (action[0] == u"promote")
        done = serveVersion(**server, versions() + percentEncoded(action[2].toStdString()) + "/promote", "");
    else
        done = serveVersion(**server, versions() + "rollback", " again");
    return done ? Result<int>(exitDone) : fail(done.error());
}

Result<int> remoteConsumers(const QCommandLineParser &parser, const QStringList &action)
{
    if (parser.isSet(QStringLiteral("actor"))) {
        return fail(ErrorCode::InvalidArgument, "--url and --actor exclude each other", {},
                    "The server knows by the token who it is.");
    }
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    if (action.size() < 2) {
        const auto answer = (*server)->ask({.path = "/consumers"});
        auto shown = answer
            ? eachIn(answer->body, "consumers",
                     [](std::string_view raw, const std::vector<JsonSlice> &) { print(std::string(raw) + "\n"); })
            : fail(answer.error());
        return shown ? Result<int>(exitDone) : fail(shown.error());
    }
    const auto path = "/consumers/" + percentEncoded(action[1].toStdString());
    std::string body = "{}";
    if (parser.isSet(QStringLiteral("reason"))) {
        body = "{\"reason\":";
        appendJsonString(body, parser.value(QStringLiteral("reason")).toStdString());
        body += '}';
    }
    const auto answer
        = (*server)->ask({.verb = "POST", .path = path + '/' + action[0].toStdString(), .body = std::move(body)});
    if (!answer)
        return fail(answer.error());
    const auto status = action[0] == u"reset" ? waitUntilBuilt(**server, path) : Result<std::string>(answer->body);
    if (!status)
        return fail(status.error());
    print(*status + "\n");
    return exitDone;
}

} // namespace commander::ctl
