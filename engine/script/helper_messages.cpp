// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/helper_messages.h"

namespace commander::script {

namespace {

constexpr std::size_t textBytes = 4; ///< that a text takes at least

WireWriter begin(HelperMessage kind)
{
    return WireWriter(static_cast<std::uint8_t>(kind));
}

/// A reader behind the kind, which must be this one.
WireReader open(std::string_view payload, HelperMessage kind)
{
    WireReader in(payload);
    return in.u8() == static_cast<std::uint8_t>(kind) ? in : WireReader({});
}

bool isCall(HelperMessage kind)
{
    return kind == HelperMessage::Decide || kind == HelperMessage::Fold || kind == HelperMessage::React
        || kind == HelperMessage::Upcast;
}

/// Json in a payload; what is none makes `ok` false.
Json jsonIn(WireReader &in, bool &ok)
{
    auto parsed = parseJson(in.text());
    ok = ok && parsed.has_value();
    return parsed ? std::move(*parsed) : Json();
}

void write(WireWriter &out, const Error &error)
{
    out.text(errorCodeName(error.code)).text(error.what).text(error.where).text(error.remedy);
    out.u32(static_cast<std::uint32_t>(error.details.size()));
    for (const auto &detail : error.details)
        out.text(detail.pointer).text(detail.message).u32(static_cast<std::uint32_t>(detail.column));
}

Error errorIn(WireReader &in)
{
    Error error;
    // A script's process can only blame its domain.
    error.code
        = in.text() == errorCodeName(ErrorCode::ScriptTimeout) ? ErrorCode::ScriptTimeout : ErrorCode::DomainFault;
    error.what = in.text();
    error.where = in.text();
    error.remedy = in.text();
    for (auto left = in.count(textBytes * 3); left > 0; --left) {
        ErrorDetail detail;
        detail.pointer = in.text();
        detail.message = in.text();
        detail.column = in.u32();
        error.details.push_back(std::move(detail));
    }
    return error;
}

} // namespace

std::optional<HelperMessage> kindOf(std::string_view payload)
{
    if (payload.empty())
        return std::nullopt;
    const auto kind = static_cast<HelperMessage>(static_cast<unsigned char>(payload.front()));
    const bool known = (kind >= HelperMessage::Load && kind <= HelperMessage::Document)
        || (kind >= HelperMessage::Loaded && kind <= HelperMessage::Failed);
    return known ? std::optional(kind) : std::nullopt;
}

std::optional<std::string> encode(const LoadMessage &message)
{
    auto out = begin(HelperMessage::Load);
    out.u32(message.callBudget).u32(message.loadBudget).i64(message.engineGrowthBytes);
    out.u32(static_cast<std::uint32_t>(message.files.size()));
    for (const auto &file : message.files)
        out.text(file.name).text(file.bytes);
    return std::move(out).frame();
}

std::optional<LoadMessage> decodeLoad(std::string_view payload)
{
    auto in = open(payload, HelperMessage::Load);
    LoadMessage message;
    message.callBudget = in.u32();
    message.loadBudget = in.u32();
    message.engineGrowthBytes = in.i64();
    for (auto left = in.count(textBytes * 2); left > 0; --left) {
        DomainFile file;
        file.name = in.text();
        file.bytes = in.text();
        message.files.push_back(std::move(file));
    }
    return in.complete() ? std::optional(std::move(message)) : std::nullopt;
}

std::optional<std::string> encode(const CallMessage &message)
{
    const auto &record = message.record;
    auto out = begin(message.kind);
    out.text(message.name).u32(message.from).uuid(message.source).time(message.now).u32(message.idsMade);
    out.uuid(record.id).uuid(record.parent).uuid(record.correlation).time(record.timestamp.value_or(Timestamp{}));
    out.text(record.key).text(record.action).text(record.actor).text(record.data);
    out.u32(static_cast<std::uint32_t>(message.documents.size()));
    for (const auto &sent : message.documents) {
        out.text(sent.view).text(sent.key);
        out.optionalText(sent.document ? std::optional(writeJson(*sent.document)) : std::nullopt);
    }
    return std::move(out).frame();
}

std::optional<CallMessage> decodeCall(std::string_view payload)
{
    WireReader in(payload);
    CallMessage message;
    message.kind = static_cast<HelperMessage>(in.u8());
    auto &record = message.record;
    message.name = in.text();
    message.from = in.u32();
    message.source = in.uuid();
    message.now = in.time();
    message.idsMade = in.u32();
    record.id = in.uuid();
    record.parent = in.uuid();
    record.correlation = in.uuid();
    record.timestamp = in.time();
    record.key = in.text();
    record.action = in.text();
    record.actor = in.text();
    record.data = in.text();
    bool ok = true;
    for (auto left = in.count(textBytes * 2 + 1); left > 0; --left) {
        SentDocument sent;
        sent.view = in.text();
        sent.key = in.text();
        if (in.flag())
            sent.document = jsonIn(in, ok);
        message.documents.push_back(std::move(sent));
    }
    return ok && in.complete() && isCall(message.kind) ? std::optional(std::move(message)) : std::nullopt;
}

std::optional<std::string> encodeDocument(const Json *document)
{
    auto out = begin(HelperMessage::Document);
    out.optionalText(document ? std::optional(writeJson(*document)) : std::nullopt);
    return std::move(out).frame();
}

std::optional<std::optional<Json>> decodeDocument(std::string_view payload)
{
    auto in = open(payload, HelperMessage::Document);
    const auto text = in.optionalText();
    if (!in.complete())
        return std::nullopt;
    if (!text)
        return std::optional<Json>();
    auto parsed = parseJson(*text);
    return parsed ? std::optional(std::optional(std::move(*parsed))) : std::nullopt;
}

std::optional<std::string> encodeLoaded(const std::vector<DomainProblem> &problems)
{
    auto out = begin(HelperMessage::Loaded);
    out.u32(static_cast<std::uint32_t>(problems.size()));
    for (const auto &problem : problems) {
        out.text(problem.file).u32(problem.line).u32(problem.column).text(problem.pointer);
        out.text(problem.message).text(problem.remedy);
    }
    return std::move(out).frame();
}

std::optional<std::vector<DomainProblem>> decodeLoaded(std::string_view payload)
{
    auto in = open(payload, HelperMessage::Loaded);
    std::vector<DomainProblem> problems;
    for (auto left = in.count(textBytes * 6); left > 0; --left) {
        DomainProblem problem;
        problem.file = in.text();
        problem.line = in.u32();
        problem.column = in.u32();
        problem.pointer = in.text();
        problem.message = in.text();
        problem.remedy = in.text();
        problems.push_back(std::move(problem));
    }
    return in.complete() ? std::optional(std::move(problems)) : std::nullopt;
}

std::optional<std::string> encode(const ReadMessage &message)
{
    auto out = begin(HelperMessage::Read);
    out.text(message.view).text(message.key);
    return std::move(out).frame();
}

std::optional<ReadMessage> decodeRead(std::string_view payload)
{
    auto in = open(payload, HelperMessage::Read);
    ReadMessage message;
    message.view = in.text();
    message.key = in.text();
    return in.complete() ? std::optional(std::move(message)) : std::nullopt;
}

std::optional<std::string> encode(const AnswerMessage &message)
{
    auto out = begin(message.kind);
    out.u32(message.idsMade).u8(message.worn ? 1 : 0);
    switch (message.kind) {
    case HelperMessage::Decided:
        out.u8(message.rejection ? 1 : 0);
        if (message.rejection) {
            out.text(message.rejection->code).text(message.rejection->message);
            out.text(writeJson(message.rejection->details));
            break;
        }
        out.u32(static_cast<std::uint32_t>(message.events.size()));
        for (const auto &event : message.events)
            out.text(event.action).text(event.key).text(writeJson(event.data));
        break;
    case HelperMessage::Folded:
        out.u32(static_cast<std::uint32_t>(message.changes.size()));
        for (const auto &[key, document] : message.changes)
            out.text(key).optionalText(document ? std::optional(writeJson(*document)) : std::nullopt);
        break;
    case HelperMessage::Reacted:
        out.u32(static_cast<std::uint32_t>(message.commands.size()));
        for (const auto &command : message.commands) {
            out.text(command.action).text(writeJson(command.data));
            out.optionalTime(command.notBefore).optionalTime(command.expiresAt);
        }
        break;
    case HelperMessage::Upcasted:
        out.text(writeJson(message.data));
        break;
    default:
        write(out, message.error);
        break;
    }
    return std::move(out).frame();
}

std::optional<AnswerMessage> decodeAnswer(std::string_view payload)
{
    WireReader in(payload);
    AnswerMessage message;
    message.kind = static_cast<HelperMessage>(in.u8());
    message.idsMade = in.u32();
    message.worn = in.flag();
    bool ok = true;
    switch (message.kind) {
    case HelperMessage::Decided:
        if (in.flag()) {
            Rejection rejection;
            rejection.code = in.text();
            rejection.message = in.text();
            rejection.details = jsonIn(in, ok);
            message.rejection = std::move(rejection);
            break;
        }
        for (auto left = in.count(textBytes * 3); left > 0; --left) {
            EventDraft event;
            event.action = in.text();
            event.key = in.text();
            event.data = jsonIn(in, ok);
            message.events.push_back(std::move(event));
        }
        break;
    case HelperMessage::Folded:
        for (auto left = in.count(textBytes + 1); left > 0; --left) {
            auto key = in.text();
            std::optional<Json> document;
            if (in.flag())
                document = jsonIn(in, ok);
            message.changes.emplace_back(std::move(key), std::move(document));
        }
        break;
    case HelperMessage::Reacted:
        for (auto left = in.count(textBytes * 2 + 2); left > 0; --left) {
            FollowUpCommand command;
            command.action = in.text();
            command.data = jsonIn(in, ok);
            command.notBefore = in.optionalTime();
            command.expiresAt = in.optionalTime();
            message.commands.push_back(std::move(command));
        }
        break;
    case HelperMessage::Upcasted:
        message.data = jsonIn(in, ok);
        break;
    case HelperMessage::Failed:
        message.error = errorIn(in);
        break;
    default:
        return std::nullopt;
    }
    return ok && in.complete() ? std::optional(std::move(message)) : std::nullopt;
}

} // namespace commander::script
