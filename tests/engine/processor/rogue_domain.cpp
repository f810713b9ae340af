// SPDX-License-Identifier: GPL-3.0-or-later
#include "rogue_domain.h"

#include <commander/limits.h>

#include <stdexcept>

namespace commander::simulation {

namespace {

class RogueDomain final : public Domain {
public:
    RogueDomain()
    {
        m_description.name = "rogue";
        m_description.eventsTopic = "rogue-events";
        m_description.commands
            = {{"misbehave", "Misbehave", R"({"type":"object","required":["how"]})", "how", R"({"how":"not"})"}};
        m_description.events
            = {{"misbehaved", R"({"type":"object","required":["how"]})"}, {"echoed", R"({"type":"object"})"}};
        m_description.views = {{.name = "deeds", .path = "", .events = {"misbehaved", "echoed"}},
                               {.name = "unread", .path = "", .events = {"misbehaved"}, .decides = false}};
        m_description.reactsTo = {"misbehaved", "echoed"};
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const auto how = command.data.stringAt("how");
        if (how == "throw")
            throw std::runtime_error("oh no");
        if (how == "throw a number")
            throw 7;
        if (how == "fail")
            return fail(ErrorCode::DomainFault, "cannot decide", "here", "Do that.");
        if (how == "read unread")
            (void)views.get("unread", "x");
        if (how == "read nothing")
            (void)views.get("no such view", "x");
        if (how == "emit unknown")
            return std::vector<EventDraft>{{"nobody-knows", "k", Json::object()}};
        if (how == "emit foreign")
            return std::vector<EventDraft>{{"account-opened", "k", Json::object()}};
        if (how == "emit invalid")
            return std::vector<EventDraft>{{"misbehaved", "k", Json::object()}};
        if (how == "emit huge")
            return std::vector<EventDraft>{event("misbehaved", std::string(limits::payloadBytesMax, 'x'))};
        if (how == "long key")
            return std::vector<EventDraft>{{"misbehaved", std::string(300, 'k'), said("x")}};
        if (how == "huge rejection")
            return Rejection{"no", "no", Json(std::string(limits::payloadBytesMax, 'x'))};
        if (how == "reject")
            return Rejection{"no", "because", Json(Json::Number{"1.0"})};
        if (how == "nothing")
            return std::vector<EventDraft>();
        if (how == "half")
            return std::vector<EventDraft>{event("misbehaved", "fine"), event("misbehaved", "fold throws")};
        if (how == "count") {
            const auto *deed = views.get("deeds", "fine");
            return Rejection{"count", deed ? writeJson(*deed) : "none", {}};
        }
        if (how == "time and ids") {
            Json data = said("x");
            data.set("now", Json(context.now().text()));
            data.set("first", Json(context.newId().text()));
            data.set("second", Json(context.newId().text()));
            return std::vector<EventDraft>{{"misbehaved", "k", data}};
        }
        return std::vector<EventDraft>{event("misbehaved", std::string(how)), event("echoed", "e")};
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto how = event.data.stringAt("how");
        if (view.name == "deeds" && how == "fold fails")
            return fail(ErrorCode::DomainFault, "cannot fold");
        if (view.name == "deeds" && how == "fold throws")
            throw std::runtime_error("fold oh no");
        const auto *before = documents.get(how);
        documents.put(how, Json((before ? before->asInteger().value_or(0) : 0) + 1));
        return {};
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &,
                                                             HandlerContext &) const override
    {
        const auto how = event.data.stringAt("how");
        if (how == "react fails")
            return fail(ErrorCode::DomainFault, "cannot react");
        if (how == "react throws")
            throw std::runtime_error("react oh no");
        std::vector<FollowUpCommand> commands;
        if (how == "for ever")
            commands.push_back({"misbehave", "again", said("for ever")});
        if (how == "ask badly") {
            commands.push_back({"misbehave", "badly", Json::object()});
            commands.push_back({"nobody-knows", "badly", Json::object()});
        }
        return commands;
    }

    static Json said(const std::string &how)
    {
        Json data;
        data.set("how", Json(how));
        return data;
    }
    static EventDraft event(const std::string &action, const std::string &how) { return {action, how, said(how)}; }

private:
    DomainDescription m_description;
};

} // namespace

std::shared_ptr<const Domain> makeRogueDomain()
{
    return std::make_shared<const RogueDomain>();
}

} // namespace commander::simulation
