// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/domain_checker.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

constexpr std::size_t knownMax = 4; ///< packages remembered

/// A file whose bytes a JSON text cannot hold could not be recorded.
std::vector<DomainProblem> unreadable(const std::vector<DomainFile> &files)
{
    std::vector<DomainProblem> problems;
    for (const auto &file : files) {
        std::string text;
        appendJsonString(text, file.bytes);
        if (!checkJson(text))
            problems.push_back({file.name, 0, 0, {}, "the file is not UTF-8", "Save it as UTF-8."});
    }
    return problems;
}

} // namespace

CheckedDomain DomainChecker::check(const std::vector<DomainFile> &files)
{
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &known : m_known) {
            if (known.files == files)
                return known.checked;
        }
    }
    CheckedDomain checked;
    checked.problems = unreadable(files);
    if (checked.problems.empty()) {
        auto loaded = load(files);
        checked.domain = std::move(loaded.domain);
        checked.problems = std::move(loaded.problems);
    }
    if (checked.problems.empty())
        checked.problems = m_loader->test(files);
    const std::scoped_lock lock(m_mutex);
    m_known.push_front({files, checked});
    if (m_known.size() > knownMax)
        m_known.pop_back();
    return checked;
}

LoadedDomain DomainChecker::load(const std::vector<DomainFile> &files)
{
    if (!m_loader)
        return {nullptr, {{{}, 0, 0, {}, "this program cannot load domains", "Use commander or commanderctl."}}};
    return m_loader->load(files);
}

std::vector<std::shared_ptr<const Domain>> withDomain(std::vector<std::shared_ptr<const Domain>> domains,
                                                      std::shared_ptr<const Domain> domain)
{
    const auto &name = domain->description().name;
    const auto same = std::find_if(domains.begin(), domains.end(),
                                   [&name](const auto &one) { return one->description().name == name; });
    if (same == domains.end())
        domains.push_back(std::move(domain));
    else
        *same = std::move(domain);
    return domains;
}

} // namespace commander
