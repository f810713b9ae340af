// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"

#include <memory>
#include <mutex>
#include <utility>

namespace commander {

/// The domains that decide now. Whoever works with them takes the registry once for each piece of work and holds it:
/// entries point into it, and another one may take its place at any time. Thread-safe.
class DomainCatalog {
public:
    explicit DomainCatalog(std::shared_ptr<const DomainRegistry> domains) : m_current(std::move(domains)) { }
    DomainCatalog(const DomainCatalog &) = delete;
    DomainCatalog &operator=(const DomainCatalog &) = delete;

    [[nodiscard]] std::shared_ptr<const DomainRegistry> current() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_current;
    }
    void exchange(std::shared_ptr<const DomainRegistry> domains)
    {
        const std::scoped_lock lock(m_mutex);
        m_current.swap(domains); // the old one goes outside of the lock, with `domains`
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const DomainRegistry> m_current;
};

} // namespace commander
