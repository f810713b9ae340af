// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <utility>

namespace commander::ui {

/// The most recently used pages of something long, at most `capacity` of them. Not thread-safe.
template <class Page> class PageCache {
public:
    explicit PageCache(std::size_t capacity) : m_capacity(capacity) { }

    /// Null pointer when it is not here; valid until the next put() or clear(). Counts as use.
    [[nodiscard]] Page *get(std::uint64_t number)
    {
        const auto found = m_byNumber.find(number);
        if (found == m_byNumber.end())
            return nullptr;
        m_pages.splice(m_pages.begin(), m_pages, found->second);
        return &found->second->second;
    }

    /// Keeps the page, in place of an older one of this number, and drops the longest unused one when there are too
    /// many.
    void put(std::uint64_t number, Page page)
    {
        if (Page *present = get(number)) {
            *present = std::move(page);
            return;
        }
        m_pages.emplace_front(number, std::move(page));
        m_byNumber.emplace(number, m_pages.begin());
        if (m_pages.size() > m_capacity) {
            m_byNumber.erase(m_pages.back().first);
            m_pages.pop_back();
        }
    }

    void clear()
    {
        m_pages.clear();
        m_byNumber.clear();
    }
    [[nodiscard]] std::size_t size() const { return m_pages.size(); }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }

private:
    using Pages = std::list<std::pair<std::uint64_t, Page>>;
    std::size_t m_capacity;
    Pages m_pages; ///< most recently used first
    std::unordered_map<std::uint64_t, typename Pages::iterator> m_byNumber;
};

} // namespace commander::ui
