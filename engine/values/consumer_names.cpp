// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/consumers.h>
#include <commander/json.h>

namespace commander {

std::string_view consumerKindName(ConsumerKind kind) noexcept
{
    switch (kind) {
    case ConsumerKind::Processor:
        return "processor";
    case ConsumerKind::Domain:
        return "domain";
    case ConsumerKind::View:
        return "view";
    case ConsumerKind::Index:
        return "index";
    case ConsumerKind::Watch:
        return "watch";
    case ConsumerKind::Shadow:
        return "shadow";
    }
    return {};
}

std::string_view consumerStateName(ConsumerState state) noexcept
{
    switch (state) {
    case ConsumerState::Running:
        return "running";
    case ConsumerState::Paused:
        return "paused";
    case ConsumerState::Stopped:
        return "stopped";
    }
    return {};
}

namespace {

Json number(std::uint64_t value)
{
    return Json(Json::Number{std::to_string(value)});
}

} // namespace

std::string consumerJson(const ConsumerStatus &status)
{
    Json json;
    json.set("name", Json(status.name));
    json.set("kind", Json(consumerKindName(status.kind)));
    json.set("state", Json(consumerStateName(status.state)));
    json.set("position", number(status.position.value));
    json.set("lag", number(status.lag));
    if (!status.fault.empty())
        json.set("fault", Json(status.fault));
    if (status.faultAt)
        json.set("faultAt", number(status.faultAt->value));
    if (!status.reason.empty())
        json.set("reason", Json(status.reason));
    if (status.rebuilt)
        json.set("rebuilt", number(status.rebuilt->value));
    if (status.kind == ConsumerKind::Domain)
        json.set("waiting", number(status.waiting));
    if (status.kind == ConsumerKind::View) {
        json.set("serves", Json(status.serves));
        Json::Array skipped;
        for (const auto &one : status.skipped) {
            Json event;
            event.set("event", Json(one.event.text()));
            event.set("position", number(one.position.value));
            event.set("reason", Json(one.reason));
            event.set("command", Json(one.command.text()));
            skipped.push_back(std::move(event));
        }
        json.set("skipped", Json(std::move(skipped)));
    }
    json.set("canPause", Json(status.canPause));
    json.set("canReset", Json(status.canReset));
    return writeJson(json);
}

} // namespace commander
