// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/experiment_json.h>

#include <condition_variable>
#include <mutex>
#include <optional>

namespace commander::ctl {

namespace {

constexpr std::chrono::milliseconds lookEvery{200};

Result<std::optional<std::uint64_t>> numberOption(const QCommandLineParser &parser, const QString &name)
{
    if (!parser.isSet(name))
        return std::optional<std::uint64_t>();
    bool isNumber = false;
    const auto number = parser.value(name).toULongLong(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, "--" + name.toStdString() + " takes a number");
    return std::optional<std::uint64_t>(number);
}

std::string summary(const ShadowStatus &status)
{
    Json::Array faults;
    for (const auto &fault : status.viewFaults)
        faults.emplace_back(fault);
    return R"({"compareFrom":)" + std::to_string(status.compareFrom.value) + R"(,"position":)"
        + std::to_string(status.position.value) + R"(,"comparison":)" + comparisonJson(status.comparison)
        + R"(,"commandsPerSecond":)" + std::to_string(static_cast<std::uint64_t>(status.commandsPerSecond))
        + R"(,"viewFaults":)" + writeJson(Json(std::move(faults))) + "}\n";
}

/// Differences as they are found; whether the end was wanted.
Result<void> follow(const ShadowRun &shadow, std::optional<std::uint64_t> seconds,
                    std::optional<std::uint64_t> commands)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds.value_or(0));
    std::size_t shown = 0;
    for (;;) {
        const auto status = shadow.status();
        for (; shown < status.comparison.examples.size(); ++shown)
            print(differenceJson(status.comparison.examples[shown]) + "\n");
        if (!status.fault.empty())
            return fail(ErrorCode::DomainFault, "the shadow stopped: " + status.fault);
        const bool over = stopSignal().stop_requested() || (seconds && std::chrono::steady_clock::now() >= end)
            || (commands && status.comparison.commands >= *commands);
        if (over)
            return {};
        never.wait_for(lock, stopSignal(), lookEvery, [] { return false; });
    }
}

Result<int> shadow(const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("domain")))
        return fail(ErrorCode::InvalidArgument, "no candidate named", {}, "Add --domain DIR.");
    const auto seconds = numberOption(parser, QStringLiteral("for"));
    const auto commands = numberOption(parser, QStringLiteral("commands"));
    const auto limit = numberOption(parser, QStringLiteral("limit"));
    for (const auto *const number : {&seconds, &commands, &limit}) {
        if (!*number)
            return fail(number->error());
    }
    ShadowRequest request;
    request.name = parser.value(QStringLiteral("domain")).toStdString();
    if (parser.isSet(QStringLiteral("from"))) {
        const auto from = positionOption(parser, QStringLiteral("from"));
        if (!from)
            return fail(from.error());
        request.from = *from;
    }
    for (const auto &pointer : parser.values(QStringLiteral("ignore")))
        request.rules.ignore.push_back(pointer.toStdString());
    request.rules.examplesMax = limit->value_or(request.rules.examplesMax);
    auto engine = openWorkspace(parser, true);
    if (!engine)
        return fail(engine.error());
    auto domains = candidateDomains(**engine, parser);
    if (!domains)
        return fail(domains.error());
    request.domains = std::move(*domains);
    const auto run = (*engine)->experiments().shadow(std::move(request));
    if (!run)
        return fail(run.error());
    if (auto followed = follow(**run, *seconds, *commands); !followed)
        return fail(followed.error());
    (*run)->stop();
    const auto status = (*run)->status();
    print(summary(status));
    return status.comparison.different() == 0 ? exitDone : exitFailed;
}

} // namespace

int runShadow(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Decides live commands a second time, with the domains of folders, and compares with what is recorded: a line "
        "of JSON for each of the first differences as it is found, at the end one with the counts. Records nothing and "
        "works beside a running server, which never waits for it. Ends with SIGINT, SIGTERM, --for or --commands. Exit "
        "code 0: no difference."));
    addWorkspaceOptions(parser);
    parser.addOption({QStringLiteral("from"),
                      QStringLiteral("Also commands decided after this position, not only new ones."),
                      QStringLiteral("N")});
    parser.addOption({QStringLiteral("for"), QStringLiteral("End after so many seconds."), QStringLiteral("SECONDS")});
    parser.addOption(
        {QStringLiteral("commands"), QStringLiteral("End once so many commands were compared."), QStringLiteral("N")});
    parser.addOption({QStringLiteral("ignore"),
                      QStringLiteral("A JSON pointer into the events' data that is no difference (repeatable)."),
                      QStringLiteral("POINTER")});
    parser.addOption({QStringLiteral("limit"), QStringLiteral("Print at most so many differences; 20 without."),
                      QStringLiteral("N")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto code = shadow(parser);
    return code ? *code : report(code.error());
}

} // namespace commander::ctl
