// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/helper_scripts.h"
#include "script/helper_service.h"
#include "script/module_scan.h"
#include "script/thread_hosts.h"

#include <algorithm>
#include <QCoreApplication>

namespace commander {

using namespace script;

namespace {

/// A domain from a folder. What is declared runs here, what is scripted where its executor has it run.
class FolderDomain final : public Domain {
public:
    FolderDomain(std::shared_ptr<const DomainCode> code, std::unique_ptr<ScriptExecutor> scripts)
        : m_code(std::move(code)), m_description(m_code->manifest.describe(m_code->folder.hash)),
          m_scripts(std::move(scripts))
    {
    }

    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const auto &commands = m_code->manifest.commands;
        const auto found = std::find_if(commands.begin(), commands.end(),
                                        [&](const auto &entry) { return entry.spec.action == command.record.action; });
        if (found != commands.end() && found->declared) {
            const auto keyOf
                = [this](const std::string &action, const Json &data) { return m_code->manifest.keyOf(action, data); };
            return named(found->declared->decide(command, views, context, keyOf), "handler", command);
        }
        return m_scripts ? m_scripts->decide(command, views, context) : noScripts<Decision>();
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto &views = m_code->manifest.views;
        const auto found
            = std::find_if(views.begin(), views.end(), [&](const auto &entry) { return entry.spec.name == view.name; });
        if (found != views.end() && found->declared)
            return named(found->declared->fold(event, documents), "fold", event);
        return m_scripts ? m_scripts->fold(view.name, event, documents) : noScripts<void>();
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                             HandlerContext &context) const override
    {
        std::vector<FollowUpCommand> out;
        for (const auto &reaction : m_code->manifest.reactions) {
            const auto &events = reaction.events;
            if (std::find(events.begin(), events.end(), event.record.action) == events.end())
                continue;
            auto commands = m_scripts ? m_scripts->react(reaction.name, event, views, context)
                                      : noScripts<std::vector<FollowUpCommand>>();
            if (!commands)
                return commands;
            std::move(commands->begin(), commands->end(), std::back_inserter(out));
        }
        return out;
    }

    [[nodiscard]] Result<Json> upcast(const ParsedRecord &event, std::uint32_t from) const override
    {
        const auto *entry = m_code->manifest.findUpcast(event.record.action);
        if (!entry || from >= entry->spec.version)
            return Domain::upcast(event, from);
        if (!entry->isScriptedFrom(from))
            return named(entry->upcast->rewrite(std::to_string(from), event), "upcaster", event);
        return m_scripts ? m_scripts->upcast(event, from) : noScripts<Json>();
    }

private:
    template <class T> [[nodiscard]] Result<T> noScripts() const
    {
        return fail(ErrorCode::DomainFault, "the domain " + m_description.name + " has no scripts");
    }

    template <class T> Result<T> named(Result<T> result, const std::string &part, const ParsedRecord &record) const
    {
        if (!result && result.error().where.find("domain ") == std::string::npos)
            result.error().where = "the declared " + part + " of " + record.record.action + " in the domain "
                + m_description.name + (result.error().where.empty() ? "" : ", " + result.error().where);
        return result;
    }

