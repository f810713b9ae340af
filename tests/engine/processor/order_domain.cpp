// SPDX-License-Identifier: GPL-3.0-or-later
#include "order_domain.h"

namespace commander::simulation {

namespace {

constexpr auto idSchema = R"({"type":"object","required":["order"]})";

class OrderDomain final : public Domain {
public:
    explicit OrderDomain(std::atomic<int> &reactions) : m_reactions(reactions)
    {
        m_description.name = "orders";
        m_description.eventsTopic = "order-events";
        for (const auto *action : {"pay-order", "pack-order", "finish-order", "ship-order", "misread-order"})
            m_description.commands.push_back({action, action, idSchema, "order", R"({"order":"1"})"});
        for (const auto *action : {"order-paid", "order-packed", "order-shipped", "order-misread"})
            m_description.events.push_back({action, idSchema});
        m_description.views
            = {{.name = "orders", .path = "", .events = {"order-paid", "order-packed", "order-shipped"}},
               {.name = "archive", .path = "", .events = {"order-shipped"}, .decides = false}};
        m_description.reactsTo = {"order-paid", "order-packed", "order-misread"};
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &,
                                          HandlerContext &context) const override
    {
        const std::string key(command.data.stringAt("order"));
        const auto event = [&](const char *action) {
            Json data = command.data;
            data.set("of_handler", Json(context.newId().text()));
            return EventDraft{action, key, std::move(data)};
        };
        const auto &action = command.record.action;
        if (action == "pay-order")
            return std::vector<EventDraft>{event("order-paid")};
        if (action == "pack-order")
            return std::vector<EventDraft>{event("order-packed")};
        if (action == "finish-order")
            return std::vector<EventDraft>{event("order-paid"), event("order-packed")};
        if (action == "misread-order")
            return std::vector<EventDraft>{event("order-misread")};
        return std::vector<EventDraft>{event("order-shipped")};
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &event, DocumentFold &documents) const override
    {
        const auto key = event.data.stringAt("order");
        const auto *before = documents.get(key);
        Json order = before ? *before : Json::object();
        order.set(event.record.action, Json(order.integerAt(event.record.action).value_or(0) + 1));
        documents.put(key, std::move(order));
        return {};
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                             HandlerContext &context) const override
    {
        ++m_reactions;
        const auto key = event.data.stringAt("order");
        if (event.record.action == "order-misread")
            (void)views.get("archive", key);
        const auto *order = views.get("orders", key);
        if (!order || !order->find("order-paid") || !order->find("order-packed") || order->find("order-shipped"))
            return std::vector<FollowUpCommand>();
        Json data;
        data.set("order", Json(key));
        data.set("state", *order);
        data.set("shipment", Json(context.newId().text()));
        data.set("at", Json(context.now().text()));
        FollowUpCommand ship{"ship-order", "ship-when-ready", std::move(data)};
        ship.expiresAt = Timestamp{context.now().micros + 60'000'000};
        if (key == "later")
            ship.notBefore = Timestamp{context.now().micros + 30'000'000};
        return std::vector<FollowUpCommand>{std::move(ship)};
    }

private:
    std::atomic<int> &m_reactions;
    DomainDescription m_description;
};

} // namespace

std::shared_ptr<const Domain> makeOrderDomain(std::atomic<int> &reactions)
{
    return std::make_shared<const OrderDomain>(reactions);
}

} // namespace commander::simulation
