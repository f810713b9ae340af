// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/view_version_keeper.h"

#include <commander/domains.h>

#include <functional>
#include <stop_token>
#include <vector>

namespace commander {

[[nodiscard]] std::vector<FoldBinding> foldsOf(const std::shared_ptr<const Domain> &domain);

/// Brings the views of a domain's version to where they can decide, beside those that do. Thread-safe.
class DomainViews {
public:
    DomainViews(Ledger &ledger, ViewVersionKeeper &keeper) : m_ledger(ledger), m_keeper(keeper) { }

    /// Folds the past, to where the ledger ends now. Problems: a fold that cannot take an event of the past; what was
    /// begun for it is discarded. Errors Cancelled (`gaveUp` said so) and those of ViewVersions::start().
    [[nodiscard]] Result<std::vector<DomainProblem>> build(const std::shared_ptr<const Domain> &domain,
                                                           const std::function<bool()> &gaveUp);
    /// From now on the views of these domains decide and serve, all at once; `retired` do not any more.
    [[nodiscard]] Result<void> decideWith(const std::vector<std::shared_ptr<const Domain>> &domains,
                                          const std::vector<std::string> &retired);

private:
    [[nodiscard]] std::string problemOf(const ViewVersionId &id);

    Ledger &m_ledger;
    ViewVersionKeeper &m_keeper;
};

} // namespace commander
