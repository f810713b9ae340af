// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domains.h>

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace commander {

/// What loading and testing the files of a domain gave.
struct CheckedDomain {
    std::shared_ptr<const Domain> domain; ///< null when it cannot be loaded
    std::vector<DomainProblem> problems;  ///< empty: it may decide, as far as its files say
};

/// Loads and tests the files of domains, the same files once: whoever installs and the processor ask for the same.
/// Thread-safe.
class DomainChecker {
public:
    /// `loader` null: nothing can be loaded.
    explicit DomainChecker(const DomainLoader *loader) : m_loader(loader) { }
    [[nodiscard]] CheckedDomain check(const std::vector<DomainFile> &files);
    /// Only loads; what ran once need not show again that it works.
    [[nodiscard]] LoadedDomain load(const std::vector<DomainFile> &files);

private:
    struct Known {
        std::vector<DomainFile> files;
        CheckedDomain checked;
    };
    const DomainLoader *const m_loader;
    std::mutex m_mutex;
    std::deque<Known> m_known; ///< newest first; guarded by m_mutex
};

/// The list with this domain in the place of the one of the same name, or at the end.
[[nodiscard]] std::vector<std::shared_ptr<const Domain>> withDomain(std::vector<std::shared_ptr<const Domain>> domains,
                                                                    std::shared_ptr<const Domain> domain);

} // namespace commander
