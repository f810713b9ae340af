// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/helper_scripts.h"

#include <algorithm>

namespace commander::script {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t idleMax = 4;
/// Its own watchdog stops what runs too long; only native code that does not listen lives to see the engine's.
constexpr auto grace = 300ms;
constexpr int realTimeFactor = 30; ///< of the budget, for a process that gets no processor
constexpr auto startGrace = 10s;   ///< for a machine that is busy

Error nonsense(const std::string &what)
{
    return {ErrorCode::ScriptCrashed, what + ": its process gave an answer that is none", {}, {}, {}};
}

} // namespace

HelperScripts::HelperScripts(std::shared_ptr<const DomainCode> code) : m_code(std::move(code)) { }

HelperScripts::~HelperScripts() = default;

std::unique_ptr<HelperScripts> HelperScripts::create(std::shared_ptr<const DomainCode> code,
                                                     std::vector<DomainProblem> &problems)
{
    std::unique_ptr<HelperScripts> scripts(new HelperScripts(std::move(code)));
    auto first = scripts->start(problems);
    if (!first) {
        if (problems.empty())
            problems.push_back({{}, 0, 0, {}, first.error().text(), {}});
        return nullptr;
    }
    scripts->give(std::move(*first));
    return scripts;
}

Result<std::unique_ptr<HelperProcess>> HelperScripts::start(std::vector<DomainProblem> &problems) const
{
    const auto &options = m_code->options;
    auto process = HelperProcess::start(options.helper, options.memoryBytes);
    if (!process)
        return process;
    LoadMessage message;
    message.files = m_code->folder.files;
    message.callBudget = static_cast<std::uint32_t>(options.callBudget.count());
    message.loadBudget = static_cast<std::uint32_t>(options.loadBudget.count());
    message.engineGrowthBytes = static_cast<std::int64_t>(options.memoryBytes / 3);
    const auto frame = encode(message);
    if (!frame)
        return fail(ErrorCode::LimitExceeded, "the domain's files are too large for a process of its own");
    const std::string what = "the module of the domain " + m_code->manifest.name;
    std::string payload;
    const auto received = (*process)->send(*frame)
        ? (*process)->receive(std::chrono::steady_clock::now() + options.loadBudget + startGrace, payload)
        : HelperProcess::Received::Gone;
    if (received == HelperProcess::Received::Late) {
        return fail(ErrorCode::ScriptTimeout, what + " did not come to an end", {},
                    "Keep work out of the module's top level.");
    }
    if (received == HelperProcess::Received::Gone)
        return fail((*process)->death(what));
    auto loaded = decodeLoaded(payload);
    if (!loaded)
        return fail(nonsense(what));
    if (loaded->empty())
        return process;
    const auto first = loaded->front().text();
    std::move(loaded->begin(), loaded->end(), std::back_inserter(problems));
    return fail(ErrorCode::DomainFault, "a fresh process cannot load the domain: " + first);
}

Result<std::unique_ptr<HelperProcess>> HelperScripts::take()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            auto process = std::move(m_idle.back());
            m_idle.pop_back();
            return process;
        }
    }
    std::vector<DomainProblem> problems;
    return start(problems);
}

void HelperScripts::give(std::unique_ptr<HelperProcess> process)
{
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < idleMax)
        m_idle.push_back(std::move(process));
}

Result<AnswerMessage> HelperScripts::call(CallMessage message, const ParsedRecord &record, const Documents &documents,
                                          HelperMessage answer, const std::string &what)
{
    // What no script can hold is refused there, in the same words as here.
    message.record.id = record.record.id;
    message.record.parent = record.record.parent;
    message.record.correlation = record.record.correlation;
    message.record.timestamp = record.record.time();
    message.record.key = record.record.key;
    message.record.action = record.record.action;
    message.record.actor = record.record.actor;
    message.record.data = writeJson(record.data);
    for (auto &guess : m_hints.guess(message, record.data)) {
        const Json *document = nullptr;
        if (!read({guess.view, guess.key}, documents, document))
            continue;
        if (document)
            guess.document = *document;
        message.documents.push_back(std::move(guess));
    }
    const auto frame = encode(message);
    if (!frame)
        return fail(ErrorCode::DomainFault, what + " would get more than a process takes at once");
    // One that ended while it had nothing to do is nobody's fault: the call has not begun.
    for (std::size_t attempts = 0;; ++attempts) {
        auto process = take();
        if (!process)
            return fail(process.error());
        if ((*process)->send(*frame))
            return serve(std::move(*process), message, record.data, documents, answer, what);
        if (attempts == idleMax)
            return fail((*process)->death(what));
    }
}

bool HelperScripts::read(const ReadMessage &message, const Documents &documents, const Json *&document) const
{
    if (message.view.empty()) {
        document = documents.fold ? documents.fold->get(message.key) : nullptr;
        return documents.fold != nullptr;
    }
    const auto &views = m_code->manifest.views;
    const bool readable = documents.views && std::any_of(views.begin(), views.end(), [&message](const ViewEntry &view) {
                              return view.spec.decides && view.spec.name == message.view;
                          });
    document = readable ? documents.views->get(message.view, message.key) : nullptr;
    return readable;
}

