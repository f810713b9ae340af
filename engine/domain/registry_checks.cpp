// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/registry_checks.h"

#include <commander/limits.h>
#include <commander/record.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace commander {

namespace {

/// First path segments that belong to the REST contract itself.
constexpr std::array<std::string_view, 20> reservedPaths{
    "asyncapi.json", "commands", "dead-letters", "docs",   "domains", "events",  "experiments",
    "gateways",      "gw",       "health",       "ledger", "lineage", "metrics", "openapi.json",
    "problems",      "records",  "results",      "topics", "updates", "views"};

/// Who claimed a name first.
class Claims {
public:
    Claims(std::string_view kind, std::string_view remedy) : m_kind(kind), m_remedy(remedy) { }
    Result<void> claim(const std::string &name, const std::string &domain)
    {
        if (name.empty() || name.size() > limits::nameBytesMax)
            return fail(ErrorCode::InvalidArgument,
                        "the name of a " + m_kind + " is empty or longer than " + std::to_string(limits::nameBytesMax)
                            + " bytes",
                        "domain " + domain);
        const auto [owner, claimed] = m_owners.emplace(name, domain);
        if (claimed)
            return {};
        const auto both = owner->second == domain ? "domain " + domain + " declares it twice"
                                                  : "domains " + owner->second + " and " + domain;
        return fail(ErrorCode::InvalidArgument, "the " + m_kind + " " + name + " is not unique", both, m_remedy);
    }
    [[nodiscard]] bool contains(const std::string &name) const { return m_owners.contains(name); }

private:
    std::string m_kind;
    std::string m_remedy;
    std::map<std::string, std::string> m_owners;
};

Result<void> checkPath(const std::string &path, const std::string &where)
{
    const auto segment = path.starts_with('/') ? std::string_view(path).substr(1) : std::string_view();
    const bool plain = !segment.empty() && std::all_of(segment.begin(), segment.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!plain)
        return fail(ErrorCode::InvalidArgument, "the path " + path + " is not one segment such as /accounts", where,
                    "Use a slash and then lower-case letters, digits, - and _ only.");
    if (std::find(reservedPaths.begin(), reservedPaths.end(), segment) != reservedPaths.end())
        return fail(ErrorCode::InvalidArgument, "the path " + path + " belongs to the engine's own API", where,
                    "Choose another path for the view.");
    return {};
}

class Checks {
public:
    Result<void> declare(const DomainDescription &domain)
    {
        if (auto claimed = m_domains.claim(domain.name, domain.name); !claimed)
            return claimed;
        if (domain.eventsTopic == commandsTopic || domain.eventsTopic == resultsTopic)
            return fail(ErrorCode::InvalidArgument, "the topic " + domain.eventsTopic + " is the engine's own",
                        "domain " + domain.name, "Choose another topic for its events.");
        if (auto claimed = m_topics.claim(domain.eventsTopic, domain.name); !claimed)
            return claimed;
        for (const auto &command : domain.commands) {
            if (auto claimed = m_actions.claim(command.action, domain.name); !claimed)
                return claimed;
        }
        for (const auto &event : domain.events) {
            if (auto claimed = m_actions.claim(event.action, domain.name); !claimed)
                return claimed;
            m_events.insert(event.action);
        }
        for (const auto &view : domain.views) {
            const auto where = "domain " + domain.name + ", view " + view.name;
            if (auto claimed = m_views.claim(view.name, domain.name); !claimed)
                return claimed;
            if (view.path.empty())
                continue;
            if (auto checked = checkPath(view.path, where); !checked)
                return checked;
            if (auto claimed = m_paths.claim(view.path, domain.name); !claimed)
                return claimed;
        }
        return {};
    }

