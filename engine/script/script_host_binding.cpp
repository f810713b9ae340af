// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_host.h"

#include <algorithm>
#include <QJSValueIterator>

namespace commander::script {

void ScriptHost::bind(const QJSValue &module, std::vector<DomainProblem> &problems)
{
    const auto &manifest = m_code.manifest;
    std::vector<std::string> commands;
    for (const auto &command : manifest.commands) {
        if (!command.declared)
            commands.push_back(command.spec.action);
    }
    m_commands = take(module.property(QStringLiteral("commands")), "commands", commands, problems);
    const auto views = module.property(QStringLiteral("views"));
    for (const auto &view : manifest.views) {
        if (view.declared)
            continue;
        m_views[view.spec.name] = take(views.property(QString::fromStdString(view.spec.name)),
                                       "views[\"" + view.spec.name + "\"]", view.spec.events, problems);
    }
    std::vector<std::string> reactions;
    for (const auto &reaction : manifest.reactions)
        reactions.push_back(reaction.name);
    m_reactions = take(module.property(QStringLiteral("reactions")), "reactions", reactions, problems);
    bindUpcasters(module.property(QStringLiteral("upcasters")), problems);
}

void ScriptHost::bindUpcasters(const QJSValue &owner, std::vector<DomainProblem> &problems)
{
    for (const auto *group : {&m_code.manifest.events, &m_code.manifest.otherEvents}) {
        for (const auto &event : *group) {
            const auto &action = event.spec.action;
            std::vector<std::string> wanted;
            for (std::uint32_t from = 1; from < event.spec.version; ++from) {
                if (event.isScriptedFrom(from))
                    wanted.push_back(std::to_string(from));
            }
            if (!wanted.empty() || owner.hasProperty(QString::fromStdString(action))) {
                m_upcasters[action] = take(owner.property(QString::fromStdString(action)),
                                           "upcasters[\"" + action + "\"]", wanted, problems);
            }
        }
    }
    QJSValueIterator at(owner);
    while (owner.isObject() && at.next()) {
        const auto name = at.name().toStdString();
        if (!m_upcasters.contains(name)) {
            problems.push_back({m_code.manifest.module,
                                0,
                                0,
                                {},
                                "upcasters[\"" + name + "\"]: domain.json knows no event " + name,
                                "Check its spelling; events of other domains stand in 'otherEvents'."});
        }
    }
}

ScriptHost::Functions ScriptHost::take(const QJSValue &owner, const std::string &path,
                                       const std::vector<std::string> &wanted,
                                       std::vector<DomainProblem> &problems) const
{
    Functions out;
    for (const auto &name : wanted) {
        auto function = owner.property(QString::fromStdString(name));
        if (function.isCallable()) {
            out.emplace(name, std::move(function));
        } else {
            problems.push_back({m_code.manifest.module,
                                0,
                                0,
                                {},
                                path.starts_with("upcasters") ? "no upcaster leads from version " + name
                                        + " on: there is no function " + path + "[\"" + name + "\"]"
                                                              : "domain.json declares " + name
                                        + ", but there is no function " + path + "[\"" + name + "\"]",
                                "Export it, or declare in domain.json what it does."});
        }
    }
    QJSValueIterator at(owner);
    while (owner.isObject() && at.next()) {
        const auto name = at.name().toStdString();
        if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
            problems.push_back(
                {m_code.manifest.module,
                 0,
                 0,
                 {},
                 path + "[\"" + name + "\"] is not declared in domain.json, or declared without a script",
                 "Check its spelling on both sides."});
        }
    }
    return out;
}

} // namespace commander::script
