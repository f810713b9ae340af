// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/helper_service.h"

#include "script/helper_messages.h"
#include "script/helper_process.h"
#include "script/script_host.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <malloc.h>
#include <map>
#include <new>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace commander::script {

namespace {

constexpr int goneExit = 0;     ///< the engine went away
constexpr int nonsenseExit = 1; ///< it sent what it must not
constexpr int faultExit = 70;

[[noreturn]] void leave(int code)
{
    ::_exit(code); // nothing is kept, and threads may be anywhere
}

/// The cause of every ending that can be told apart from a crash.
void tellOutOfMemory()
{
    ::mallopt(M_ARENA_MAX, 1); // the arena of each thread takes 64 MiB of the addresses that are counted
    std::set_new_handler([] { leave(outOfMemoryExit); });
    std::set_terminate([] {
        try {
            if (const auto thrown = std::current_exception())
                std::rethrow_exception(thrown);
        } catch (const std::bad_alloc &) {
            leave(outOfMemoryExit);
        } catch (...) {
            leave(faultExit);
        }
        leave(faultExit);
    });
}

/// The engine's end of the socket.
class Engine {
public:
    explicit Engine(int socket) : m_socket(socket) { }

    [[nodiscard]] std::string next()
    {
        std::array<char, 65536> buffer{};
        for (;;) {
            if (auto payload = m_cutter.next())
                return std::move(*payload);
            if (m_cutter.failed())
                leave(nonsenseExit);
            const auto got = ::recv(m_socket, buffer.data(), buffer.size(), 0);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                leave(goneExit);
            m_cutter.add({buffer.data(), static_cast<std::size_t>(got)});
        }
    }
    void send(std::string_view frame) const
    {
        while (!frame.empty()) {
            const auto sent = ::send(m_socket, frame.data(), frame.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR)
                continue;
            if (sent <= 0)
                leave(goneExit);
            frame.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Null when there is none.
    [[nodiscard]] std::optional<Json> document(const std::string &view, std::string_view key)
    {
        const auto frame = encode(ReadMessage{view, std::string(key)});
        if (!frame)
            leave(nonsenseExit);
        send(*frame);
        auto document = decodeDocument(next());
        if (!document)
            leave(nonsenseExit);
        return std::move(*document);
    }

private:
    const int m_socket;
    FrameCutter m_cutter;
};

/// The documents of the engine, each asked for once in a call.
class RemoteDocuments final : public DocumentSource, public DocumentFold {
public:
    RemoteDocuments(Engine &engine, const std::vector<SentDocument> &sent) : m_engine(engine)
    {
        for (const auto &one : sent)
            m_documents.emplace(std::pair(one.view, one.key), one.document);
    }
    [[nodiscard]] const Json *get(std::string_view view, std::string_view key) override
    {
        const auto place = std::pair(std::string(view), std::string(key));
        auto found = m_documents.find(place);
        if (found == m_documents.end())
            found = m_documents.emplace(place, m_engine.document(place.first, key)).first;
        return found->second ? &*found->second : nullptr;
    }
    [[nodiscard]] const Json *get(std::string_view key) override { return get({}, key); }
    void put(std::string_view key, Json document) override
    {
        m_documents[{std::string(), std::string(key)}] = document;
        changes.emplace_back(key, std::move(document));
    }
    void remove(std::string_view key) override
    {
        m_documents[{std::string(), std::string(key)}] = std::nullopt;
        changes.emplace_back(key, std::nullopt);
    }

    std::vector<std::pair<std::string, std::optional<Json>>> changes;

private:
    Engine &m_engine;
    std::map<std::pair<std::string, std::string>, std::optional<Json>> m_documents;
};

AnswerMessage failed(Error error)
{
    AnswerMessage answer;
    answer.kind = HelperMessage::Failed;
    answer.error = std::move(error);
    return answer;
}

AnswerMessage run(const CallMessage &message, ScriptHost &host, Engine &engine)
{
    Record record;
    static_cast<RecordDraft &>(record) = message.record;
    const auto data = parseJson(record.data);
    if (!data)
        leave(nonsenseExit);
    HandlerContext context(message.source, message.now, static_cast<int>(message.idsMade));
    RemoteDocuments documents(engine, message.documents);
    AnswerMessage answer;
    switch (message.kind) {
    case HelperMessage::Decide: {
        auto decision = host.decide({record, *data}, documents, context);
        if (!decision)
            return failed(std::move(decision.error()));
        answer.kind = HelperMessage::Decided;
        if (auto *rejection = std::get_if<Rejection>(&*decision))
            answer.rejection = std::move(*rejection);
        else
            answer.events = std::move(std::get<std::vector<EventDraft>>(*decision));
        break;
    }
    case HelperMessage::Fold:
        if (auto folded = host.fold(message.name, {record, *data}, documents); !folded)
            return failed(std::move(folded.error()));
        answer.kind = HelperMessage::Folded;
        answer.changes = std::move(documents.changes);
        break;
    case HelperMessage::React: {
        auto commands = host.react(message.name, {record, *data}, documents, context);
        if (!commands)
            return failed(std::move(commands.error()));
        answer.kind = HelperMessage::Reacted;
        answer.commands = std::move(*commands);
        break;
    }
    default: {
        auto upcast = host.upcast({record, *data}, message.from);
        if (!upcast)
            return failed(std::move(upcast.error()));
        answer.kind = HelperMessage::Upcasted;
        answer.data = std::move(*upcast);
        break;
    }
    }
    answer.idsMade = static_cast<std::uint32_t>(context.idsMade());
    return answer;
}

struct Loaded {
    std::shared_ptr<const DomainCode> code;
    std::unique_ptr<ScriptHost> host;
    std::vector<DomainProblem> problems;
};

/// Only what the engine has checked comes here, so that its scripts can run.
Loaded load(const LoadMessage &message)
{
    Loaded out;
    auto folder = domainFolderOf(message.files);
    if (!folder) {
        out.problems.push_back({{}, 0, 0, {}, folder.error().text(), {}});
        return out;
    }
    ScriptOptions options;
    options.callBudget = std::chrono::milliseconds(message.callBudget);
    options.loadBudget = std::chrono::milliseconds(message.loadBudget);
    options.engineGrowthBytes = static_cast<std::uint64_t>(message.engineGrowthBytes);
    std::vector<DomainProblem> told; // the engine knows them
    auto manifest = readManifest(*folder, told);
    out.code = std::make_shared<const DomainCode>(std::move(*folder), std::move(manifest), options);
    if (out.code->bundle.registered())
        out.host = ScriptHost::create(*out.code, out.problems);
    else
        out.problems.push_back({{}, 0, 0, {}, "the modules cannot be handed to the script engine", {}});
    return out;
}

} // namespace

int serveScripts(int socket)
{
    tellOutOfMemory();
    // A script in native code hears of nothing, and must not outlive the engine.
    std::thread([socket] {
        pollfd one{socket, 0, 0};
        while (::poll(&one, 1, -1) < 0 && errno == EINTR) { }
        leave(goneExit);
    }).detach();

    Engine engine(socket);
    const auto first = decodeLoad(engine.next());
    if (!first)
        return nonsenseExit;
    const auto loaded = load(*first);
    const auto told = encodeLoaded(loaded.problems);
    if (!told || !loaded.host) {
        engine.send(told.value_or(std::string()));
        return told ? goneExit : nonsenseExit;
    }
    engine.send(*told);
    for (;;) {
        const auto call = decodeCall(engine.next());
        if (!call)
            return nonsenseExit;
        auto answer = run(*call, *loaded.host, engine);
        answer.worn = loaded.host->isWorn();
        auto frame = encode(answer);
        if (!frame) {
            frame = encode(failed({ErrorCode::DomainFault,
                                   "what came out is larger than " + std::to_string(frameBytesMax >> 20) + " MiB",
                                   {},
                                   {},
                                   {}}));
        }
        engine.send(frame.value_or(std::string()));
    }
}

} // namespace commander::script
