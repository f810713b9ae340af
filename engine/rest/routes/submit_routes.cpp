// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/cloud_event.h"
#include "rest/routes/list_streams.h"
#include "rest/routes/routes.h"
#include "rest/routes/submission.h"
#include "rest/routes/submit_request.h"

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t batchItemsMax = 1000;

/// What came of one command: recorded, and its result when that was waited for.
struct Outcome {
    CommandReceipt receipt;
    RecordPtr result; ///< null when it was not waited for, or time was over
};

CommandState stateOf(const RecordPtr &result)
{
    CommandState state;
    state.result = result;
    if (!result)
        return state;
    state.status = commandStatusFromName(result->action).value_or(CommandStatus::Failed);
    if (const auto outcome = parseOutcome(result->data))
        state.children = outcome->events;
    return state;
}

std::string locationOf(const Record &command)
{
    return "/commands/" + command.id.text();
}

/// A waited command that did not succeed: the problem, with everything that is recorded of it.
Problem problemOf(const Outcome &outcome)
{
    const auto parsed = parseOutcome(outcome.result->data);
    const bool rejected = outcome.result->action == commandStatusName(CommandStatus::Rejected);
    const bool failed = outcome.result->action == commandStatusName(CommandStatus::Failed);
    Problem problem;
    const bool conflict = rejected && parsed && parsed->errorCode == revisionConflict;
    problem.status = failed ? 500 : conflict ? 412 : 409;
    problem.code = conflict ? std::string(revisionConflict) : "command-" + outcome.result->action;
    problem.instance = locationOf(*outcome.receipt.command);
    problem.commandId = outcome.receipt.command->id;
    problem.position = outcome.result->position;
    {
        std::string &out = problem.members;
        out = rejected ? "\"rejection\":" : "\"failure\":";
        ObjectWriter reason(out);
        reason.text("code", parsed ? parsed->errorCode : std::string());
        reason.text("message", parsed ? parsed->errorMessage : std::string());
        if (parsed && !parsed->errorDetails.empty())
            reason.raw("details", parsed->errorDetails);
    }
    problem.detail = parsed ? parsed->errorMessage : std::string();
    problem.members += ",\"result\":";
    appendResult(problem.members, *outcome.result);
    problem.members += ",\"command\":";
    appendCommand(problem.members, *outcome.receipt.command, stateOf(outcome.result));
    return problem;
}

/// `ledger`: the answer is a CloudEvent, of this ledger.
Response responseOf(const Outcome &outcome, const std::optional<Uuid> &ledger = {})
{
    const auto &command = *outcome.receipt.command;
    Response response;
    if (outcome.result && outcome.result->action != commandStatusName(CommandStatus::Succeeded)) {
        response = problemResponse(problemOf(outcome));
    } else {
        response.status = outcome.result ? 201 : 202;
        const auto state = stateOf(outcome.result);
        if (ledger) {
            response.contentType = cloudEventType;
            appendCloudEvent(response.body, command, *ledger, state.status);
        } else {
            appendCommand(response.body, command, state);
        }
        response.at(outcome.result ? outcome.result->position : command.position);
    }
    response.with("Location", locationOf(command));
    if (outcome.receipt.replayed)
        response.with("Idempotency-Replayed", "true");
    return response;
}

/// Puts one command into the ledger, however it comes about. Called once.
using RecordCommand = std::function<void(Commands &, Commands::Done)>;

/// Records one command, waits for its result if asked to, and hands over what came of it, in the server thread.
void record(RestContext &context, const RecordCommand &how, std::chrono::milliseconds wait,
            std::function<void(Result<Outcome>)> done)
{
    const auto returns = context.returns();
    const auto recorded = [&context, returns, wait, done = std::move(done)](Result<CommandReceipt> receipt) mutable {
        returns->post([&context, returns, wait, done = std::move(done), receipt = std::move(receipt)]() mutable {
            if (!receipt)
                return done(fail(std::move(receipt.error())));
            if (wait.count() == 0)
                return done(Outcome{std::move(*receipt), nullptr});
            const auto id = receipt->command->id;
            context.engine().commands().awaitResult(
                id, wait, [returns, done = std::move(done), receipt = std::move(*receipt)](RecordPtr result) mutable {
                    returns->post([done = std::move(done), receipt = std::move(receipt), result = std::move(result)] {
                        done(Outcome{receipt, result});
                    });
                });
        });
    };
    how(context.engine().commands(), recorded);
}

void submit(RestContext &context, CommandDraft draft, std::chrono::milliseconds wait,
            std::function<void(Result<Outcome>)> done)
{
    record(
        context,
        [&draft](Commands &commands, Commands::Done recorded) {
            commands.submit(std::move(draft), std::move(recorded));
        },
        wait, std::move(done));
}

