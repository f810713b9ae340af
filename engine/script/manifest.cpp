// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/manifest.h"

#include "domain/json_schema.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace commander::script {

namespace {

using Names = std::initializer_list<std::string_view>;

constexpr std::uint32_t eventVersionMax = 1000; ///< each takes an upcaster

std::string join(const Names &names)
{
    std::string out;
    for (const auto name : names)
        out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}

class Reader {
public:
    Reader(const DomainFolder &folder, std::vector<DomainProblem> &problems)
        : m_folder(folder), m_file(*folder.find(manifestName)), m_problems(problems)
    {
    }

    Manifest read()
    {
        const auto parsed = parseJson(m_file.bytes);
        if (!parsed) {
            m_problems.push_back(problemOfJson(m_file, parsed.error()));
            return {};
        }
        if (!parsed->isObject()) {
            report({}, "domain.json must hold an object", {});
            return {};
        }
        knownMembers(*parsed, {},
                     {"$schema", "name", "title", "description", "version", "eventsTopic", "module", "onFault",
                      "commands", "events", "otherEvents", "views", "reactions"});
        m_out.name = text(*parsed, "name", {});
        m_out.version = version(*parsed, {});
        m_out.eventsTopic = text(*parsed, "eventsTopic", {});
        readFaultPolicy(*parsed);
        each(*parsed, "events", [this](const auto &action, const auto &event, const auto &at) {
            knownMembers(event, at, {"title", "description", "version", "schema", "key", "upcast"});
            m_out.events.push_back({{action, schema(event, at), eventVersion(event, at)},
                                    optionalText(event, "key", at),
                                    upcast(event, at)});
        });
        each(*parsed, "otherEvents", [this](const auto &action, const auto &event, const auto &at) {
            knownMembers(event, at, {"title", "description", "version", "upcast"});
            if (m_out.findEvent(action))
                report(at, action + " is an event of this domain", "Say in 'events' what there is to say of it.");
            m_out.otherEvents.push_back({{action, {}, eventVersion(event, at)}, {}, upcast(event, at)});
        });
        each(*parsed, "views",
             [this](const auto &name, const auto &view, const auto &at) { readView(name, view, at); });
        each(*parsed, "commands",
             [this](const auto &action, const auto &command, const auto &at) { readCommand(action, command, at); });
        each(*parsed, "reactions", [this](const auto &name, const auto &reaction, const auto &at) {
            knownMembers(reaction, at, {"title", "description", "on"});
            m_out.reactions.push_back({name, texts(reaction, "on", at)});
        });
        readModule(*parsed);
        return std::move(m_out);
    }

private:
    void report(const std::string &pointer, std::string message, std::string remedy)
    {
        const auto place = locatePointer(m_file.bytes, pointer);
        m_problems.push_back({m_file.name, place.line, place.column, pointer, std::move(message), std::move(remedy)});
    }

    void knownMembers(const Json &object, const std::string &at, Names names)
    {
        const auto *members = object.asObject();
        for (std::size_t i = 0; members && i < members->size(); ++i) {
            const auto &name = (*members)[i].first;
            if (std::find(names.begin(), names.end(), name) == names.end())
                report(at + '/' + escapePointerToken(name), "unknown member '" + name + "'",
                       "Known here: " + join(names) + ".");
        }
    }

    std::string text(const Json &object, std::string_view name, const std::string &at)
    {
        const auto *member = object.find(name);
        const auto *value = member ? member->asString() : nullptr;
        if (value && !value->empty())
            return *value;
        report(member ? at + '/' + std::string(name) : at, "'" + std::string(name) + "' must be a text", {});
        return {};
    }

    std::string optionalText(const Json &object, std::string_view name, const std::string &at)
    {
        return object.find(name) ? text(object, name, at) : std::string();
    }

    void readFaultPolicy(const Json &root)
    {
        const auto policy = optionalText(root, "onFault", {});
        m_out.onFault = policy == "park" ? FaultPolicy::Park : FaultPolicy::Fail;
        if (!policy.empty() && policy != "park" && policy != "fail")
            report("/onFault", "'onFault' must be \"fail\" or \"park\"", {});
    }

    std::vector<std::string> texts(const Json &object, std::string_view name, const std::string &at)
    {
        std::vector<std::string> out;
        const auto *member = object.find(name);
        const auto *list = member ? member->asArray() : nullptr;
        for (std::size_t i = 0; list && i < list->size(); ++i) {
            if (const auto *value = (*list)[i].asString())
                out.push_back(*value);
        }
        if (out.empty() || out.size() != list->size())
            report(member ? at + '/' + std::string(name) : at, "'" + std::string(name) + "' must be a list of texts",
                   {});
        return out;
    }