    /// Once all are declared: a domain may fold and react to the events of another.
    [[nodiscard]] Result<void> resolve(const DomainDescription &domain) const
    {
        for (const auto &view : domain.views) {
            if (auto known = checkEvents(view.events, "domain " + domain.name + ", view " + view.name); !known)
                return known;
        }
        for (const auto &upcaster : domain.upcasters) {
            if (!m_events.contains(upcaster.action))
                return fail(ErrorCode::InvalidArgument, "no domain emits the event " + upcaster.action,
                            "domain " + domain.name + ", upcasters", "Check its spelling.");
        }
        return checkEvents(domain.reactsTo, "domain " + domain.name + ", reactions");
    }

private:
    [[nodiscard]] Result<void> checkEvents(const std::vector<std::string> &events, const std::string &where) const
    {
        std::set<std::string_view> seen;
        for (const auto &event : events) {
            if (!m_events.contains(event))
                return fail(ErrorCode::InvalidArgument, "no domain emits the event " + event, where,
                            "Check its spelling.");
            if (!seen.insert(event).second)
                return fail(ErrorCode::InvalidArgument, "the event " + event + " is listed twice", where);
        }
        return {};
    }

    Claims m_domains{"domain", "Load one of them only."};
    Claims m_topics{"topic", "Give each domain a topic of its own."};
    Claims m_actions{"action", "Rename it in one of them."};
    Claims m_views{"view", "Rename it in one of them."};
    Claims m_paths{"path", "Give one of the views another path."};
    std::set<std::string> m_events;
};

} // namespace

Result<void> checkUpcasters(const DomainDescription &domain)
{
    std::map<std::string, std::set<std::uint32_t>> steps;
    for (const auto &upcaster : domain.upcasters) {
        if (!steps[upcaster.action].insert(upcaster.from).second)
            return fail(ErrorCode::InvalidArgument,
                        "two upcasters of " + upcaster.action + " begin at version " + std::to_string(upcaster.from),
                        "domain " + domain.name);
    }
    std::map<std::string, std::uint32_t> newest; // in which the domain gets the event
    for (const auto &[action, from] : steps)
        newest[action] = *from.rbegin() + 1;
    for (const auto &event : domain.events)
        newest[event.action] = event.version;
    for (const auto &[action, version] : newest) {
        const auto where = "domain " + domain.name + ", event " + action;
        const auto &from = steps[action];
        if (version == 0)
            return fail(ErrorCode::InvalidArgument, "versions of events begin with 1", where);
        for (std::uint32_t step = 1; step < version; ++step) {
            if (!from.contains(step))
                return fail(ErrorCode::InvalidArgument,
                            "no upcaster leads from version " + std::to_string(step) + " to "
                                + std::to_string(step + 1),
                            where, "Add it: events of every earlier version may be in a ledger.");
        }
        if (!from.empty() && *from.rbegin() >= version)
            return fail(ErrorCode::InvalidArgument,
                        "an upcaster begins at version " + std::to_string(*from.rbegin())
                            + ", and the event has version " + std::to_string(version),
                        where, "Raise the event's version, or take the upcaster away.");
    }
    return {};
}

Result<void> checkDomains(const std::vector<std::shared_ptr<const Domain>> &domains)
{
    Checks checks;
    for (const auto &domain : domains) {
        if (!domain)
            return fail(ErrorCode::InvalidArgument, "a domain is missing");
        if (auto declared = checks.declare(domain->description()); !declared)
            return declared;
        if (auto complete = checkUpcasters(domain->description()); !complete)
            return complete;
    }
    for (const auto &domain : domains) {
        if (auto resolved = checks.resolve(domain->description()); !resolved)
            return resolved;
    }
    return {};
}

Result<void> checkExample(const CommandSpec &command, const JsonSchema &schema, const std::string &where)
{
    const auto example = parseJson(command.example);
    if (!example)
        return fail(ErrorCode::InvalidArgument, "the example is not JSON: " + example.error().what, where);
    if (auto checked = schema.check(*example); !checked) {
        const auto &detail = checked.error().details.front();
        return fail(ErrorCode::InvalidArgument, "the example does not match the schema: " + detail.message,
                    where + ", example" + detail.pointer);
    }
    return {};
}

} // namespace commander
