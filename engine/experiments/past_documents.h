// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/views.h>

#include <optional>
#include <string>

namespace commander {

/// The documents that a simulation starts from; it never changes them.
class PastDocuments {
public:
    virtual ~PastDocuments() = default;
    /// As text, or nothing when there was no such document.
    [[nodiscard]] virtual Result<std::optional<std::string>> document(const std::string &view, const std::string &key)
        = 0;
};

/// Before the first event: no documents.
class NoPast final : public PastDocuments {
public:
    [[nodiscard]] Result<std::optional<std::string>> document(const std::string &, const std::string &) override
    {
        return std::nullopt;
    }
};

/// What the views kept of a position.
class ViewsPast final : public PastDocuments {
public:
    ViewsPast(ViewReader &views, Position at) : m_views(views), m_at(at) { }
    [[nodiscard]] Result<std::optional<std::string>> document(const std::string &view, const std::string &key) override
    {
        if (m_at.value == 0)
            return std::nullopt;
        auto found = m_views.get(view, key, m_at);
        if (found)
            return std::move(found->json);
        if (found.error().code == ErrorCode::NotFound)
            return std::nullopt;
        return fail(std::move(found.error()));
    }

private:
    ViewReader &m_views;
    const Position m_at;
};

} // namespace commander
