// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/view_shelf.h"

#include <commander/views.h>

namespace commander {

/// Answers from the versions that serve, or from those that the deciding domains declare. Each call reads one table:
/// what serves is exchanged between calls, never within one. Thread-safe and blocking.
class ViewCatalog final : public ViewReader {
public:
    enum class Role { Serving, Deciding };
    explicit ViewCatalog(ViewShelf &shelf, Role role = Role::Serving) : m_shelf(shelf), m_role(role) { }

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
    using Members = std::map<std::string, ViewMemberPtr, std::less<>>;
    [[nodiscard]] const Members &membersOf(const ViewTable &table) const
    {
        return m_role == Role::Serving ? table.serving : table.deciding;
    }
    /// The engine of the version in this role; it stays alive while it is read.
    [[nodiscard]] Result<std::shared_ptr<ViewEngine>> engineOf(const std::string &view) const;

    ViewShelf &m_shelf;
    const Role m_role;
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
