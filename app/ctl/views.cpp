// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"
#include "trust.h"

#include "workspace.h"

#include <commander/json.h>
#include <commander/limits.h>
#include <commander/script_domain.h>

#include <algorithm>

namespace commander::ctl {

namespace {

std::string text(const QString &argument)
{
    return argument.toStdString();
}

Json json(std::uint64_t number)
{
    return Json(Json::Number{std::to_string(number)});
}

void printLine(const Json &value)
{
    print(writeJson(value) + "\n");
}

/// The version that a label, or a number that only one version has, means.
Result<ViewVersionId> findVersion(Engine &engine, const std::string &view, const std::string &label)
{
    std::optional<ViewVersionId> found;
    std::string all;
    for (const auto &version : engine.viewVersions().list()) {
        if (version.id.view != view)
            continue;
        all += (all.empty() ? "" : ", ") + version.id.label();
        if (version.id.label() != label && std::to_string(version.id.version) != label)
            continue;
        if (found)
            return fail(ErrorCode::InvalidArgument, "more than one version has this number", view + ' ' + label,
                        "Name one of " + all + '.');
        found = version.id;
    }
    if (!found)
        return fail(ErrorCode::NotFound, "no such version", view + ' ' + label,
                    all.empty() ? "There is no such view." : "There are " + all + '.');
    return *found;
}

Result<void> listViews(Engine &engine, const QStringList &)
{
    for (const auto &view : engine.views().views()) {
        auto line = Json::object();
        line.set("view", Json(view.name)).set("version", json(view.version)).set("domain", Json(view.domain));
        line.set("position", json(view.position.value)).set("documents", json(view.documents));
        Json::Array indexes;
        for (const auto &pointer : view.indexes)
            indexes.emplace_back(pointer);
        line.set("indexes", Json(std::move(indexes)));
        if (!view.error.empty())
            line.set("error", Json(view.error));
        printLine(line);
    }
    return {};
}

Result<void> listVersions(Engine &engine, const QStringList &arguments)
{
    for (const auto &version : engine.viewVersions().list()) {
        if (arguments.size() > 1 && version.id.view != text(arguments[1]))
            continue;
        auto line = Json::object();
        line.set("view", Json(version.id.view)).set("version", Json(version.id.label()));
        line.set("domain", Json(version.domain)).set("state", Json(viewVersionStateName(version.state)));
        line.set("decides", Json(version.decides)).set("position", json(version.position.value));
        line.set("head", json(version.head.value)).set("documents", json(version.documents));
        if (!version.error.empty())
            line.set("error", Json(version.error));
        printLine(line);
    }
    return {};
}

Json rowJson(const VersionRow &row)
{
    auto line = Json::object();
    line.set("key", Json(row.key));
    line.set("kind",
             Json(row.kind == VersionRow::Kind::Added         ? "added"
                      : row.kind == VersionRow::Kind::Removed ? "removed"
                                                              : "changed"));
    Json::Array fields;
    for (const auto &field : row.fields) {
        auto change = Json::object();
        change.set("pointer", Json(field.pointer));
        for (const auto &[name, value] : {std::pair{"before", field.before}, {"after", field.after}}) {
            if (const auto parsed = value ? parseJson(*value) : Result<Json>(); value && parsed)
                change.set(name, *parsed);
        }
        fields.push_back(std::move(change));
    }
    line.set("fields", Json(std::move(fields)));
    return line;
}

Result<void> diff(Engine &engine, const QStringList &arguments, std::optional<Position> at)
{
    const auto from = findVersion(engine, text(arguments[1]), text(arguments[2]));
    if (!from)
        return fail(from.error());
    const auto to = findVersion(engine, text(arguments[1]), text(arguments[3]));
    if (!to)
        return fail(to.error());
    VersionDiffRequest request{*from, *to, at, {}, limits::pageRowsMax};
    VersionDiffPage sum;
    do {
        const auto page = engine.viewVersions().diff(request, stopSignal());
        if (!page)
            return fail(page.error());
        for (const auto &row : page->rows)
            printLine(rowJson(row));
        sum.same += page->same;
        sum.added += page->added;
        sum.removed += page->removed;
        sum.changed += page->changed;
        request.at = sum.at = page->at;
        request.afterKey = page->nextKey;
    } while (request.afterKey);
    auto line = Json::object();
    line.set("at", json(sum.at.value)).set("same", json(sum.same)).set("added", json(sum.added));
    line.set("removed", json(sum.removed)).set("changed", json(sum.changed));
    printLine(line);
    return {};
}

Result<void> promote(Engine &engine, const QStringList &arguments)
{
    const auto id = findVersion(engine, text(arguments[1]), text(arguments[2]));
    if (!id)
        return fail(id.error());
    if (auto promoted = engine.viewVersions().promote({*id}); !promoted)
        return promoted;
    print(id->view + " is served by version " + id->label() + "\n");
    return {};
}

Result<void> rollback(Engine &engine, const QStringList &arguments)
{
    const auto id = engine.viewVersions().rollback(text(arguments[1]));
    if (!id)
        return fail(id.error());
    print(id->view + " is served by version " + id->label() + " again\n");
    return {};
}

/// Versions that are named on the command line are built first; the next call goes on where this one was stopped.
Result<void> waitUntilBuilt(Engine &engine)
{
    ProgressLine line("built");
    for (;;) {
        const auto versions = engine.viewVersions().list();
        const auto building = std::find_if(versions.begin(), versions.end(), [](const auto &version) {
            return version.state == ViewVersionState::Building;
        });
        if (building == versions.end())
            return {};
        if (stopSignal().stop_requested())
            return fail(ErrorCode::Cancelled, "stopped", building->id.view + ' ' + building->id.label());
        line.show(building->position.value, building->head.value);
        const auto reader = engine.viewVersions().reader(building->id);
        if (!reader)
            return fail(reader.error());
        (void)(*reader)->waitFor(building->head, std::chrono::milliseconds(200)); // looked at again either way
    }
}

struct Action {
    const char *name;
    qsizetype argumentsMin; ///< with its own name
    qsizetype argumentsMax;
    bool writes;
};
constexpr Action actions[] = {
    {"list", 1, 1, false},   {"versions", 1, 2, false}, {"diff", 4, 4, false},
    {"promote", 3, 3, true}, {"rollback", 2, 2, true},
};

Result<void> run(const Action &action, const QCommandLineParser &parser, const QStringList &arguments)
{
    std::optional<Position> at;
    if (parser.isSet(QStringLiteral("at"))) {
        bool ok = false;
        at = Position{parser.value(QStringLiteral("at")).toULongLong(&ok)};
        if (!ok)
            return fail(ErrorCode::InvalidArgument, "--at takes a position");
    }
    auto options = workspaceOf(parser, !action.writes);
    if (!options)
        return fail(options.error());
    for (const auto &folder : parser.values(QStringLiteral("beside"))) {
        const auto domain = loadDomainFolder(folder.toStdString(), scriptOptions());
        if (!domain)
            return fail(domain.error());
        for (const auto &view : (*domain)->description().views)
            options->folds.push_back({*domain, view});
    }
    auto engine = Engine::open(std::move(*options));
    if (!engine)
        return fail(engine.error());
    waitUntilCaughtUp(**engine);
    if (auto built = waitUntilBuilt(**engine); !built)
        return built;
    const std::string_view name = action.name;
    if (name == "list")
        return listViews(**engine, arguments);
    if (name == "versions")
        return listVersions(**engine, arguments);
    if (name == "diff")
        return diff(**engine, arguments, at);
    return name == "promote" ? promote(**engine, arguments) : rollback(**engine, arguments);
}

} // namespace

int runViews(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "list: the views and where they stand (also without an action). versions [VIEW]: every version that there is.\n"
        "diff VIEW FROM TO: the documents that two versions hold differently, at one position.\n"
        "promote VIEW VERSION: lets a version serve. rollback VIEW: lets the one before serve again.\n"
        "All but promote and rollback only read and work beside a running server. Prints JSON lines."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    parser.addPositionalArgument(QStringLiteral("ACTION"),
                                 QStringLiteral("list, versions, diff, promote or rollback, with its arguments."),
                                 QStringLiteral("[ACTION ...]"));
    parser.addOption({QStringLiteral("beside"),
                      QStringLiteral("A domain folder: its views are further versions, built beside those that serve."),
                      QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("at"), QStringLiteral("diff: compare at this position."), QStringLiteral("N")});
    if (const auto code = parse(parser, arguments))
        return *code;
    auto given = parser.positionalArguments();
    if (given.isEmpty())
        given << QStringLiteral("list");
    for (const auto &action : actions) {
        if (given.first() != QLatin1String(action.name))
            continue;
        if (given.size() < action.argumentsMin || given.size() > action.argumentsMax)
            break;
        if (isRemote(parser)) {
            const auto code = remoteViews(parser, given);
            return code ? *code : report(code.error());
        }
        const auto done = run(action, parser, given);
        return done ? exitDone : report(done.error());
    }
    printError("wrong arguments: " + given.join(u' ').toStdString() + " (see --help)");
    return exitUsage;
}

} // namespace commander::ctl