    std::uint32_t version(const Json &object, const std::string &at)
    {
        if (!object.find("version"))
            return 1;
        const auto value = object.integerAt("version");
        if (value && *value >= 1 && *value <= std::numeric_limits<std::uint32_t>::max())
            return static_cast<std::uint32_t>(*value);
        report(at + "/version", "'version' must be a whole number from 1 on", {});
        return 1;
    }

    std::uint32_t eventVersion(const Json &event, const std::string &at)
    {
        const auto known = version(event, at);
        if (known <= eventVersionMax)
            return known;
        report(at + "/version", "an event has at most " + std::to_string(eventVersionMax) + " versions", {});
        return 1;
    }

    /// The upcasters that are declared; those that are missing are looked for among the scripts.
    std::optional<DeclaredFold> upcast(const Json &event, const std::string &at)
    {
        const auto *steps = event.find("upcast");
        const auto known = event.integerAt("version").value_or(1);
        if (!steps)
            return {};
        const auto pointer = at + "/upcast";
        if (!steps->isObject() || steps->asObject()->empty()) {
            report(pointer, "'upcast' must be an object of operations, by the version that they begin with",
                   R"(As in {"1": {"set": {"currency": "EUR"}}}.)");
            return {};
        }
        for (const auto &[name, step] : *steps->asObject()) {
            std::uint32_t from = 0;
            const auto read = std::from_chars(name.data(), name.data() + name.size(), from);
            if (read.ec != std::errc() || name != std::to_string(from) || from < 1 || from >= known) {
                report(pointer + '/' + escapePointerToken(name),
                       "no upcaster can begin at version " + name + ": the event has version " + std::to_string(known),
                       "Raise the event's 'version', or correct the number.");
            }
        }
        return DeclaredFold::parseRewrites(*steps, [&](const auto &below, std::string message, std::string remedy) {
            report(pointer + below, std::move(message), std::move(remedy));
        });
    }

    template <class Take> void each(const Json &root, std::string_view name, Take take)
    {
        const auto *group = root.find(name);
        if (!group)
            return;
        const auto at = '/' + std::string(name);
        if (!group->isObject())
            return report(at, "'" + std::string(name) + "' must be an object, by name", {});
        for (const auto &[key, value] : *group->asObject()) {
            const auto pointer = at + '/' + escapePointerToken(key);
            if (value.isObject())
                take(key, value, pointer);
            else
                report(pointer, "must be an object", {});
        }
    }

    /// The text of a schema that stands inline or in a file of the folder.
    std::string schema(const Json &owner, const std::string &at)
    {
        const auto *member = owner.find("schema");
        const auto pointer = at + "/schema";
        if (!member) {
            report(at, "'schema' is missing", R"(Add a JSON Schema, or the name of a file that holds one.)");
            return "{}";
        }
        std::string source;
        auto where = pointer;
        if (const auto *name = member->asString()) {
            const auto *file = m_folder.find(*name);
            if (!file) {
                report(pointer, "the folder holds no file " + *name, {});
                return "{}";
            }
            source = file->bytes;
            where = *name;
            if (const auto parsed = parseJson(source); !parsed) {
                m_problems.push_back(problemOfJson(*file, parsed.error()));
                return "{}";
            }
        } else {
            source = writeJson(*member);
        }
        if (const auto compiled = JsonSchema::compile(source, where); !compiled)
            report(pointer, compiled.error().text(), {});
        return source;
    }

    void readCommand(const std::string &action, const Json &command, const std::string &at)
    {
        knownMembers(command, at, {"title", "description", "schema", "key", "example", "read", "require", "emit"});
        CommandEntry entry;
        entry.spec.action = action;
        entry.spec.title = command.find("title") ? text(command, "title", at) : action;
        entry.spec.schema = schema(command, at);
        entry.spec.keyField = optionalText(command, "key", at);
        if (const auto *example = command.find("example")) {
            entry.spec.example = writeJson(*example);
            checkExample(entry.spec, *example, at + "/example");
        } else {
            report(at, "'example' is missing", "Add a valid 'data': people who send the command start from it.");
        }
        if (command.find("emit")) {
            const Report below = [this, &at](const std::string &pointer, std::string message, std::string remedy) {
                report(at + pointer, std::move(message), std::move(remedy));
            };
            entry.declared = DeclaredHandler::parse(command, below);
            for (const auto &view : entry.declared->views()) {
                const auto found = std::find_if(m_out.views.begin(), m_out.views.end(),
                                                [&](const auto &v) { return v.spec.name == view; });
                if (found == m_out.views.end() || !found->spec.decides)
                    report(at + "/read", "handlers cannot read a view " + view, "Name a view that decides.");
            }
            for (const auto &event : entry.declared->events())
                ownEvent(event, at + "/emit");
        } else if (command.find("require") || command.find("read")) {
            report(at, "'require' and 'read' belong to a declared handler", "Add 'emit', or write it as a script.");
        }
        m_out.commands.push_back(std::move(entry));
    }

