// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/version_diff.h"

#include "views/field_changes.h"

#include <commander/limits.h>

#include <utility>

namespace commander {

namespace {

constexpr std::uint64_t comparedMax = 10'000; ///< documents compared in one call
constexpr std::size_t readAtOnce = 500;

/// The documents of one version, one after the other.
class Walk {
public:
    Walk(ViewReader &reader, std::string view, Position at, std::optional<std::string> afterKey, std::stop_token stop)
        : m_reader(reader), m_view(std::move(view)), m_stop(std::move(stop))
    {
        m_request.at = at;
        m_request.afterKey = std::move(afterKey);
        m_request.limit = readAtOnce;
    }
    /// Null pointer at the end.
    Result<const Document *> current()
    {
        while (m_next == m_list.documents.size()) {
            if (m_ended)
                return nullptr;
            auto list = m_reader.list(m_view, m_request, m_stop);
            if (!list)
                return fail(list.error());
            m_list = std::move(*list);
            m_next = 0;
            m_ended = !m_list.nextKey;
            m_request.afterKey = m_list.nextKey;
        }
        return &m_list.documents[m_next];
    }
    void step() { ++m_next; }

private:
    ViewReader &m_reader;
    const std::string m_view;
    const std::stop_token m_stop;
    DocumentListRequest m_request;
    DocumentList m_list;
    std::size_t m_next = 0;
    bool m_ended = false;
};

Result<std::vector<FieldChange>> changesBetween(const Document *before, const Document *after)
{
    if (before && after && before->json == after->json)
        return std::vector<FieldChange>();
    std::optional<Json> values[2];
    const Document *const documents[2] = {before, after};
    for (int side = 0; side < 2; ++side) {
        if (!documents[side])
            continue;
        auto parsed = parseJson(documents[side]->json);
        if (!parsed)
            return fail(parsed.error());
        values[side] = std::move(*parsed);
    }
    return fieldChanges(values[0] ? &*values[0] : nullptr, values[1] ? &*values[1] : nullptr);
}

} // namespace

Result<VersionDiffPage> diffVersions(ViewReader &from, ViewReader &to, const VersionDiffRequest &request,
                                     std::stop_token stop)
{
    VersionDiffPage page;
    page.at = *request.at;
    Walk left(from, request.from.view, page.at, request.afterKey, stop);
    Walk right(to, request.to.view, page.at, request.afterKey, stop);
    std::string last;
    for (std::uint64_t compared = 0;; ++compared) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cancelled", request.from.view);
        const auto before = left.current();
        if (!before)
            return fail(before.error());
        const auto after = right.current();
        if (!after)
            return fail(after.error());
        if (!*before && !*after)
            return page;
        if (page.rows.size() == request.limit || compared == comparedMax) {
            page.nextKey = std::move(last);
            return page;
        }
        const bool hasLeft = *before && (!*after || (*before)->key <= (*after)->key);
        const bool hasRight = *after && (!*before || (*after)->key <= (*before)->key);
        last = hasLeft ? (*before)->key : (*after)->key;
        auto fields = changesBetween(hasLeft ? *before : nullptr, hasRight ? *after : nullptr);
        if (!fields)
            return fail(fields.error());
        if (hasLeft && hasRight && fields->empty()) {
            ++page.same;
        } else {
            const auto kind = !hasLeft ? VersionRow::Kind::Added
                : !hasRight            ? VersionRow::Kind::Removed
                                       : VersionRow::Kind::Changed;
            ++(kind == VersionRow::Kind::Added         ? page.added
                   : kind == VersionRow::Kind::Removed ? page.removed
                                                       : page.changed);
            page.rows.push_back({last, kind, std::move(*fields)});
        }
        if (hasLeft)
            left.step();
        if (hasRight)
            right.step();
    }
}

} // namespace commander
