// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/view_versions.h>

#include <functional>
#include <mutex>
#include <vector>

namespace commander::test {

/// Versions of views as a test wants them: the switch from one to the other works, building is what the test says.
/// Thread-safe.
class FakeViewVersions final : public ViewVersions {
public:
    std::vector<ViewVersionStatus> list() override;
    Result<ViewVersionId> start(FoldBinding binding) override;
    Result<void> cancel(const ViewVersionId &id) override { return remove(id); }
    Result<void> drop(const ViewVersionId &id) override { return remove(id); }
    Result<std::shared_ptr<ViewReader>> reader(const ViewVersionId &) override
    {
        return fail(ErrorCode::Unsupported, "versions are not read here");
    }
    Result<VersionDiffPage> diff(const VersionDiffRequest &request, std::stop_token stop) override;
    Result<void> promote(const std::vector<ViewVersionId> &ids) override;
    Result<ViewVersionId> rollback(const std::string &view) override;

    void set(std::vector<ViewVersionStatus> versions);
    /// What a comparison finds: so many documents are the same, these differ; a page holds `pageRows` rows.
    void setDifferences(std::uint64_t same, std::vector<VersionRow> rows, std::size_t pageRows);
    void refuseChanges(ErrorCode code); ///< Count = do as asked

private:
    Result<void> remove(const ViewVersionId &id);
    [[nodiscard]] ViewVersionStatus *find(const std::function<bool(const ViewVersionStatus &)> &wanted);

    std::mutex m_mutex;
    // Guarded by m_mutex
    std::vector<ViewVersionStatus> m_versions;
    std::vector<VersionRow> m_rows;
    std::uint64_t m_same = 0;
    std::size_t m_pageRows = 100;
    ErrorCode m_refuse = ErrorCode::Count;
};

} // namespace commander::test
