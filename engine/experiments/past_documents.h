// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "processor/key_revisions.h"

#include <commander/views.h>

#include <optional>
#include <string>

namespace commander {

/// The documents and the revisions of keys that a simulation starts from; it never changes them.
class PastDocuments {
public:
    virtual ~PastDocuments() = default;
    /// As text, or nothing when there was no such document.
    [[nodiscard]] virtual Result<std::optional<std::string>> document(const std::string &view, const std::string &key)
        = 0;
    /// How many events were recorded under the key.
    [[nodiscard]] virtual Result<std::uint64_t> revision(const std::string &topic, const std::string &key) = 0;
};

/// Before the first event: no documents.
class NoPast final : public PastDocuments {
public:
    [[nodiscard]] Result<std::optional<std::string>> document(const std::string &, const std::string &) override
    {
        return std::nullopt;
    }
    [[nodiscard]] Result<std::uint64_t> revision(const std::string &, const std::string &) override { return 0; }
};

/// What the views kept of a position.
class ViewsPast final : public PastDocuments {
public:
    ViewsPast(ViewReader &views, EventCounter &events, Position at) : m_views(views), m_events(events), m_at(at) { }
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
    [[nodiscard]] Result<std::uint64_t> revision(const std::string &topic, const std::string &key) override
    {
        return m_events.count(topic, key, m_at, {});
    }

private:
    ViewReader &m_views;
    EventCounter &m_events;
    const Position m_at;
};

} // namespace commander
