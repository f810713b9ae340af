// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/domain_registry.h"

#include "domain/registry_checks.h"

#include <algorithm>

namespace commander {

std::string commandKey(const CommandSpec &command, const Json &data)
{
    const auto *member = command.keyField.empty() ? nullptr : data.find(command.keyField);
    if (!member)
        return {};
    if (const auto *text = member->asString())
        return *text;
    const auto *number = member->asNumber();
    return number ? number->lexeme : std::string();
}

Result<std::unique_ptr<DomainRegistry>> DomainRegistry::create(std::vector<std::shared_ptr<const Domain>> domains)
{
    if (auto checked = checkDomains(domains); !checked)
        return fail(checked.error());
    std::unique_ptr<DomainRegistry> registry(new DomainRegistry(std::move(domains)));
    if (auto compiled = registry->compile(); !compiled)
        return fail(compiled.error());
    registry->connect();
    return registry;
}

DomainRegistry::DomainRegistry(std::vector<std::shared_ptr<const Domain>> domains) : m_domains(std::move(domains)) { }

Result<void> DomainRegistry::compile()
{
    for (const auto &domain : m_domains) {
        const auto &description = domain->description();
        for (const auto &command : description.commands) {
            const auto where = "domain " + description.name + ", command " + command.action;
            auto schema = JsonSchema::compile(command.schema, where);
            if (!schema)
                return fail(schema.error());
            if (auto checked = checkExample(command, *schema, where); !checked)
                return checked;
            m_commands.emplace(command.action, CommandEntry{domain.get(), &command, m_commandSchemas.size()});
            m_commandSchemas.push_back(std::move(*schema));
        }
        for (const auto &event : description.events) {
            auto schema = JsonSchema::compile(event.schema, "domain " + description.name + ", event " + event.action);
            if (!schema)
                return fail(schema.error());
            m_events.emplace(event.action, EventEntry{domain.get(), &event, m_eventSchemas.size()});
            m_eventSchemas.push_back(std::move(*schema));
        }
    }
    return {};
}

void DomainRegistry::connect()
{
    for (const auto &domain : m_domains) {
        for (const auto &view : domain->description().views) {
            const ViewEntry entry{domain.get(), &view, m_views.size()};
            m_views.push_back(entry);
            for (const auto &event : view.events)
                m_folding[event].push_back(entry);
        }
        for (const auto &event : domain->description().reactsTo)
            m_reacting[event].push_back(domain.get());
    }
}

const CommandEntry *DomainRegistry::findCommand(std::string_view action) const
{
    const auto found = m_commands.find(action);
    return found == m_commands.end() ? nullptr : &found->second;
}

const EventEntry *DomainRegistry::findEvent(std::string_view action) const
{
    const auto found = m_events.find(action);
    return found == m_events.end() ? nullptr : &found->second;
}

const ViewEntry *DomainRegistry::findView(std::string_view name) const
{
    const auto found = std::find_if(m_views.begin(), m_views.end(),
                                    [name](const ViewEntry &view) { return view.spec->name == name; });
    return found == m_views.end() ? nullptr : &*found;
}

Result<void> DomainRegistry::validateCommand(const CommandEntry &command, std::string_view data) const
{
    const auto value = parseJson(data);
    if (!value)
        return fail(value.error());
    return validateCommand(command, *value);
}

Result<void> DomainRegistry::validateCommand(const CommandEntry &command, const Json &data) const
{
    auto checked = m_commandSchemas[command.index].check(data);
    if (!checked)
        checked.error().what = "the data of " + command.spec->action + " does not match its schema";
    return checked;
}

Result<void> DomainRegistry::validateEvent(const EventEntry &event, const Json &data) const
{
    auto checked = m_eventSchemas[event.index].check(data);
    if (!checked)
        checked.error().what = "the data of " + event.spec->action + " does not match its schema";
    return checked;
}

std::span<const ViewBinding> DomainRegistry::viewsFolding(std::string_view eventAction) const
{
    const auto found = m_folding.find(eventAction);
    return found == m_folding.end() ? std::span<const ViewBinding>() : found->second;
}

std::span<const Domain *const> DomainRegistry::reactorsTo(std::string_view eventAction) const
{
    const auto found = m_reacting.find(eventAction);
    return found == m_reacting.end() ? std::span<const Domain *const>() : found->second;
}

std::vector<DomainDescription> DomainRegistry::descriptions() const
{
    std::vector<DomainDescription> out;
    for (const auto &domain : m_domains)
        out.push_back(domain->description());
    return out;
}

std::vector<std::string> DomainRegistry::eventsTopics() const
{
    std::vector<std::string> out;
    for (const auto &domain : m_domains)
        out.push_back(domain->description().eventsTopic);
    return out;
}

} // namespace commander
