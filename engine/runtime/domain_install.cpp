// SPDX-License-Identifier: GPL-3.0-or-later
// The way of an installation from whoever asks for it to the command, and back.
#include "runtime/domain_installer.h"

#include "system/system_words.h"

#include <commander/limits.h>

#include <algorithm>
#include <utility>

namespace commander {

namespace {

constexpr std::chrono::milliseconds lookInterval{100}; ///< whether whoever waits has given up

} // namespace

Error DomainInstaller::errorOf(const std::string &what, const std::vector<DomainProblem> &problems)
{
    const auto &first = problems.front();
    Error error{ErrorCode::InvalidArgument, what + ": " + first.text(), {}, {}, {}};
    if (problems.size() > 1)
        error.what += " (and " + std::to_string(problems.size() - 1) + " more)";
    for (const auto &problem : problems) {
        auto place = problem;
        place.message.clear();
        place.remedy.clear();
        error.details.push_back(
            {place.text(), problem.message + (problem.remedy.empty() ? "" : ". " + problem.remedy)});
    }
    return error;
}

Error DomainInstaller::refused(std::vector<DomainProblem> problems)
{
    auto error = errorOf("the domain is not installed", problems);
    note(std::move(problems));
    return error;
}

std::optional<InstalledDomain> DomainInstaller::runningAs(const Domain &domain) const
{
    const auto &wanted = domain.description();
    for (const auto &one : installed()) {
        if (one.runs && one.name == wanted.name && one.hash == wanted.hash)
            return one;
    }
    return {};
}

Result<std::shared_ptr<const Domain>> DomainInstaller::load(const std::vector<DomainFile> &files)
{
    if (!m_options.loader)
        return fail(ErrorCode::Unsupported, "this program loads no domains from files");
    auto loaded = m_checker.load(files);
    if (!loaded.domain)
        return fail(errorOf("the domain cannot be loaded", loaded.problems));
    return std::move(loaded.domain);
}

Result<InstalledDomain> DomainInstaller::install(const std::vector<DomainFile> &files, std::stop_token stop)
{
    if (m_options.readOnly)
        return fail(ErrorCode::LedgerReadOnly, "the workspace is open for reading only", {}, "Open it for writing.");
    const std::scoped_lock one(m_installing);
    // What already decides is not tried again on the past.
    if (auto checked = m_checker.check(files); checked.problems.empty()) {
        if (auto runs = runningAs(*checked.domain)) {
            note({});
            return std::move(*runs);
        }
    }
    auto checked = examine(files, stop);
    if (!checked)
        return fail(checked.error());
    if (!checked->problems.empty())
        return fail(refused(std::move(checked->problems)));
    return submit(*checked->domain, files, std::move(stop));
}

Result<void> DomainInstaller::gaveUp(const std::stop_token &stop) const
{
    if (auto ended = m_decidesNoMore())
        return fail(std::move(*ended));
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "stopped; what is on its way may still be installed");
    const std::scoped_lock lock(m_mutex);
    return m_closed ? fail(ErrorCode::ShuttingDown, "the engine is closing") : Result<void>();
}

Result<InstalledDomain> DomainInstaller::submit(const Domain &domain, const std::vector<DomainFile> &files,
                                                std::stop_token stop)
{
    const auto &description = domain.description();
    CommandDraft draft;
    draft.action = system::installDomain;
    draft.data = writeInstallation(description.name, description.version, description.hash, files);
    if (draft.data.size() > limits::payloadBytesMax) {
        DomainProblem problem;
        problem.message = "the domain with its tests takes " + std::to_string(draft.data.size())
            + " bytes in the ledger, and a record has at most " + std::to_string(limits::payloadBytesMax);
        problem.remedy = "Move large tests elsewhere.";
        auto error = refused({std::move(problem)});
        error.code = ErrorCode::LimitExceeded;
        return fail(std::move(error));
    }
    const auto receipt = m_commands->submitAndWait(std::move(draft));
    if (!receipt)
        return fail(receipt.error());
    const auto &id = receipt->command->id;
    RecordPtr record;
    while (!record) {
        if (auto gone = gaveUp(stop); !gone)
            return fail(gone.error());
        if (auto result = m_commands->waitForResult(id, lookInterval))
            record = std::move(*result);
    }
    const auto outcome = parseOutcome(record->data);
    if (!outcome)
        return fail(outcome.error());
    if (outcome->status != CommandStatus::Succeeded) {
        const auto details = parseJson(outcome->errorDetails);
        auto problems = details ? readProblems(*details) : std::vector<DomainProblem>();
        if (problems.empty())
            problems.push_back({{}, 0, 0, {}, outcome->errorMessage, {}});
        return fail(refused(std::move(problems)));
    }
    std::optional<InstalledDomain> installed;
    while (!installed) {
        if (auto gone = gaveUp(stop); !gone)
            return fail(gone.error());
        std::unique_lock lock(m_mutex);
        const auto find = [&] {
            const auto found
                = std::find_if(m_installed.begin(), m_installed.end(), [&](const auto &i) { return i.command == id; });
            if (found != m_installed.end())
                installed = *found;
            return installed.has_value();
        };
        m_changed.wait_for(lock, stop, lookInterval, [&] { return find() || m_closed; });
    }
    installed->runs = true;
    return std::move(*installed);
}

} // namespace commander
