// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/consumer_desk.h"

#include "system/system_words.h"

#include <commander/limits.h>

#include <utility>

namespace commander {

namespace {

using namespace std::chrono_literals;

constexpr auto decidedWait = 10s; ///< for a command about a consumer to be decided and carried out
constexpr auto lookInterval = 20ms;
constexpr std::size_t batchMax = 64;

TopicPartition consumersSource()
{
    return {std::string(system::consumersTopic), 0};
}

std::string writeRequest(const ConsumerRequest &request, const std::string &name)
{
    Json data;
    data.set("consumer", Json(name));
    if (!request.reason.empty())
        data.set("reason", Json(request.reason));
    return writeJson(data);
}

} // namespace

Result<ConsumerLog> readConsumerLog(Ledger &ledger)
{
    ConsumerLog log;
    for (;;) {
        const auto records = ledger.read(consumersSource(), log.next, limits::followerBatchMax);
        if (!records)
            return fail(records.error());
        if (records->empty())
            return log;
        for (const auto &record : *records) {
            if (auto taken = log.book.take(*record); !taken)
                return fail(std::move(taken.error()));
        }
        log.next = records->back()->offset.next();
    }
}

ConsumerDesk::ConsumerDesk(Options options)
    : m_options(std::move(options)), m_book(m_options.log.book),
      m_follower(m_options.ledger, "cmd-consumers", batchMax,
                 [this](std::span<const RecordPtr> events) { return take(events); })
{
}

ConsumerDesk::~ConsumerDesk()
{
    stop();
}

Result<void> ConsumerDesk::start()
{
    return m_follower.start(std::vector<TopicStart>{{consumersSource(), m_options.log.next}});
}

void ConsumerDesk::stop()
{
    m_follower.stop();
}

Result<void> ConsumerDesk::take(std::span<const RecordPtr> events)
{
    for (const auto &event : events) {
        Result<ConsumerBook::Change> change;
        {
            const std::scoped_lock lock(m_mutex);
            change = m_book.take(*event);
        }
        if (!change)
            return fail(std::move(change.error()));
        auto done = carryOut(*change);
        const std::scoped_lock lock(m_mutex);
        m_problems.erase(change->consumer);
        if (!done)
            m_problems[change->consumer] = done.error().text();
        m_done = event->position;
        m_changed.notify_all();
    }
    return {};
}

Result<void> ConsumerDesk::carryOut(const ConsumerBook::Change &change)
{
    if (change.skip)
        return m_options.views.skip(change.skip->version, change.skip->event.event, change.skip->event.position);
    if (!m_options.processor)
        return {}; // what is paused is so where commands are decided; who only reads has derived files of its own
    const bool paused = change.action == system::consumerPaused;
    const auto entry = find(change.consumer);
    if (!entry)
        return fail(entry.error());
    if (entry->status.kind == ConsumerKind::Index)
        m_options.index.setPaused(paused);
    else if (entry->view && (entry->status.canPause || !paused))
        return m_options.views.setPaused(entry->view->id, paused);
    return {};
}

Result<ConsumerDesk::Entry> ConsumerDesk::find(const std::string &name)
{
    for (auto &entry : entries()) {
        if (entry.status.name == name || (entry.view && entry.status.serves && "view:" + entry.view->id.view == name))
            return std::move(entry);
    }
    return fail(ErrorCode::NotFound, "no such consumer", name, "List the consumers that there are.");
}

Result<void> ConsumerDesk::checkPausable(const Entry &entry) const
{
    const auto &status = entry.status;
    if (!status.canPause && entry.view) {
        return fail(ErrorCode::Conflict, "commands are decided with this view, so it cannot be paused", status.name,
                    "Pause domain:" + entry.view->domain + " or the processor.");
    }
    if (!status.canPause)
        return fail(ErrorCode::Conflict, "it cannot be paused", status.name);
    if (status.state == ConsumerState::Paused)
        return fail(ErrorCode::Conflict, "it is paused already", status.name);
    return {};
}

Result<void> ConsumerDesk::checkDecided() const
{
    if (!m_options.processor) {
        return fail(ErrorCode::LedgerReadOnly, "the workspace is open for reading only", {},
                    "Ask the one that has it open for writing.");
    }
    const auto status = m_options.processor->status();
    if (status.paused) {
        return fail(ErrorCode::Conflict, "the processor is paused, so nobody decides this", "processor",
                    "Resume the processor first.");
    }
    if (!status.running)
        return fail(ErrorCode::NotReady, "the processor has stopped, so nobody decides this", status.fault);
    return {};
}

Result<void> ConsumerDesk::vet(const RecordDraft &command, const Json &data)
{
    if (command.action != system::pauseConsumer && command.action != system::skipEvent)
        return {};
    const std::string name(data.stringAt("consumer"));
    const auto entry = find(name);
    if (!entry)
        return fail(entry.error());
    if (entry->status.name != name)
        return fail(ErrorCode::InvalidArgument, "a command names a version of a view", "/consumer",
                    "Write " + entry->status.name + ".");
    if (command.action == system::pauseConsumer)
        return checkPausable(*entry);
    const auto stopped = skipOf(*entry);
    if (!stopped)
        return fail(stopped.error());
    const auto asked = readSkip(data);
    if (!asked)
        return fail(asked.error());
    if (asked->version != stopped->version || asked->event.event != stopped->event.event
        || asked->event.position != stopped->event.position)
        return fail(ErrorCode::Conflict, "it did not stop at this event", name);
    return {};
}

Result<ConsumerBook::Skip> ConsumerDesk::skipOf(const Entry &entry) const
{
    if (!entry.view)
        return fail(ErrorCode::Conflict, "only views leave out events", entry.status.name);
    if (!entry.status.faultAt)
        return fail(ErrorCode::Conflict, "it has not stopped at an event", entry.status.name);
    const auto records = m_options.ledger.readAt(*entry.status.faultAt, 1);
    if (!records)
        return fail(records.error());
    if (records->empty() || records->front()->kind != RecordKind::Event)
        return fail(ErrorCode::Internal, "there is no event where it stopped", entry.status.name);
    ConsumerBook::Skip skip;
    skip.version = entry.view->id;
    skip.event.event = records->front()->id;
    skip.event.position = records->front()->position;
    return skip;
}

Result<Uuid> ConsumerDesk::act(std::string_view action, std::string data, const std::string &actor)
{
    CommandDraft draft;
    draft.action = action;
    draft.data = std::move(data);
    draft.actor = actor;
    const auto receipt = m_options.commands.submitAndWait(std::move(draft));
    if (!receipt)
        return fail(receipt.error());
    const auto &id = receipt->command->id;
    const auto result = m_options.commands.waitForResult(id, decidedWait);
    if (!result)
        return fail(result.error());
    const auto outcome = parseOutcome((*result)->data);
    if (!outcome)
        return fail(outcome.error());
    if (outcome->status != CommandStatus::Succeeded)
        return fail(ErrorCode::Conflict, outcome->errorMessage, id.text());
    const auto event = m_options.ledger.find(outcome->events.front());
    if (!event)
        return fail(event.error());
    std::unique_lock lock(m_mutex);
    if (!m_changed.wait_for(lock, decidedWait, [&] { return m_done >= (*event)->position; }))
        return fail(ErrorCode::TimedOut, "it is recorded, but not carried out yet", id.text());
    return id;
}

Result<void> ConsumerDesk::awaitPaused(bool paused)
{
    for (auto waited = 0ms; waited < decidedWait; waited += lookInterval) {
        if (m_options.processor->status().paused == paused)
            return {};
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, lookInterval, [] { return false; });
    }
    return fail(ErrorCode::TimedOut, "it is recorded, but the processor has not come to it yet", "processor");
}

