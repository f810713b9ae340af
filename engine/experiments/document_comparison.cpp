// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/outcome_comparer.h"
#include "views/field_changes.h"

#include <commander/comparison.h>

namespace commander {

namespace {

/// One list of documents, read page by page.
class Reader {
public:
    Reader(const DocumentPages &pages, std::stop_token stop) : m_pages(pages), m_stop(std::move(stop)) { }

    /// The document at hand; null at the end.
    [[nodiscard]] Result<const Document *> current()
    {
        while (m_at >= m_list.documents.size()) {
            if (m_stop.stop_requested())
                return fail(ErrorCode::Cancelled, "stopped");
            if (m_begun && !m_list.nextKey)
                return nullptr;
            DocumentListRequest ask;
            ask.limit = limits::pageRowsMax;
            ask.afterKey = m_list.nextKey;
            auto list = m_pages(ask, m_stop);
            if (!list)
                return fail(std::move(list.error()));
            m_list = std::move(*list);
            m_at = 0;
            m_begun = true;
        }
        return &m_list.documents[m_at];
    }
    void next() { ++m_at; }

private:
    const DocumentPages &m_pages;
    const std::stop_token m_stop;
    DocumentList m_list;
    std::size_t m_at = 0;
    bool m_begun = false;
};

class Compare {
public:
    explicit Compare(const ComparisonRules &rules) : m_rules(rules) { }

    [[nodiscard]] Result<void> take(const Document *left, const Document *right)
    {
        if (left && right && left->json == right->json) {
            ++m_out.same;
            return {};
        }
        std::optional<Json> values[2];
        const Document *const documents[] = {left, right};
        for (std::size_t i = 0; i < 2; ++i) {
            if (!documents[i])
                continue;
            auto value = parseJson(documents[i]->json);
            if (!value)
                return fail(std::move(value.error()));
            for (const auto &pointer : m_rules.ignore)
                erasePointer(*value, pointer);
            values[i] = std::move(*value);
        }
        auto fields = fieldChanges(values[0] ? &*values[0] : nullptr, values[1] ? &*values[1] : nullptr);
        if (left && right && fields.empty()) {
            ++m_out.same;
            return {};
        }
        ++(!left ? m_out.onlyRight : !right ? m_out.onlyLeft : m_out.different);
        if (m_out.examples.size() < m_rules.examplesMax)
            m_out.examples.push_back({(left ? left : right)->key, std::move(fields)});
        return {};
    }
    DocumentsComparison result() { return std::move(m_out); }

private:
    const ComparisonRules &m_rules;
    DocumentsComparison m_out;
};

} // namespace

Result<DocumentsComparison> compareDocuments(const DocumentPages &left, const DocumentPages &right,
                                             const ComparisonRules &rules, std::stop_token stop)
{
    Reader lefts(left, stop);
    Reader rights(right, stop);
    Compare compare(rules);
    for (;;) {
        const auto a = lefts.current();
        if (!a)
            return fail(a.error());
        const auto b = rights.current();
        if (!b)
            return fail(b.error());
        if (!*a && !*b)
            return compare.result();
        const bool takeLeft = *a && (!*b || (*a)->key <= (*b)->key);
        const bool takeRight = *b && (!*a || (*b)->key <= (*a)->key);
        if (auto taken = compare.take(takeLeft ? *a : nullptr, takeRight ? *b : nullptr); !taken)
            return fail(taken.error());
        if (takeLeft)
            lefts.next();
        if (takeRight)
            rights.next();
    }
}

} // namespace commander
