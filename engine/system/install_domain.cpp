// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/install_domain.h"

#include "system/system_words.h"

#include <utility>

namespace commander {

namespace {

using namespace system;

/// Of the code below; raise it when the same command could be decided otherwise.
constexpr std::string_view logicVersion = "1";

constexpr auto commandSchema
    = R"({"type":"object","required":["name","files"],"additionalProperties":false,"properties":{)"
      R"("name":{"type":"string","minLength":1},"version":{"type":"integer"},"hash":{"type":"string"},)"
      R"("files":{"type":"array","minItems":1,"items":{"type":"object","required":["name","text"],)"
      R"("additionalProperties":false,"properties":{"name":{"type":"string"},"text":{"type":"string"}}}}}})";
constexpr auto eventSchema
    = R"({"type":"object","required":["name","version","hash"],"properties":{"name":{"type":"string"},)"
      R"("version":{"type":"integer"},"hash":{"type":"string"}}})";
constexpr auto example = R"({"name":"orders","files":[{"name":"domain.json","text":"{}"}]})";

DomainDescription describe()
{
    DomainDescription domain;
    domain.name = domainsName;
    domain.eventsTopic = domainsTopic;
    domain.commands.push_back(
        {std::string(installDomain), "Install a version of a domain", commandSchema, "name", example});
    domain.events.push_back({std::string(domainInstalled), eventSchema});
    domain.hash = sha256(std::string(logicVersion) + commandSchema + eventSchema);
    return domain;
}

Json number(std::uint64_t value)
{
    return Json(Json::Number{std::to_string(value)});
}

/// What a command says about its files besides them must be true of them.
std::vector<DomainProblem> contradictions(const Json &data, const PreparedInstallation &prepared)
{
    std::vector<DomainProblem> problems;
    const auto want = [&problems](const char *what, std::string_view said, const std::string &found) {
        if (said != found) {
            problems.push_back(
                {"domain.json",
                 0,
                 0,
                 {},
                 "the command says " + std::string(what) + ' ' + std::string(said) + ", the files say " + found,
                 {}});
        }
    };
    want("name", data.stringAt("name"), prepared.name);
    if (data.find("hash"))
        want("hash", data.stringAt("hash"), toHex(prepared.hash));
    if (const auto version = data.integerAt("version"))
        want("version", std::to_string(*version), std::to_string(prepared.version));
    return problems;
}

class InstallDomain final : public Domain {
public:
    explicit InstallDomain(const Installations &installations) : m_installations(installations) { }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &,
                                          HandlerContext &) const override
    {
        const auto prepared = m_installations.prepared(command.record.id);
        if (!prepared) {
            return Rejection{"not-now",
                             "a domain is installed by a command that is decided when it comes: without "
                             "not_before, and not as another command's follow-up",
                             {}};
        }
        auto problems = prepared->problems;
        if (problems.empty())
            problems = contradictions(command.data, *prepared);
        if (!problems.empty()) {
            auto message = problems.front().text();
            if (problems.size() > 1)
                message += " (and " + std::to_string(problems.size() - 1) + " more)";
            return Rejection{"domain-refused", std::move(message), writeProblems(problems)};
        }
        EventDraft event;
        event.action = domainInstalled;
        event.key = prepared->name;
        event.data.set("name", Json(prepared->name));
        event.data.set("version", number(prepared->version));
        event.data.set("hash", Json(toHex(prepared->hash)));
        return std::vector<EventDraft>{std::move(event)};
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &, DocumentFold &) const override
    {
        return {};
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }

private:
    const DomainDescription m_description = describe();
    const Installations &m_installations;
};

} // namespace

std::shared_ptr<const Domain> makeInstallDomain(const Installations &installations)
{
    return std::make_shared<const InstallDomain>(installations);
}

std::string writeInstallation(const std::string &name, std::uint32_t version, const Hash256 &hash,
                              const std::vector<DomainFile> &files)
{
    Json::Array texts;
    for (const auto &file : files) {
        auto one = Json::object();
        one.set("name", Json(file.name)).set("text", Json(file.bytes));
        texts.push_back(std::move(one));
    }
    auto data = Json::object();
    data.set("name", Json(name)).set("version", number(version)).set("hash", Json(toHex(hash)));
    data.set("files", Json(std::move(texts)));
    return writeJson(data);
}

Result<std::vector<DomainFile>> readInstallation(std::string_view data)
{
    const auto parsed = parseJson(data);
    if (!parsed)
        return fail(parsed.error());
    const auto *list = parsed->find("files");
    const auto *texts = list ? list->asArray() : nullptr;
    if (!texts)
        return fail(ErrorCode::InvalidArgument, "an installation without files");
    std::vector<DomainFile> files;
    for (const auto &one : *texts)
        files.push_back({std::string(one.stringAt("name")), std::string(one.stringAt("text"))});
    return files;
}

Json writeProblems(const std::vector<DomainProblem> &problems)
{
    Json::Array list;
    for (const auto &problem : problems) {
        auto one = Json::object();
        one.set("file", Json(problem.file)).set("line", number(problem.line)).set("column", number(problem.column));
        one.set("pointer", Json(problem.pointer)).set("message", Json(problem.message));
        one.set("remedy", Json(problem.remedy));
        list.push_back(std::move(one));
    }
    auto details = Json::object();
    details.set("problems", Json(std::move(list)));
    return details;
}

std::vector<DomainProblem> readProblems(const Json &details)
{
    std::vector<DomainProblem> problems;
    const auto *list = details.find("problems");
    const auto *all = list ? list->asArray() : nullptr;
    for (std::size_t i = 0; all && i < all->size(); ++i) {
        const auto &one = (*all)[i];
        const auto count
            = [&one](const char *name) { return static_cast<std::uint32_t>(one.integerAt(name).value_or(0)); };
        problems.push_back({std::string(one.stringAt("file")), count("line"), count("column"),
                            std::string(one.stringAt("pointer")), std::string(one.stringAt("message")),
                            std::string(one.stringAt("remedy"))});
    }
    return problems;
}

} // namespace commander
