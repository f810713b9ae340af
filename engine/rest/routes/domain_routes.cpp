// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/record_json.h"
#include "rest/routes/domain_body.h"
#include "rest/routes/record_queries.h"
#include "rest/routes/routes.h"
#include "system/install_domain.h"

#include <algorithm>

namespace commander::rest {

namespace {

Result<Response> domains(Engine &engine)
{
    Response response;
    ObjectWriter json(response.body);
    json.name("domains");
    {
        ArrayWriter items(response.body);
        for (const auto &domain : engine.commands().domains()) {
            items.next();
            appendDomain(response.body, domain);
        }
    }
    json.end();
    return response;
}

Result<Response> domain(Engine &engine, const CheckedRequest &request)
{
    const auto &name = request.params[0];
    const auto all = engine.commands().domains();
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const DomainDescription &one) { return one.name == name; });
    if (found == all.end())
        return fail(ErrorCode::NotFound, "no such domain in this workspace", name, "GET /domains lists them.");
    Response response;
    appendDomain(response.body, *found);
    applyEntityTag(response, request.head, toHex(found->hash));
    return response;
}

/// The files of the body as a domain of the name in the path. Nothing: the answer says what is wrong.
struct Candidate {
    std::vector<DomainFile> files;
    std::vector<DomainProblem> problems;
    std::shared_ptr<const Domain> domain;
};

Result<Candidate> candidateOf(const DomainLoader *loader, const CheckedRequest &request)
{
    Candidate candidate;
    auto files = readDomainBody(request.body);
    if (!files)
        return fail(files.error());
    candidate.files = std::move(*files);
    if (!loader)
        return fail(ErrorCode::Unsupported, "this server cannot load domains");
    auto loaded = loader->load(candidate.files);
    candidate.problems = std::move(loaded.problems);
    candidate.domain = std::move(loaded.domain);
    const auto &name = request.params[0];
    if (candidate.domain && candidate.domain->description().name != name) {
        candidate.problems.push_back(
            {"domain.json", 0, 0, "/name",
             "the domain is called " + candidate.domain->description().name + ", and the path says " + name,
             "Send it to its own path."});
    }
    return candidate;
}

void appendInstalled(std::string &out, const InstalledDomain &installed)
{
    ObjectWriter json(out);
    json.text("domain", installed.name);
    json.number("version", installed.version);
    json.plain("hash", toHex(installed.hash));
    json.number("position", installed.position.value);
    if (!installed.command.isNull())
        json.plain("command", installed.command.text());
}

/// 201: it decides from now on; 200: it did already, and nothing was recorded.
Result<Response> install(Engine &engine, const DomainLoader *loader, const CheckedRequest &request,
                         std::stop_token stop)
{
    const auto candidate = candidateOf(loader, request);
    if (!candidate)
        return fail(candidate.error());
    if (!candidate->problems.empty())
        return domainProblemResponse(candidate->problems);
    const auto decides = [&engine, &candidate] {
        const auto &wanted = candidate->domain->description();
        const auto all = engine.domains().installed();
        return std::any_of(all.begin(), all.end(), [&wanted](const InstalledDomain &one) {
            return one.runs && one.name == wanted.name && one.hash == wanted.hash;
        });
    };
    const bool already = decides();
    const auto installed = engine.domains().install(candidate->files, std::move(stop));
    if (!installed) {
        const auto problems = engine.domains().problems();
        if (installed.error().code == ErrorCode::InvalidArgument && !problems.empty())
            return domainProblemResponse(problems);
        return fail(installed.error());
    }
    Response response;
    response.status = already ? 200 : 201;
    appendInstalled(response.body, *installed);
    response.with("Location", "/domains/" + percentEncoded(installed->name));
    response.at(installed->position);
    return response;
}

Response passed(std::string_view word, const Candidate &candidate)
{
    const auto &description = candidate.domain->description();
    Response response;
    ObjectWriter json(response.body);
    json.flag(word, true);
    json.text("domain", description.name);
    json.number("version", description.version);
    json.plain("hash", toHex(description.hash));
    json.end();
    return response;
}

Result<Response> validate(Engine &, const DomainLoader *loader, const CheckedRequest &request, std::stop_token)
{
    const auto candidate = candidateOf(loader, request);
    if (!candidate)
        return fail(candidate.error());
    return candidate->problems.empty() ? passed("valid", *candidate) : domainProblemResponse(candidate->problems);
}

/// The files of the version that decides now, as its installation recorded them, tests included.
Result<std::vector<DomainFile>> installedFiles(Engine &engine, const std::string &name)
{
    const auto all = engine.domains().installed();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&name](const InstalledDomain &one) { return one.runs && one.name == name; });
    if (found == all.end())
        return fail(ErrorCode::NotFound, "no such domain in this workspace", name, "GET /domains lists them.");
    if (found->command.isNull()) {
        return fail(ErrorCode::Unsupported, "the domain came with the program, so that its tests are not here", name,
                    "Send the files of a domain in the body.");
    }
    const auto command = engine.ledger().find(found->command);
    return command ? readInstallation((*command)->data) : fail(command.error());
}

Result<Response> test(Engine &engine, const DomainLoader *loader, const CheckedRequest &request, std::stop_token)
{
    Candidate candidate;
    if (request.body.empty()) {
        if (!loader)
            return fail(ErrorCode::Unsupported, "this server cannot load domains");
        auto files = installedFiles(engine, request.params[0]);
        if (!files)
            return fail(files.error());
        candidate.files = std::move(*files);
        candidate.domain = loader->load(candidate.files).domain;
        if (!candidate.domain)
            return fail(ErrorCode::DomainFault, "the installed domain cannot be loaded", request.params[0]);
    } else {
        auto sent = candidateOf(loader, request);
        if (!sent)
            return fail(sent.error());
        candidate = std::move(*sent);
    }
    if (candidate.problems.empty())
        candidate.problems = loader->test(candidate.files);
    return candidate.problems.empty() ? passed("passed", candidate) : domainProblemResponse(candidate.problems);
}

} // namespace

void addDomainRoutes(Router &router, RestContext &context, const DomainLoader *loader)
{
    Route list;
    list.pattern = "/domains";
    list.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context](std::stop_token) { return domains(context.engine()); });
    };
    router.add(std::move(list));
    Route one;
    one.pattern = "/domains/{domain}";
    one.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request,
                     [&context, request](std::stop_token) { return domain(context.engine(), *request); });
    };
    router.add(std::move(one));

    using Act = Result<Response> (*)(Engine &, const DomainLoader *, const CheckedRequest &, std::stop_token);
    const auto add = [&](Method verb, std::string pattern, Act act, bool bodyOptional) {
        Route route;
        route.verb = verb;
        route.pattern = std::move(pattern);
        route.bodies = {"application/json"};
        route.bodyOptional = bodyOptional;
        route.run = [&context, loader, act](ExchangeId exchange, const RequestPtr &request) {
            context.operate(exchange, request, [&context, loader, act, request](std::stop_token stop) {
                return act(context.engine(), loader, *request, std::move(stop));
            });
        };
        router.add(std::move(route));
    };
    add(Method::Put, "/domains/{domain}", install, false);
    add(Method::Post, "/domains/{domain}/validate", validate, false);
    add(Method::Post, "/domains/{domain}/test", test, true);
}

} // namespace commander::rest