void ConsumerDesk::setShadowPaused(int number, bool paused)
{
    m_options.lab.shadows().forEach([number, paused](int one, ShadowRun &run) {
        if (one != number)
            return;
        if (paused)
            run.pause();
        else
            run.resume();
    });
}

Result<void> ConsumerDesk::pause(const ConsumerRequest &request)
{
    const auto entry = find(request.name);
    if (!entry)
        return fail(entry.error());
    if (auto pausable = checkPausable(*entry); !pausable)
        return pausable;
    if (entry->shadow != 0) {
        setShadowPaused(entry->shadow, true);
        return {};
    }
    if (auto decided = checkDecided(); !decided)
        return decided;
    auto done = act(system::pauseConsumer, writeRequest(request, entry->status.name), request.actor);
    if (!done)
        return fail(std::move(done.error()));
    return entry->status.kind == ConsumerKind::Processor ? awaitPaused(true) : Result<void>();
}

Result<void> ConsumerDesk::resume(const ConsumerRequest &request)
{
    const auto entry = find(request.name);
    if (!entry)
        return fail(entry.error());
    const auto &status = entry->status;
    if (status.state == ConsumerState::Running)
        return fail(ErrorCode::Conflict, "it is running", status.name);
    if (entry->shadow != 0) {
        setShadowPaused(entry->shadow, false);
        return {};
    }
    if (status.state == ConsumerState::Stopped) {
        if (!entry->view)
            return fail(ErrorCode::Conflict, "it has stopped: " + status.fault, status.name, "Reopen the workspace.");
        return m_options.views.retry(entry->view->id);
    }
    if (status.kind != ConsumerKind::Processor) {
        if (auto decided = checkDecided(); !decided)
            return decided;
        auto done = act(system::resumeConsumer, writeRequest(request, status.name), request.actor);
        return done ? Result<void>() : fail(std::move(done.error()));
    }
    // Its result comes after everything that waits; that it is in the ledger is enough.
    CommandDraft draft;
    draft.action = system::resumeConsumer;
    draft.data = writeRequest(request, status.name);
    draft.actor = request.actor;
    if (const auto receipt = m_options.commands.submitAndWait(std::move(draft)); !receipt)
        return fail(receipt.error());
    return awaitPaused(false);
}

Result<void> ConsumerDesk::reset(const ConsumerRequest &request)
{
    const auto entry = find(request.name);
    if (!entry)
        return fail(entry.error());
    const auto &status = entry->status;
    if (!status.canReset)
        return fail(ErrorCode::Conflict, "it keeps nothing that could be built again", status.name);
    if (status.state == ConsumerState::Paused)
        return fail(ErrorCode::Conflict, "it is paused", status.name, "Resume it first.");
    if (entry->view)
        return m_options.views.reset(entry->view->id);
    m_options.index.reset();
    return {};
}

Result<SkippedEvent> ConsumerDesk::skip(const ConsumerRequest &request)
{
    if (request.reason.empty())
        return fail(ErrorCode::InvalidArgument, "to leave out an event takes a reason", "reason", "Say why.");
    const auto entry = find(request.name);
    if (!entry)
        return fail(entry.error());
    auto skip = skipOf(*entry);
    if (!skip)
        return fail(skip.error());
    if (auto decided = checkDecided(); !decided)
        return fail(decided.error());
    skip->event.reason = request.reason;
    const auto done = act(system::skipEvent, writeSkip(entry->status.name, *skip, entry->status.fault), request.actor);
    if (!done)
        return fail(done.error());
    skip->event.command = *done;
    return skip->event;
}

} // namespace commander
