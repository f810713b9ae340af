// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/version_comparison.h"

namespace commander::ui {

namespace {
constexpr std::size_t pageRows = 500;
constexpr std::size_t rowsMax = 300; // enough to see what is different
} // namespace

void VersionComparison::start(const ViewVersionId &from, const ViewVersionId &to)
{
    m_request = {};
    m_request.from = from;
    m_request.to = to;
    m_request.limit = pageRows;
    m_counts = {};
    m_rows.clear();
    m_complete = false;
    askPage();
}

void VersionComparison::stop()
{
    m_ask.cancel();
}

void VersionComparison::askPage()
{
    m_link.ask<VersionDiffPage>(
        m_ask,
        [request = m_request](Engine &engine, std::stop_token stop) {
            return engine.viewVersions().diff(request, std::move(stop));
        },
        [this](Result<VersionDiffPage> page) {
            if (!page) {
                Q_EMIT failed(page.error());
                return;
            }
            m_counts.same += page->same;
            m_counts.changed += page->changed;
            m_counts.added += page->added;
            m_counts.removed += page->removed;
            for (auto &row : page->rows) {
                if (m_rows.size() < rowsMax)
                    m_rows.push_back(std::move(row));
            }
            m_request.at = page->at;
            m_request.afterKey = page->nextKey;
            m_complete = !page->nextKey;
            if (!m_complete)
                askPage();
            Q_EMIT advanced();
        });
}

} // namespace commander::ui
