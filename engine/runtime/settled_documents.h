// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "processor/document_backend.h"
#include "views/view_engine.h"

namespace commander {

/// Lets the processor read the documents of the past from the views.
class SettledDocuments final : public DocumentBackend {
public:
    explicit SettledDocuments(ViewEngine &views) : m_views(views) { }
    [[nodiscard]] Result<std::optional<std::string>> settledDocument(const std::string &view,
                                                                     const std::string &key) override
    {
        return m_views.currentDocument(view, key);
    }
    [[nodiscard]] Position settledTo() override { return m_views.position(); }
    [[nodiscard]] bool waitSettled(Position position, std::stop_token stop) override
    {
        return m_views.waitFor(position, stop);
    }

private:
    ViewEngine &m_views;
};

} // namespace commander
