// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_host.h"

#include "script/sandbox.h"
#include "script/surroundings.h"

#include <algorithm>
#include <fstream>
#include <unistd.h>

namespace commander::script {

namespace {

constexpr std::uint64_t callsBetweenMemoryLooks = 8192;

std::size_t residentMemory()
{
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::vector<std::string> readableViews(const Manifest &manifest)
{
    std::vector<std::string> out;
    for (const auto &view : manifest.views) {
        if (view.spec.decides)
            out.push_back(view.spec.name);
    }
    return out;
}

Result<std::optional<Timestamp>> timeOf(const QJSValue &value, const std::string &what)
{
    if (value.isUndefined() || value.isNull())
        return std::optional<Timestamp>();
    auto parsed = Timestamp::parse(value.toString().toStdString());
    if (!parsed)
        return fail(ErrorCode::DomainFault, "notBefore and expiresAt are RFC 3339 times: " + parsed.error().what, what);
    return *parsed;
}

} // namespace

DomainCode::DomainCode(DomainFolder folderRead, Manifest manifestRead, ScriptOptions optionsGiven)
    : folder(std::move(folderRead)), manifest(std::move(manifestRead)), options(optionsGiven),
      bundle("domain-" + toHex(folder.hash).substr(0, 16), folder.files)
{
}

/// The time allowed for one call; afterwards the engine is ready for the next.
class ScriptHost::Guard {
public:
    Guard(ScriptHost &host, const ScriptBridge::Call &call, std::chrono::milliseconds budget) : m_host(host)
    {
        ++host.m_calls;
        host.m_bridge->begin(call);
        host.m_seat.begin(budget);
    }
    ~Guard() { static_cast<void>(overran()); }
    Guard(const Guard &) = delete;
    Guard &operator=(const Guard &) = delete;

