// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/json_schema.h"

#include <commander/domain.h>

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace commander {

/// A command that some domain offers; `index` is its place among all commands.
struct CommandEntry {
    const Domain *domain = nullptr;
    const CommandSpec *spec = nullptr;
    std::size_t index = 0;
};

struct EventEntry {
    const Domain *domain = nullptr;
    const EventSpec *spec = nullptr;
    std::size_t index = 0;
};

struct ViewEntry {
    const Domain *domain = nullptr;
    const ViewSpec *spec = nullptr;
    std::size_t index = 0;
};

/// The record's key: the text of the command's key member, or its digits as written, or nothing.
[[nodiscard]] std::string commandKey(const CommandSpec &command, const Json &data);

/// A view that folds a given event.
using ViewBinding = ViewEntry;

/// The domains of one workspace, checked against each other, with their schemas compiled. Immutable and thread-safe.
class DomainRegistry {
public:
    /// Error InvalidArgument naming the domains that clash, or the schema or example that is wrong.
    [[nodiscard]] static Result<std::unique_ptr<DomainRegistry>>
    create(std::vector<std::shared_ptr<const Domain>> domains);
    DomainRegistry(const DomainRegistry &) = delete;
    DomainRegistry &operator=(const DomainRegistry &) = delete;

    /// Null when no domain offers it; else valid as long as the registry.
    [[nodiscard]] const CommandEntry *findCommand(std::string_view action) const;
    [[nodiscard]] const EventEntry *findEvent(std::string_view action) const;
    [[nodiscard]] const ViewEntry *findView(std::string_view name) const;

    /// Errors SchemaInvalid (details say where and what is expected), and those of parseJson.
    [[nodiscard]] Result<void> validateCommand(const CommandEntry &command, std::string_view data) const;
    [[nodiscard]] Result<void> validateCommand(const CommandEntry &command, const Json &data) const;
    [[nodiscard]] Result<void> validateEvent(const EventEntry &event, const Json &data) const;

    [[nodiscard]] const std::vector<ViewEntry> &views() const noexcept { return m_views; }
    [[nodiscard]] std::span<const ViewBinding> viewsFolding(std::string_view eventAction) const;
    [[nodiscard]] std::span<const Domain *const> reactorsTo(std::string_view eventAction) const;
    [[nodiscard]] std::vector<DomainDescription> descriptions() const;
    /// One for each domain, in their order.
    [[nodiscard]] std::vector<std::string> eventsTopics() const;

private:
    explicit DomainRegistry(std::vector<std::shared_ptr<const Domain>> domains);
    [[nodiscard]] Result<void> compile();
    void connect();

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };
    template <class T> using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

    // Constant after create()
    const std::vector<std::shared_ptr<const Domain>> m_domains;
    std::vector<JsonSchema> m_commandSchemas;
    std::vector<JsonSchema> m_eventSchemas;
    std::vector<ViewEntry> m_views;
    ByName<CommandEntry> m_commands;
    ByName<EventEntry> m_events;
    ByName<std::vector<ViewBinding>> m_folding;
    ByName<std::vector<const Domain *>> m_reacting;
};

} // namespace commander
