// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_versions.h"

#include <algorithm>

namespace commander::test {

void FakeViewVersions::set(std::vector<ViewVersionStatus> versions)
{
    const std::lock_guard lock(m_mutex);
    m_versions = std::move(versions);
}

void FakeViewVersions::setDifferences(std::uint64_t same, std::vector<VersionRow> rows, std::size_t pageRows)
{
    const std::lock_guard lock(m_mutex);
    m_same = same;
    m_rows = std::move(rows);
    m_pageRows = pageRows;
}

void FakeViewVersions::refuseChanges(ErrorCode code)
{
    const std::lock_guard lock(m_mutex);
    m_refuse = code;
}

std::vector<ViewVersionStatus> FakeViewVersions::list()
{
    const std::lock_guard lock(m_mutex);
    return m_versions;
}

ViewVersionStatus *FakeViewVersions::find(const std::function<bool(const ViewVersionStatus &)> &wanted)
{
    const auto found = std::find_if(m_versions.begin(), m_versions.end(), wanted);
    return found == m_versions.end() ? nullptr : &*found;
}

Result<void> FakeViewVersions::remove(const ViewVersionId &id)
{
    const std::lock_guard lock(m_mutex);
    if (m_refuse != ErrorCode::Count)
        return fail(m_refuse, "refused as told");
    if (std::erase_if(m_versions, [&id](const ViewVersionStatus &one) { return one.id == id; }) == 0)
        return fail(ErrorCode::NotFound, "no such version", id.label());
    return {};
}

Result<VersionDiffPage> FakeViewVersions::diff(const VersionDiffRequest &request, std::stop_token)
{
    const std::lock_guard lock(m_mutex);
    VersionDiffPage page;
    page.at = request.at.value_or(Position{100});
    std::size_t i = 0;
    while (request.afterKey && i < m_rows.size() && m_rows[i].key <= *request.afterKey)
        ++i;
    if (!request.afterKey)
        page.same = m_same;
    for (; i < m_rows.size() && page.rows.size() < m_pageRows; ++i) {
        page.rows.push_back(m_rows[i]);
        page.added += m_rows[i].kind == VersionRow::Kind::Added;
        page.removed += m_rows[i].kind == VersionRow::Kind::Removed;
        page.changed += m_rows[i].kind == VersionRow::Kind::Changed;
    }
    if (i < m_rows.size())
        page.nextKey = page.rows.back().key;
    return page;
}

Result<ViewVersionId> FakeViewVersions::start(FoldBinding binding)
{
    const std::scoped_lock lock(m_mutex);
    ViewVersionStatus status;
    status.id = viewVersionOf(binding);
    status.domain = binding.domain->description().name;
    m_versions.push_back(status);
    return status.id;
}

Result<void> FakeViewVersions::promote(const std::vector<ViewVersionId> &ids)
{
    const std::lock_guard lock(m_mutex);
    if (m_refuse != ErrorCode::Count)
        return fail(m_refuse, "refused as told");
    for (const auto &id : ids) {
        auto *next = find([&id](const ViewVersionStatus &one) { return one.id == id; });
        auto *now = find([&id](const ViewVersionStatus &one) {
            return one.id.view == id.view && one.state == ViewVersionState::Serving;
        });
        if (!next)
            return fail(ErrorCode::NotFound, "no such version", id.label());
        if (now)
            now->state = ViewVersionState::Kept;
        next->state = ViewVersionState::Serving;
    }
    return {};
}

Result<ViewVersionId> FakeViewVersions::rollback(const std::string &view)
{
    ViewVersionId back;
    {
        const std::lock_guard lock(m_mutex);
        const auto *kept = find([&view](const ViewVersionStatus &one) {
            return one.id.view == view && one.state == ViewVersionState::Kept;
        });
        if (!kept)
            return fail(ErrorCode::NotFound, "none was kept", view);
        back = kept->id;
    }
    if (auto promoted = promote({back}); !promoted)
        return fail(promoted.error());
    return back;
}

} // namespace commander::test
