// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/view_shelf.h"

#include <commander/view_versions.h>

#include <span>
#include <vector>

namespace commander {

/// Changes which versions there are and which of them serve. Every change is written down first, in one durable
/// transaction, and then shown, as one table.
class ViewVersionKeeper final : public ViewVersions {
public:
    /// `versionsKept`: of each view, so many that served before are kept for rollback.
    ViewVersionKeeper(ViewShelf &shelf, std::size_t versionsKept) : m_shelf(shelf), m_versionsKept(versionsKept) { }

    [[nodiscard]] std::vector<ViewVersionStatus> list() override;
    [[nodiscard]] Result<ViewVersionId> start(FoldBinding binding) override;
    [[nodiscard]] Result<void> cancel(const ViewVersionId &id) override;
    [[nodiscard]] Result<void> drop(const ViewVersionId &id) override;
    [[nodiscard]] Result<std::shared_ptr<ViewReader>> reader(const ViewVersionId &id) override;
    [[nodiscard]] Result<VersionDiffPage> diff(const VersionDiffRequest &request, std::stop_token stop) override;
    [[nodiscard]] Result<void> promote(const std::vector<ViewVersionId> &ids) override;
    [[nodiscard]] Result<ViewVersionId> rollback(const std::string &view) override;

    /// The processor decides with these from now on, and they serve; views named `retired` are neither read nor served
    /// any more. For whoever exchanges the domain of a processor that stands still. Errors as promote().
    [[nodiscard]] Result<void> decideWith(const std::vector<ViewVersionId> &ids,
                                          const std::vector<std::string> &retired = {});

private:
    using Choices = std::vector<VersionChoices::Choice>;
    enum class Role { Serve, ServeAndDecide };

    [[nodiscard]] ViewVersionStatus statusOf(const ViewTable &table, const ViewMember &member, Position head) const;
    [[nodiscard]] Result<void> checkChangeable() const;
    [[nodiscard]] Result<void> dropLocked(const ViewVersionId &id);
    [[nodiscard]] Result<void> promoteLocked(const std::vector<ViewVersionId> &ids, Role role, Choices choices,
                                             const std::vector<std::string> &retired = {});
    [[nodiscard]] Result<std::vector<ViewMemberPtr>> promotable(const ViewTable &table,
                                                                const std::vector<ViewVersionId> &ids, Role role) const;
    /// Takes what is beyond m_versionsKept out of both; returns it.
    [[nodiscard]] std::vector<ViewMemberPtr> prune(const std::string &view, ViewTable &table, Choices &choices) const;

    ViewShelf &m_shelf;
    const std::size_t m_versionsKept;
};

} // namespace commander
