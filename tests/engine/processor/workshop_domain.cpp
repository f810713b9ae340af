// SPDX-License-Identifier: GPL-3.0-or-later
#include "workshop_domain.h"

namespace commander::simulation {

namespace {

class WorkshopDomain final : public Domain {
public:
    WorkshopDomain()
    {
        constexpr auto any = R"({"type":"object"})";
        m_description.name = "workshop";
        m_description.eventsTopic = "workshop-events";
        m_description.onFault = FaultPolicy::Park;
        m_description.commands = {{"work", "Work", any, "item", "{}"}, {"set-machine", "Set", any, "", "{}"}};
        m_description.events = {{"worked", any}, {"machine-set", any}};
        m_description.views = {{.name = "work", .path = "", .events = {"worked"}},
                               {.name = "machines", .path = "", .events = {"machine-set"}}};
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const std::string item(command.data.stringAt("item"));
        if (command.record.action == "set-machine")
            return std::vector<EventDraft>{{"machine-set", item, command.data}};
        const auto *machine = views.get("machines", item);
        if (machine && machine->find("broken")->asBool().value_or(false))
            return fail(ErrorCode::DomainFault, "the machine is broken");
        if (command.data.find("refuse"))
            return Rejection{"refused", "as asked", {}};
        Json data = command.data;
        data.set("decided_at", Json(context.now().text()));
        return std::vector<EventDraft>{{"worked", item, std::move(data)}};
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &event, DocumentFold &documents) const override
    {
        const auto item = event.data.stringAt("item");
        if (event.record.action == "machine-set") {
            documents.put(item, event.data);
            return {};
        }
        const auto *before = documents.get(item);
        Json done = before ? *before : Json::array();
        done.asArray()->push_back(*event.data.find("n"));
        documents.put(item, std::move(done));
        return {};
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }

private:
    DomainDescription m_description;
};

} // namespace

std::shared_ptr<const Domain> makeWorkshopDomain()
{
    return std::make_shared<const WorkshopDomain>();
}

} // namespace commander::simulation