    const std::shared_ptr<const DomainCode> m_code;
    const DomainDescription m_description;
    const std::unique_ptr<ScriptExecutor> m_scripts; ///< null: nothing is scripted
};

struct Loading {
    std::shared_ptr<const DomainCode> code;
    std::unique_ptr<ScriptExecutor> scripts; ///< null: nothing is scripted
    std::vector<DomainProblem> problems;
};

/// Where the scripts run: apart, unless somebody vouches for them. Null when they cannot be loaded.
std::unique_ptr<ScriptExecutor> executorOf(const std::shared_ptr<const DomainCode> &code,
                                           std::vector<DomainProblem> &problems)
{
    const auto &options = code->options;
    if (!options.helper.empty() && !(options.trusts && options.trusts(code->folder.hash)))
        return HelperScripts::create(code, problems);
    auto first = ScriptHost::create(*code, problems);
    return first ? std::make_unique<ThreadHosts>(code, std::move(first)) : nullptr;
}

Result<Loading> load(Result<DomainFolder> folder, const ScriptOptions &options)
{
    if (!folder)
        return fail(folder.error());
    const auto path = folder->path;
    Loading out;
    auto manifest = readManifest(*folder, out.problems);
    for (const auto &file : folder->files) {
        if (!isScript(file.name))
            continue;
        auto problems = scanModule(file, *folder);
        std::move(problems.begin(), problems.end(), std::back_inserter(out.problems));
    }
    // A module that imports what it must not never runs; one beside a wrong domain.json is still tried.
    const bool runs = !manifest.module.empty()
        && std::none_of(out.problems.begin(), out.problems.end(), [](const auto &p) { return isScript(p.file); });
    if (runs && !qApp)
        return fail(ErrorCode::Unsupported, "scripts need a QCoreApplication", path);
    out.code = std::make_shared<const DomainCode>(std::move(*folder), std::move(manifest), options);
    if (runs && !out.code->bundle.registered())
        return fail(ErrorCode::Internal, "the modules cannot be handed to the script engine", path);
    if (runs)
        out.scripts = executorOf(out.code, out.problems);
    return out;
}

/// Of the folder as a whole.
DomainProblem problemOf(const Error &error)
{
    return {{}, 0, 0, {}, error.what + (error.where.empty() ? "" : " (" + error.where + ")"), error.remedy};
}

Error errorOf(const std::string &path, const std::vector<DomainProblem> &problems)
{
    const auto &first = problems.front();
    Error error{ErrorCode::InvalidArgument, first.message, {}, first.remedy, {}};
    auto place = first;
    place.message.clear();
    place.remedy.clear();
    error.where = path + (path.ends_with('/') ? "" : "/") + place.text();
    if (problems.size() > 1)
        error.what += " (and " + std::to_string(problems.size() - 1) + " more)";
    for (const auto &problem : problems) {
        place = problem;
        place.message.clear();
        place.remedy.clear();
        error.details.push_back(
            {place.text(), problem.message + (problem.remedy.empty() ? "" : ". " + problem.remedy)});
    }
    return error;
}

} // namespace

Result<std::shared_ptr<const Domain>> loadDomainFolder(const std::string &path, const ScriptOptions &options)
{
    auto loading = load(readDomainFolder(path), options);
    if (!loading)
        return fail(loading.error());
    if (!loading->problems.empty())
        return fail(errorOf(path, loading->problems));
    return std::make_shared<const FolderDomain>(std::move(loading->code), std::move(loading->scripts));
}

LoadedDomain loadDomainFiles(const std::vector<DomainFile> &files, const ScriptOptions &options)
{
    auto loading = load(domainFolderOf(files), options);
    if (!loading)
        return {nullptr, {problemOf(loading.error())}};
    if (!loading->problems.empty())
        return {nullptr, std::move(loading->problems)};
    return {std::make_shared<const FolderDomain>(std::move(loading->code), std::move(loading->scripts)), {}};
}

int runScriptHelper(int socket)
{
    return serveScripts(socket);
}

Result<std::vector<DomainFile>> readDomainFiles(const std::string &path)
{
    auto folder = readDomainFolder(path);
    if (!folder)
        return fail(folder.error());
    auto tests = readTestFiles(path);
    if (!tests)
        return fail(tests.error());
    auto files = std::move(folder->files);
    std::move(tests->begin(), tests->end(), std::back_inserter(files));
    return files;
}

Result<Hash256> domainHash(const std::vector<DomainFile> &files)
{
    const auto folder = domainFolderOf(files);
    return folder ? Result<Hash256>(folder->hash) : fail(folder.error());
}

std::vector<DomainProblem> checkDomainFolder(const std::string &path, const ScriptOptions &options)
{
    auto loading = load(readDomainFolder(path), options);
    if (loading)
        return std::move(loading->problems);
    return {problemOf(loading.error())};
}

} // namespace commander
