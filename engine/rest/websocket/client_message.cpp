// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/websocket/client_message.h"

#include <commander/json.h>

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t nameBytesMax = 64;
constexpr std::int64_t waitSecondsMax = 60;
constexpr std::string_view parameters[] = {"action", "actor",  "correlation", "filter", "from", "key",
                                           "kind",   "parent", "lastEventId", "status", "text", "topic"};

Error wrong(std::string_view member, std::string what, std::string remedy)
{
    Error error;
    error.code = ErrorCode::InvalidArgument;
    error.what = std::move(what);
    error.where = member;
    error.remedy = std::move(remedy);
    return error;
}

/// A name that the client chose: 1 to 64 bytes.
Result<std::string> nameOf(const JsonSlice &member)
{
    const auto value = parseJson(member.raw);
    const auto *text = value ? value->asString() : nullptr;
    if (!text || text->empty() || text->size() > nameBytesMax)
        return fail(wrong(member.name, "not a name", "Choose a text of 1 to 64 bytes."));
    return *text;
}

/// The parameter as a part of a query, behind what is there already.
Result<void> addParameter(std::string &query, const JsonSlice &member)
{
    const auto add = [&query, &member](const Json &value) {
        const auto *text = value.asString();
        const auto *number = value.asNumber();
        if (!text && !number)
            return false;
        query.append(query.empty() ? "" : "&").append(member.name).append("=");
        query.append(percentEncoded(text ? *text : number->lexeme));
        return true;
    };
    const auto value = parseJson(member.raw);
    if (!value)
        return fail(value.error());
    const auto *list = value->asArray();
    const bool good = list ? std::all_of(list->begin(), list->end(), add) : add(*value);
    if (!good)
        return fail(wrong(member.name, "neither text nor number", "Lists of texts are fine too."));
    return {};
}

/// One kind of message after the other; `taken` says whether the member belongs to it.
struct Parts {
    std::string type;
    std::string subscription;
    std::string ref;
    std::string path;
    std::string query;
    std::optional<std::string_view> command;
    std::chrono::milliseconds wait{0};
};

Result<void> readMember(Parts &parts, const JsonSlice &member)
{
    const bool subscribes = parts.type == "subscribe";
    const bool submits = parts.type == "submit";
    if (member.name == "type")
        return {};
    if ((member.name == "subscription" && !submits) || (member.name == "ref" && submits)) {
        auto name = nameOf(member);
        if (!name)
            return fail(name.error());
        (submits ? parts.ref : parts.subscription) = std::move(*name);
        return {};
    }
    if (member.name == "path" && subscribes) {
        const auto value = parseJson(member.raw);
        const auto *text = value ? value->asString() : nullptr;
        if (!text || text->empty())
            return fail(wrong("path", "not a path", "Use one such as /events/updates."));
        parts.path = *text;
        return {};
    }
    if (member.name == "command" && submits) {
        parts.command = member.raw;
        return {};
    }
    if (member.name == "wait" && submits) {
        const auto value = parseJson(member.raw);
        const auto seconds = value ? value->asInteger() : std::nullopt;
        if (!seconds || *seconds < 0 || *seconds > waitSecondsMax)
            return fail(wrong("wait", "not a number of seconds", "Use 0 to 60."));
        parts.wait = std::chrono::seconds(*seconds);
        return {};
    }
    if (subscribes && std::find(std::begin(parameters), std::end(parameters), member.name) != std::end(parameters))
        return addParameter(parts.query, member);
    return fail(wrong(member.name, "a " + parts.type + " message has no such member", "Leave it out."));
}

} // namespace

ClientMessage readClientMessage(std::string_view text)
{
    const auto members = sliceJsonObject(text);
    if (!members)
        return UnusableMessage{true, {}, {}, members.error()};
    Parts parts;
    for (const auto &member : *members) {
        if (member.name != "type")
            continue;
        const auto value = parseJson(member.raw);
        if (const auto *type = value ? value->asString() : nullptr)
            parts.type = *type;
    }
    const bool submits = parts.type == "submit";
    if (!submits && parts.type != "subscribe" && parts.type != "unsubscribe") {
        return UnusableMessage{
            true, {}, {}, wrong("type", "unknown type of message", "Send subscribe, unsubscribe or submit.")};
    }
    std::optional<Error> error;
    for (const auto &member : *members) {
        // All of them, so that the answer can name what it is about.
        if (auto taken = readMember(parts, member); !taken && !error)
            error = std::move(taken.error());
    }
    const char *missing = submits ? (parts.ref.empty()    ? "ref"
                                         : !parts.command ? "command"
                                                          : nullptr)
                                  : (parts.subscription.empty() ? "subscription" : nullptr);
    if (!error && missing)
        error = wrong(missing, "is missing", "Choose one, so that the answer can be told from others.");
    if (error)
        return UnusableMessage{false, std::move(parts.subscription), std::move(parts.ref), std::move(*error)};
    if (submits)
        return SubmitMessage{std::move(parts.ref), std::string(*parts.command), parts.wait};
    if (parts.type == "unsubscribe")
        return UnsubscribeMessage{std::move(parts.subscription)};
    return SubscribeMessage{std::move(parts.subscription), std::move(parts.path), QueryParams(parts.query)};
}

} // namespace commander::rest