Result<AnswerMessage> HelperScripts::serve(std::unique_ptr<HelperProcess> process, const CallMessage &message,
                                           const Json &data, const Documents &documents, HelperMessage answer,
                                           const std::string &what)
{
    const auto budget = m_code->options.callBudget;
    const auto patience = budget + std::max<std::chrono::milliseconds>(grace, budget);
    const auto begun = std::chrono::steady_clock::now();
    const auto workedBefore = process->worked();
    auto look = begun + patience;
    std::string payload;
    for (;;) {
        switch (process->receive(look, payload)) {
        case HelperProcess::Received::Late:
            // What it worked counts, not what it waited for a processor: a call ends alike on a busy machine.
            if (process->worked() - workedBefore < patience
                && std::chrono::steady_clock::now() - begun < budget * realTimeFactor) {
                look = std::chrono::steady_clock::now() + grace;
                continue;
            }
            process->kill();
            return fail(ErrorCode::ScriptTimeout,
                        what + " ran longer than " + std::to_string(budget.count()) + " ms and its process was ended",
                        "domain " + m_code->manifest.name,
                        "Look for a regular expression or a text that takes too long.");
        case HelperProcess::Received::Gone: {
            auto death = process->death(what);
            death.where = "domain " + m_code->manifest.name;
            return fail(std::move(death));
        }
        case HelperProcess::Received::Payload:
            break;
        }
        if (kindOf(payload) == HelperMessage::Read) {
            const auto asked = decodeRead(payload);
            const Json *document = nullptr;
            if (!asked || !read(*asked, documents, document))
                return fail(nonsense(what));
            m_hints.learn(message, data, *asked);
            const auto frame = encodeDocument(document);
            if (!frame)
                return fail(ErrorCode::LimitExceeded, "the document " + asked->key + " is too large for a script",
                            what);
            // When it is gone by now, the next receive() says so.
            static_cast<void>(process->send(*frame));
            continue;
        }
        auto done = decodeAnswer(payload);
        if (!done || (done->kind != answer && done->kind != HelperMessage::Failed))
            return fail(nonsense(what));
        if (!done->worn)
            give(std::move(process));
        if (done->kind == HelperMessage::Failed)
            return fail(std::move(done->error));
        return std::move(*done);
    }
}

Result<Decision> HelperScripts::decide(const ParsedRecord &command, DocumentSource &views, HandlerContext &context)
{
    CallMessage message{HelperMessage::Decide,
                        {},
                        0,
                        {},
                        context.source(),
                        context.now(),
                        static_cast<std::uint32_t>(context.idsMade())};
    auto answer = call(std::move(message), command, {&views, nullptr}, HelperMessage::Decided,
                       "the handler of " + command.record.action);
    if (!answer)
        return fail(std::move(answer.error()));
    context = HandlerContext(context.source(), context.now(), static_cast<int>(answer->idsMade));
    if (answer->rejection)
        return std::move(*answer->rejection);
    return std::move(answer->events);
}

Result<void> HelperScripts::fold(const std::string &view, const ParsedRecord &event, DocumentFold &documents)
{
    auto answer = call({HelperMessage::Fold, view, 0, {}, {}, {}, 0}, event, {nullptr, &documents},
                       HelperMessage::Folded, "the fold of " + event.record.action + " in view " + view);
    if (!answer)
        return fail(std::move(answer.error()));
    for (auto &[key, document] : answer->changes) {
        if (document)
            documents.put(key, std::move(*document));
        else
            documents.remove(key);
    }
    return {};
}

Result<std::vector<FollowUpCommand>> HelperScripts::react(const std::string &reaction, const ParsedRecord &event,
                                                          DocumentSource &views, HandlerContext &context)
{
    CallMessage message{HelperMessage::React,
                        reaction,
                        0,
                        {},
                        context.source(),
                        context.now(),
                        static_cast<std::uint32_t>(context.idsMade())};
    auto answer = call(std::move(message), event, {&views, nullptr}, HelperMessage::Reacted,
                       "the reaction " + reaction + " to " + event.record.action);
    if (!answer)
        return fail(std::move(answer.error()));
    context = HandlerContext(context.source(), context.now(), static_cast<int>(answer->idsMade));
    for (auto &command : answer->commands)
        command.reaction = reaction;
    return std::move(answer->commands);
}

Result<Json> HelperScripts::upcast(const ParsedRecord &event, std::uint32_t from)
{
    auto answer = call({HelperMessage::Upcast, {}, from, {}, {}, {}, 0}, event, {}, HelperMessage::Upcasted,
                       "the upcaster of " + event.record.action + " from version " + std::to_string(from));
    if (!answer)
        return fail(std::move(answer.error()));
    return std::move(answer->data);
}

} // namespace commander::script
