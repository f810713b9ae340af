// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "processor/document_backend.h"
#include "views/view_shelf.h"

namespace commander {

/// Lets the processor read the documents of the past from the versions of the views that its domains declare, whatever
/// readers are served.
class SettledDocuments final : public DocumentBackend {
public:
    explicit SettledDocuments(ViewShelf &views) : m_views(views) { }
    [[nodiscard]] Result<std::optional<std::string>> settledDocument(const std::string &view,
                                                                     const std::string &key) override
    {
        return m_views.decidingDocument(view, key);
    }
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
    settledDocuments(const std::string &view, const std::optional<std::string> &afterKey) override
    {
        return m_views.decidingDocuments(view, afterKey);
    }
    [[nodiscard]] Position settledTo() override { return m_views.decidingPosition(); }
    [[nodiscard]] bool waitSettled(Position position, std::stop_token stop) override
    {
        return m_views.waitDeciding(position, std::move(stop));
    }

private:
    ViewShelf &m_views;
};

} // namespace commander