    void checkExample(const CommandSpec &spec, const Json &example, const std::string &at)
    {
        const auto compiled = JsonSchema::compile(spec.schema, at);
        if (!compiled)
            return; // told already
        for (const auto &detail : compiled->explain(example))
            report(at + detail.pointer, "the example does not match the schema: " + detail.message, {});
    }

    void ownEvent(const std::string &event, const std::string &at)
    {
        if (!m_out.findEvent(event))
            report(at, "the domain declares no event " + event, "Declare it in 'events'.");
    }

    void readView(const std::string &name, const Json &view, const std::string &at)
    {
        knownMembers(view, at, {"title", "description", "version", "path", "decides", "events", "key", "on"});
        ViewEntry entry;
        entry.spec.name = name;
        entry.spec.version = version(view, at);
        entry.spec.path = optionalText(view, "path", at);
        if (const auto *decides = view.find("decides")) {
            if (!decides->asBool())
                report(at + "/decides", "'decides' must be true or false", {});
            entry.spec.decides = decides->asBool().value_or(true);
        }
        if (const auto *on = view.find("on")) {
            const Report below = [this, &at](const std::string &pointer, std::string message, std::string remedy) {
                report(at + "/on" + pointer, std::move(message), std::move(remedy));
            };
            entry.declared = DeclaredFold::parse(*on, view.find("key"), below);
            entry.spec.events = entry.declared->events();
            for (const auto &event : entry.spec.events)
                checkMembers(entry.declared->expressions(event), event, at + "/on/" + escapePointerToken(event));
            if (view.find("events"))
                report(at + "/events", "a view has either 'events' or 'on'",
                       "'on' names the events of a declared fold.");
        } else {
            entry.spec.events = texts(view, "events", at);
            if (view.find("key"))
                report(at + "/key", "'key' belongs to a declared fold",
                       "A script says itself which documents it puts.");
        }
        m_out.views.push_back(std::move(entry));
    }

    /// That the event can have the members of `data` that a fold names, where its schema allows no others.
    void checkMembers(const std::vector<const Expression *> &expressions, const std::string &event,
                      const std::string &at)
    {
        const auto *declared = m_out.findEvent(event); // null: another domain's
        const auto parsed = declared ? parseJson(declared->spec.schema) : Result<Json>(Json());
        const auto *properties = parsed ? parsed->find("properties") : nullptr;
        const auto *others = parsed ? parsed->find("additionalProperties") : nullptr;
        if (!properties || !others || *others != Json(false))
            return;
        for (const auto *expression : expressions) {
            const auto &path = expression->path;
            if (path.front() == "data" && path.size() > 1 && !properties->find(path[1])) {
                report(at, "the schema of " + event + " knows no member '" + path[1] + "'",
                       "Check the spelling of " + expression->text() + ".");
            }
        }
    }

    static bool anyScripted(const std::vector<EventEntry> &events)
    {
        return std::any_of(events.begin(), events.end(),
                           [](const EventEntry &event) { return event.firstScripted().has_value(); });
    }

    /// Of events that could be complete without a script; true when there is one that is not.
    bool reportMissingUpcasters()
    {
        bool any = false;
        for (const auto &[group, events] :
             {std::pair("/events/", &m_out.events), std::pair("/otherEvents/", &m_out.otherEvents)}) {
            for (const auto &event : *events) {
                const auto from = event.firstScripted();
                if (!from)
                    continue;
                any = true;
                report(
                    group + escapePointerToken(event.spec.action),
                    "no upcaster leads from version " + std::to_string(*from) + " to " + std::to_string(*from + 1),
                    "Declare it in 'upcast', or export it from domain.js: events of every earlier version may be in a "
                    "ledger.");
            }
        }
        return any;
    }

    void readModule(const Json &root)
    {
        const bool scripted
            = std::any_of(m_out.commands.begin(), m_out.commands.end(), [](const auto &c) { return !c.declared; })
            || std::any_of(m_out.views.begin(), m_out.views.end(), [](const auto &v) { return !v.declared; })
            || !m_out.reactions.empty() || anyScripted(m_out.events) || anyScripted(m_out.otherEvents);
        const auto module = root.find("module") ? text(root, "module", {}) : std::string("domain.js");
        if (!scripted && !root.find("module"))
            return;
        const auto *file = m_folder.find(module);
        if (!file || !isScript(module)) {
            if (!root.find("module") && reportMissingUpcasters())
                return;
            return report(root.find("module") ? "/module" : std::string(), "the folder holds no script " + module,
                          "Handlers, folds, reactions and upcasters that are not declared here are its functions.");
        }
        m_out.module = module;
    }

    const DomainFolder &m_folder;
    const DomainFile &m_file;
    std::vector<DomainProblem> &m_problems;
    Manifest m_out;
};

} // namespace

Manifest readManifest(const DomainFolder &folder, std::vector<DomainProblem> &problems)
{
    return Reader(folder, problems).read();
}

} // namespace commander::script