Problem submitProblem(const Error &error, const std::optional<Uuid> &id)
{
    auto problem = commander::rest::problemOf(error);
    problem.commandId = id;
    return problem;
}

/// Several commands in one request. Each is recorded on its own; the answer tells what came of each, in their order.
class Batch : public std::enable_shared_from_this<Batch> {
public:
    Batch(RestContext &context, ExchangeId exchange, ReadCommand read, std::string actor, bool lines,
          WaitPreference preference)
        : m_context(context), m_exchange(exchange), m_read(read), m_actor(std::move(actor)), m_lines(lines),
          m_preference(std::move(preference))
    {
    }
    void run(const std::vector<std::string_view> &items)
    {
        m_answers.resize(items.size());
        m_missing = items.size();
        for (std::size_t i = 0; i < items.size(); ++i) {
            auto draft = m_read(items[i], m_actor);
            if (!draft) {
                take(i, problemResponse(submitProblem(draft.error(), std::nullopt)));
                continue;
            }
            const auto id = draft->id;
            submit(m_context, std::move(*draft), m_preference.wait,
                   [self = shared_from_this(), i, id](const Result<Outcome> &outcome) {
                       self->take(i,
                                  outcome ? responseOf(*outcome) : problemResponse(submitProblem(outcome.error(), id)));
                   });
        }
    }

private:
    void take(std::size_t index, Response answer)
    {
        m_answers[index] = std::move(answer);
        if (--m_missing == 0)
            finish();
    }
    void finish()
    {
        Response response;
        // Refused as a whole only when nothing at all was recorded.
        response.status = m_answers.front().status;
        for (auto &answer : m_answers) {
            const bool recorded = std::any_of(answer.headers.begin(), answer.headers.end(),
                                              [](const auto &header) { return header.first == "Location"; });
            if (recorded)
                response.status = 202;
            replaceLineBreaks(answer.body);
        }
        if (!m_lines)
            response.body += '[';
        for (std::size_t i = 0; i < m_answers.size(); ++i) {
            if (i > 0 && !m_lines)
                response.body += ',';
            response.body += m_answers[i].body;
            if (m_lines)
                response.body += '\n';
        }
        if (!m_lines)
            response.body += ']';
        response.contentType = m_lines ? "application/x-ndjson" : "application/json";
        if (!m_preference.applied.empty())
            response.with("Preference-Applied", m_preference.applied);
        m_context.answer(m_exchange, response);
    }

    RestContext &m_context;
    const ExchangeId m_exchange;
    const ReadCommand m_read;
    const std::string m_actor;
    const bool m_lines;
    const WaitPreference m_preference;
    std::vector<Response> m_answers;
    std::size_t m_missing = 0;
};

std::vector<std::string_view> linesOf(std::string_view body)
{
    std::vector<std::string_view> lines;
    while (!body.empty()) {
        const auto end = body.find('\n');
        const auto line = body.substr(0, end);
        body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
        if (line.find_first_not_of(" \t\r") != std::string_view::npos)
            lines.push_back(line);
    }
    return lines;
}

/// Answers with what came of one command.
std::function<void(Result<Outcome>)> answering(RestContext &context, ExchangeId exchange, std::optional<Uuid> id,
                                               std::string applied, const RequestHead &head)
{
    const auto ledger = listFormat(head) == ListFormat::CloudEvents
        ? std::optional(context.engine().ledger().ledgerId())
        : std::nullopt;
    return [&context, exchange, id, ledger, applied = std::move(applied)](const Result<Outcome> &outcome) {
        auto response = outcome ? responseOf(*outcome, ledger) : problemResponse(submitProblem(outcome.error(), id));
        if (!applied.empty())
            response.with("Preference-Applied", applied);
        context.answer(exchange, response);
    };
}

void submitOne(RestContext &context, ExchangeId exchange, const RequestPtr &request, WaitPreference preference)
{
    auto draft = commandReader(request->head)(request->body, actorOf(*request));
    if (!draft)
        return context.answer(exchange, request, draft.error());
    if (auto applied = applyHeaders(request->head, *draft); !applied)
        return context.answer(exchange, request, applied.error());
    const auto id = draft->id;
    const auto wait = preference.wait;
    submit(context, std::move(*draft), wait,
           answering(context, exchange, id, std::move(preference.applied), request->head));
}

struct Retry {
    Uuid command;
    RetryOptions options;
};