    /// Ends the call; true when it was stopped.
    [[nodiscard]] bool overran()
    {
        if (!m_ended) {
            m_ended = true;
            m_overran = m_host.m_seat.end();
            m_host.m_bridge->end();
            if (m_overran) {
                m_host.m_engine.setInterrupted(false);
                m_host.m_worn = true;
            }
        }
        return m_overran;
    }

private:
    ScriptHost &m_host;
    bool m_ended = false;
    bool m_overran = false;
};

ScriptHost::ScriptHost(const DomainCode &code)
    : m_code(code), m_seat(code.watchdog, [this] { m_engine.setInterrupted(true); }), m_memoryAtStart(residentMemory())
{
}

ScriptHost::~ScriptHost() = default;

std::unique_ptr<ScriptHost> ScriptHost::create(const DomainCode &code, std::vector<DomainProblem> &problems)
{
    std::unique_ptr<ScriptHost> host(new ScriptHost(code));
    if (!host->load(problems))
        return nullptr;
    return host;
}

bool ScriptHost::load(std::vector<DomainProblem> &problems)
{
    const auto before = problems.size();
    const auto prefix = m_code.bundle.urlPrefix();
    const auto finish = closeSandbox(m_engine);
    m_values = std::make_unique<ScriptValues>(m_engine);
    m_bridge = std::make_unique<ScriptBridge>(*m_values, readableViews(m_code.manifest));
    QJSEngine::setObjectOwnership(m_bridge.get(), QJSEngine::CppOwnership);
    const auto readable = readableViews(m_code.manifest);
    auto names = m_engine.newArray(static_cast<uint>(readable.size()));
    for (std::size_t i = 0; i < readable.size(); ++i)
        names.setProperty(static_cast<quint32>(i), QString::fromStdString(readable[i]));
    const auto kit = m_engine.evaluate(surroundingsSource(), QStringLiteral("surroundings"))
                         .call({m_engine.newQObject(m_bridge.get()), names});
    const auto closed = finish.isCallable() ? finish.call({kit.property(QStringLiteral("time"))}) : finish;
    if (kit.isError() || closed.isError() || !finish.isCallable()) {
        problems.push_back(
            {{},
             0,
             0,
             {},
             "this version of Qt cannot run scripts safely: " + (kit.isError() ? kit : closed).toString().toStdString(),
             {}});
        return false;
    }
    m_decide = kit.property(QStringLiteral("decide"));
    m_fold = kit.property(QStringLiteral("fold"));
    m_react = kit.property(QStringLiteral("react"));
    m_upcast = kit.property(QStringLiteral("upcast"));
    m_message = kit.property(QStringLiteral("message"));

    Guard guard(*this, {}, m_code.options.loadBudget);
    const auto module = m_engine.importModule(QString::fromStdString(m_code.bundle.path(m_code.manifest.module)));
    const bool failed = m_engine.hasError() || module.isError();
    const auto thrown = m_engine.hasError() ? m_engine.catchError() : module;
    if (guard.overran()) {
        problems.push_back({m_code.manifest.module,
                            0,
                            0,
                            {},
                            "the module ran longer than " + std::to_string(m_code.options.loadBudget.count()) + " ms",
                            "Keep work out of the module's top level."});
    } else if (failed) {
        problems.push_back(ScriptError::of(thrown, prefix).problem(m_code.folder));
    } else {
        bind(module, problems);
    }
    return problems.size() == before;
}

bool ScriptHost::isWorn()
{
    if (m_calls % callsBetweenMemoryLooks == callsBetweenMemoryLooks - 1)
        m_worn = m_worn || residentMemory() > m_memoryAtStart + m_code.options.engineGrowthBytes;
    return m_worn || m_calls >= m_code.options.callsPerEngine;
}

Error ScriptHost::valueFault(const std::string &what, const std::string &pointer) const
{
    const auto &fault = m_values->fault();
    const auto full = pointer + fault.pointer;
    return {ErrorCode::DomainFault,
            fault.code + ": " + fault.message,
            what + ", " + full,
            fault.code == "unsafe-number" ? "A scripted domain holds such numbers as texts." : std::string(),
            {{full, fault.message}}};
}

template <class T, class Read>
Result<T> ScriptHost::call(const QJSValue &function, const QJSValue &handler, const ParsedRecord &record,
                           const ScriptBridge::Call &call, const std::string &what, Read read)
{
    auto data = m_values->toScript(record.data);
    if (data.isUndefined())
        return fail(valueFault(what, "/data"));
    Guard guard(*this, call, m_code.options.callBudget);
    const auto message = m_message.call({QJSValue(ScriptValues::text(record.record.action)), data});
    const auto out = function.call({handler, message});
    auto result = out.isError() ? Result<T>(fail(ErrorCode::Internal, {})) : read(out);
    if (guard.overran()) {
        return fail(ErrorCode::ScriptTimeout,
                    what + " ran longer than " + std::to_string(m_code.options.callBudget.count())
                        + " ms and was stopped",
                    "domain " + m_code.manifest.name, "Look for a loop without end.");
    }
    if (const auto &fault = m_bridge->fault()) {
        auto error = *fault;
        error.where = what + (error.where.empty() ? "" : ", " + error.where);
        return fail(std::move(error));
    }
    if (out.isError())
        return fail(ScriptError::of(out, m_code.bundle.urlPrefix()).fault(what, m_code.folder));
    return result;
}

Result<Decision> ScriptHost::decide(const ParsedRecord &command, DocumentSource &views, HandlerContext &context)
{
    const auto &action = command.record.action;
    const auto handler = m_commands.find(action);
    if (handler == m_commands.end())
        return fail(ErrorCode::DomainFault, "the domain " + m_code.manifest.name + " does not know " + action);
    const auto what = "the handler of " + action;
    return call<Decision>(m_decide, handler->second, command, {&command.record, &views, nullptr, &context}, what,
                          [&](const QJSValue &out) { return readDecision(out, what); });
}

Result<Decision> ScriptHost::readDecision(const QJSValue &out, const std::string &what)
{
    const auto length = out.property(QStringLiteral("length")).toUInt();
    const auto first = out.property(quint32(0));
    if (length == 3 && first.isString()) {
        auto details = m_values->fromScript(out.property(quint32(2)));
        auto code = ScriptValues::utf8(first.toString());
        auto message = ScriptValues::utf8(out.property(quint32(1)).toString());
        if (!details)
            return fail(valueFault(what, "/details"));
        if (!code || !message)
            return fail(ErrorCode::DomainFault, "a text of reject() holds half a character", what);
        return Rejection{std::move(*code), std::move(*message), std::move(*details)};
    }
    std::vector<EventDraft> events;
    events.reserve(length);
    for (quint32 i = 0; i < length; ++i) {
        const auto event = out.property(i);
        const auto action = event.property(QStringLiteral("action"));
        const auto pointer = '/' + std::to_string(i);
        auto name = ScriptValues::utf8(action.toString());
        if (!action.isString() || !name)
            return fail(ErrorCode::DomainFault, "an event has no action", what + ", " + pointer,
                        R"(Return events as {action: "money-transferred", data: {…}}.)");
        auto data = m_values->fromScript(event.property(QStringLiteral("data")));
        if (!data)
            return fail(valueFault(what, pointer + "/data"));
        const auto key = event.property(QStringLiteral("key"));
        auto text = key.isString() ? ScriptValues::utf8(key.toString()).value_or(std::string())
                                   : m_code.manifest.keyOf(*name, *data);
        events.push_back({std::move(*name), std::move(text), std::move(*data)});
    }
    return events;
}

Result<void> ScriptHost::fold(const std::string &view, const ParsedRecord &event, DocumentFold &documents)
{
    const auto functions = m_views.find(view);
    const auto handler
        = functions == m_views.end() ? Functions::iterator() : functions->second.find(event.record.action);
    const auto what = "the fold of " + event.record.action + " in view " + view;
    if (functions == m_views.end() || handler == functions->second.end())
        return fail(ErrorCode::DomainFault, "there is no such function", what);
    return call<void>(m_fold, handler->second, event, {&event.record, nullptr, &documents, nullptr}, what,
                      [](const QJSValue &) { return Result<void>(); });
}

Result<std::vector<FollowUpCommand>> ScriptHost::react(const std::string &reaction, const ParsedRecord &event,
                                                       DocumentSource &views, HandlerContext &context)
{
    const auto handler = m_reactions.find(reaction);
    const auto what = "the reaction " + reaction + " to " + event.record.action;
    if (handler == m_reactions.end())
        return fail(ErrorCode::DomainFault, "there is no such function", what);
    return call<std::vector<FollowUpCommand>>(m_react, handler->second, event,
                                              {&event.record, &views, nullptr, &context}, what,
                                              [&](const QJSValue &out) { return readCommands(out, reaction, what); });
}

Result<std::vector<FollowUpCommand>> ScriptHost::readCommands(const QJSValue &out, const std::string &reaction,
                                                              const std::string &what)
{
    std::vector<FollowUpCommand> commands;
    const auto length = out.property(QStringLiteral("length")).toUInt();
    for (quint32 i = 0; i < length; ++i) {
        const auto command = out.property(i);
        const auto action = command.property(QStringLiteral("action"));
        const auto pointer = '/' + std::to_string(i);
        auto name = ScriptValues::utf8(action.toString());
        if (!action.isString() || !name)
            return fail(ErrorCode::DomainFault, "a command has no action", what + ", " + pointer,
                        "Return commands as command(action, data).");
        auto data = m_values->fromScript(command.property(QStringLiteral("data")));
        if (!data)
            return fail(valueFault(what, pointer + "/data"));
        const auto notBefore = timeOf(command.property(QStringLiteral("notBefore")), what + ", " + pointer);
        const auto expiresAt = timeOf(command.property(QStringLiteral("expiresAt")), what + ", " + pointer);
        if (!notBefore || !expiresAt)
            return fail(notBefore ? expiresAt.error() : notBefore.error());
        commands.push_back({std::move(*name), reaction, std::move(*data), *notBefore, *expiresAt});
    }
    return commands;
}

Result<Json> ScriptHost::upcast(const ParsedRecord &event, std::uint32_t from)
{
    const auto functions = m_upcasters.find(event.record.action);
    const auto handler
        = functions == m_upcasters.end() ? Functions::iterator() : functions->second.find(std::to_string(from));
    const auto what = "the upcaster of " + event.record.action + " from version " + std::to_string(from);
    if (functions == m_upcasters.end() || handler == functions->second.end())
        return fail(ErrorCode::DomainFault, "there is no such function", what);
    return call<Json>(m_upcast, handler->second, event, {&event.record, nullptr, nullptr, nullptr}, what,
                      [&](const QJSValue &out) -> Result<Json> {
                          auto data = m_values->fromScript(out.property(quint32(0)));
                          if (!data)
                              return fail(valueFault(what, "/data"));
                          return std::move(*data);
                      });
}

} // namespace commander::script
