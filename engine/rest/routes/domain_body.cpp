// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/domain_body.h"

#include "rest/json/object_writer.h"
#include "rest/problem.h"

namespace commander::rest {

namespace {

Error malformed(std::string pointer, std::string message)
{
    Error error;
    error.code = ErrorCode::SchemaInvalid;
    error.what = "the body holds no domain";
    error.where = pointer;
    error.details.push_back({std::move(pointer), std::move(message)});
    return error;
}

} // namespace

Result<std::vector<DomainFile>> readDomainBody(std::string_view json)
{
    const auto body = parseJson(json);
    if (!body)
        return fail(body.error());
    const auto *members = body->asObject();
    if (!members)
        return fail(malformed("", "Has to be an object with files."));
    for (const auto &[name, value] : *members) {
        if (name != "files")
            return fail(malformed('/' + escapePointerToken(name), "There is no such member: only files."));
    }
    const auto *files = body->find("files");
    if (!files || !files->asObject() || files->asObject()->empty())
        return fail(malformed("/files", "Has to be an object: the text of each file by its name."));
    std::vector<DomainFile> all;
    for (const auto &[name, text] : *files->asObject()) {
        if (!text.asString())
            return fail(malformed("/files/" + escapePointerToken(name), "Has to be the text of the file."));
        all.push_back({name, *text.asString()});
    }
    return all;
}

Result<LoadedDomain> loadDomainBody(const DomainLoader *loader, std::string_view json)
{
    const auto files = readDomainBody(json);
    if (!files)
        return fail(files.error());
    if (!loader)
        return fail(ErrorCode::Unsupported, "this server cannot load domains");
    return loader->load(*files);
}

void appendDomainProblems(std::string &out, std::span<const DomainProblem> problems)
{
    ArrayWriter items(out);
    for (const auto &problem : problems) {
        items.next();
        ObjectWriter item(out);
        item.text("file", problem.file);
        if (problem.line > 0)
            item.number("line", problem.line);
        if (problem.column > 0)
            item.number("column", problem.column);
        if (!problem.pointer.empty())
            item.text("pointer", problem.pointer);
        item.text("message", problem.message);
        if (!problem.remedy.empty())
            item.text("remedy", problem.remedy);
    }
}

Response domainProblemResponse(std::span<const DomainProblem> problems)
{
    Problem problem;
    problem.status = 422;
    problem.code = "domain-invalid";
    problem.detail = problems.empty() ? std::string() : problems.front().text();
    for (const auto &one : problems)
        problem.errors.push_back({one.pointer, one.text()});
    problem.members = "\"problems\":";
    appendDomainProblems(problem.members, problems);
    return problemResponse(problem);
}

} // namespace commander::rest