Result<Retry> readRetry(const CheckedRequest &request)
{
    const auto command = Uuid::parse(request.params.front());
    if (!command)
        return fail(ErrorCode::NotFound, "no such command", request.params.front());
    Retry retry{*command, {}};
    retry.options.actor = actorOf(request);
    CommandDraft stated; // what the headers say, and the members that a command has as well
    if (!request.body.empty()) {
        auto members = sliceJsonObject(request.body);
        if (!members)
            return fail(members.error());
        for (const auto &member : *members) {
            if (member.name == "force" && (member.raw == "true" || member.raw == "false")) {
                retry.options.force = member.raw == "true";
            } else if (member.name == "expectedRevision") {
                auto expected = readExpectedRevision(member.raw);
                if (!expected)
                    return fail(std::move(expected.error()));
                retry.options.expectedRevision = stated.expectedRevision = *expected;
            } else {
                return fail(ErrorCode::InvalidArgument, "a retry has no such member, or not with this value",
                            std::string(member.name), "It may have force (true or false) and expectedRevision.");
            }
        }
    }
    if (auto applied = applyHeaders(request.head, stated); !applied)
        return fail(applied.error());
    retry.options.id = stated.id;
    if (stated.expectedRevision.isStated())
        retry.options.expectedRevision = stated.expectedRevision;
    return retry;
}

void retryOne(RestContext &context, ExchangeId exchange, const RequestPtr &request, WaitPreference preference)
{
    auto retry = readRetry(*request);
    if (!retry)
        return context.answer(exchange, request, retry.error());
    const auto id = retry->options.id;
    record(
        context,
        [&retry](Commands &commands, Commands::Done recorded) {
            commands.retry(retry->command, std::move(retry->options), std::move(recorded));
        },
        preference.wait, answering(context, exchange, id, std::move(preference.applied), request->head));
}

void submitMany(RestContext &context, ExchangeId exchange, const RequestPtr &request, bool lines,
                WaitPreference preference)
{
    std::vector<std::string_view> items;
    if (lines) {
        items = linesOf(request->body);
    } else {
        auto elements = sliceJsonArray(request->body);
        if (!elements)
            return context.answer(exchange, request, elements.error());
        items = std::move(*elements);
    }
    if (items.empty() || items.size() > batchItemsMax) {
        return context.answer(exchange, request,
                              {items.empty() ? ErrorCode::InvalidArgument : ErrorCode::LimitExceeded,
                               items.empty() ? "there is no command in the body" : "too many commands at once",
                               std::to_string(items.size()) + " commands",
                               "Send 1 to " + std::to_string(batchItemsMax) + " at once.",
                               {}});
    }
    if (request->head.field("if-match") || request->head.field("if-none-match")) {
        return context.answer(exchange, request,
                              {ErrorCode::InvalidArgument,
                               "one precondition cannot stand for several commands",
                               "If-Match",
                               "Give each command an expectedRevision of its own.",
                               {}});
    }
    if (request->head.field("idempotency-key")) {
        return context.answer(exchange, request,
                              {ErrorCode::InvalidArgument,
                               "one Idempotency-Key cannot stand for several commands",
                               "Idempotency-Key",
                               "Give each command an id of its own.",
                               {}});
    }
    std::make_shared<Batch>(context, exchange, commandReader(request->head), actorOf(*request), lines,
                            std::move(preference))
        ->run(items);
}

} // namespace

void submitCommand(RestContext &context, std::string_view json, std::string actor, std::chrono::milliseconds wait,
                   std::function<void(const Submission &)> done)
{
    auto draft = readCommand(json, std::move(actor));
    if (!draft)
        return done(Submission(submitProblem(draft.error(), std::nullopt)));
    const auto id = draft->id;
    submit(context, std::move(*draft), wait, [id, done = std::move(done)](const Result<Outcome> &outcome) {
        if (!outcome)
            return done(Submission(submitProblem(outcome.error(), id)));
        done(Submission(responseOf(*outcome), outcome->receipt.replayed));
    });
}

void addSubmitRoutes(Router &router, RestContext &context)
{
    Route route;
    route.verb = Method::Post;
    route.pattern = "/commands";
    route.needs = Needs::Submit;
    route.bodies
        = {"application/json", "application/x-ndjson", std::string(cloudEventType), std::string(cloudEventBatchType)};
    route.produces = Produces::Record;
    route.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        const bool lines = request->head.field("content-type")->find("ndjson") != std::string_view::npos;
        const auto first = request->body.find_first_not_of(" \t\r\n");
        if (lines || (first != std::string::npos && request->body[first] == '['))
            submitMany(context, exchange, request, lines, std::move(*preference));
        else
            submitOne(context, exchange, request, std::move(*preference));
    };
    router.add(std::move(route));
    Route retry;
    retry.verb = Method::Post;
    retry.pattern = "/commands/{id}/retry";
    retry.needs = Needs::Operate;
    retry.bodies = {"application/json"};
    retry.bodyOptional = true;
    retry.produces = Produces::Record;
    retry.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        retryOne(context, exchange, request, std::move(*preference));
    };
    router.add(std::move(retry));
}

} // namespace commander::rest
