// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/view_shelf.h"

#include <commander/views.h>

namespace commander {

/// Answers from the versions that serve. Each call reads one table: what serves is exchanged between calls, never
/// within one. Thread-safe and blocking.
class ViewCatalog final : public ViewReader {
public:
    explicit ViewCatalog(ViewShelf &shelf) : m_shelf(shelf) { }

    [[nodiscard]] std::vector<ViewStatus> views() override;
    [[nodiscard]] Result<Document> get(const std::string &view, const std::string &key,
                                       std::optional<Position> at) override;
    [[nodiscard]] Result<DocumentList> list(const std::string &view, const DocumentListRequest &request,
                                            std::stop_token stop) override;
    [[nodiscard]] Result<std::vector<DocumentChange>> history(const std::string &view, const std::string &key,
                                                              std::optional<Position> before,
                                                              std::size_t limit) override;
    [[nodiscard]] Result<std::vector<FieldOrigin>> blame(const std::string &view, const std::string &key,
                                                         std::optional<Position> at) override;
    [[nodiscard]] Result<std::vector<FieldChange>> diff(const std::string &view, const std::string &key, Position from,
                                                        Position to) override;
    [[nodiscard]] Result<std::vector<DocumentChange>> changesAt(Position event) override;
    [[nodiscard]] bool waitFor(Position position, std::chrono::milliseconds wait) override;

private:
    /// The engine of the version that serves; it stays alive while it is read.
    [[nodiscard]] Result<std::shared_ptr<ViewEngine>> serving(const std::string &view) const;

    ViewShelf &m_shelf;
};

/// Answers from one version of one view, whatever serves.
class VersionReader final : public ViewReader {
public:
    explicit VersionReader(ViewMemberPtr member) : m_member(std::move(member)) { }

    [[nodiscard]] std::vector<ViewStatus> views() override;
    [[nodiscard]] Result<Document> get(const std::string &view, const std::string &key,
                                       std::optional<Position> at) override;
    [[nodiscard]] Result<DocumentList> list(const std::string &view, const DocumentListRequest &request,
                                            std::stop_token stop) override;
    [[nodiscard]] Result<std::vector<DocumentChange>> history(const std::string &view, const std::string &key,
                                                              std::optional<Position> before,
                                                              std::size_t limit) override;
    [[nodiscard]] Result<std::vector<FieldOrigin>> blame(const std::string &view, const std::string &key,
                                                         std::optional<Position> at) override;
    [[nodiscard]] Result<std::vector<FieldChange>> diff(const std::string &view, const std::string &key, Position from,
                                                        Position to) override;
    [[nodiscard]] Result<std::vector<DocumentChange>> changesAt(Position event) override;
    [[nodiscard]] bool waitFor(Position position, std::chrono::milliseconds wait) override;

private:
    [[nodiscard]] Result<ViewReader *> reader(const std::string &view) const;

    const ViewMemberPtr m_member;
};

} // namespace commander
