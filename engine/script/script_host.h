// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/manifest.h"
#include "script/resource_bundle.h"
#include "script/script_bridge.h"
#include "script/script_error.h"
#include "script/watchdog.h"

#include <functional>
#include <map>
#include <memory>

namespace commander::script {

/// What all script engines of one domain share; constant once loaded.
struct DomainCode {
    DomainCode(DomainFolder folder, Manifest manifest, ScriptOptions options);

    const DomainFolder folder;
    const Manifest manifest;
    const ScriptOptions options;
    const ResourceBundle bundle;
    mutable Watchdog watchdog; ///< thread-safe
};

/// One closed script engine that runs one domain. Used by the thread that made it.
class ScriptHost {
public:
    /// Loads the modules. Null when that failed: `problems` tells why.
    [[nodiscard]] static std::unique_ptr<ScriptHost> create(const DomainCode &code,
                                                            std::vector<DomainProblem> &problems);
    ~ScriptHost();
    ScriptHost(const ScriptHost &) = delete;
    ScriptHost &operator=(const ScriptHost &) = delete;

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views, HandlerContext &context);
    [[nodiscard]] Result<void> fold(const std::string &view, const ParsedRecord &event, DocumentFold &documents);
    /// The commands of one reaction.
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const std::string &reaction, const ParsedRecord &event,
                                                             DocumentSource &views, HandlerContext &context);
    [[nodiscard]] Result<Json> upcast(const ParsedRecord &event, std::uint32_t from);
    /// It ran long or grew: a fresh one should take over.
    [[nodiscard]] bool isWorn();

private:
    class Guard;
    using Functions = std::map<std::string, QJSValue, std::less<>>;

    explicit ScriptHost(const DomainCode &code);
    [[nodiscard]] bool load(std::vector<DomainProblem> &problems);
    void bind(const QJSValue &module, std::vector<DomainProblem> &problems);
    /// The functions of one exported object; tells those that are missing or not declared.
    [[nodiscard]] Functions take(const QJSValue &owner, const std::string &path, const std::vector<std::string> &wanted,
                                 std::vector<DomainProblem> &problems) const;
    void bindUpcasters(const QJSValue &owner, std::vector<DomainProblem> &problems);
    /// Calls `function` of the surroundings and reads what comes out, both within the time allowed.
    template <class T, class Read>
    [[nodiscard]] Result<T> call(const QJSValue &function, const QJSValue &handler, const ParsedRecord &record,
                                 const ScriptBridge::Call &call, const std::string &what, Read read);
    [[nodiscard]] Error valueFault(const std::string &what, const std::string &pointer) const;
    [[nodiscard]] Result<Decision> readDecision(const QJSValue &out, const std::string &what);
    [[nodiscard]] Result<std::vector<FollowUpCommand>> readCommands(const QJSValue &out, const std::string &reaction,
                                                                    const std::string &what);

    const DomainCode &m_code;
    QJSEngine m_engine;
    std::unique_ptr<ScriptValues> m_values;
    std::unique_ptr<ScriptBridge> m_bridge;
    Watchdog::Seat m_seat;
    QJSValue m_decide;
    QJSValue m_fold;
    QJSValue m_react;
    QJSValue m_upcast;
    QJSValue m_message;
    Functions m_commands;
    std::map<std::string, Functions, std::less<>> m_views;
    Functions m_reactions;
    std::map<std::string, Functions, std::less<>> m_upcasters;
    std::uint64_t m_calls = 0;
    std::size_t m_memoryAtStart = 0;
    bool m_worn = false;
};

} // namespace commander::script
