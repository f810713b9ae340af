// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/samples/sample_parts.h"

namespace commander {

namespace {

using samples::badData;
using samples::unknownAction;

constexpr std::string_view domainName = "customers";
/// Changes whenever a function below decides or folds differently.
constexpr std::string_view logicVersion = "customers-1";

constexpr std::string_view createCustomer = "create-customer";
constexpr std::string_view changeAddress = "change-address";
constexpr std::string_view closeCustomer = "close-customer";
constexpr std::string_view customerCreated = "customer-created";
constexpr std::string_view addressChanged = "address-changed";
constexpr std::string_view customerClosed = "customer-closed";
constexpr std::string_view customersView = "customers";

// Clients of the pattern may send more members than these; the command keeps them all.
constexpr const char *createSchema = R"({"type":"object","properties":{
"first_name":{"type":"string","minLength":1,"maxLength":200},
"last_name":{"type":"string","minLength":1,"maxLength":200},
"address":{"type":"object","properties":{
"street_number":{"type":["string","integer"]},"street_name":{"type":"string"},"city":{"type":"string"},
"state":{"type":"string"},"zip":{"type":["string","integer"]}}}},
"required":["first_name","last_name"]})";
constexpr const char *changeAddressSchema = R"({"type":"object","properties":{
"id":{"type":"string","minLength":1,"maxLength":60},
"address":{"type":"object","properties":{
"street_number":{"type":["string","integer"]},"street_name":{"type":"string"},"city":{"type":"string"},
"state":{"type":"string"},"zip":{"type":["string","integer"]}}}},
"required":["id","address"]})";
constexpr const char *closeSchema
    = R"({"type":"object","properties":{"id":{"type":"string","minLength":1,"maxLength":60}},"required":["id"]})";

constexpr const char *createdEventSchema = R"({"type":"object","properties":{
"id":{"type":"string"},"first_name":{"type":"string"},"last_name":{"type":"string"},"address":{"type":"object"}},
"required":["id","first_name","last_name"],"additionalProperties":false})";
constexpr const char *addressEventSchema = R"({"type":"object","properties":{
"id":{"type":"string"},"address":{"type":"object"}},
"required":["id","address"],"additionalProperties":false})";
constexpr const char *closedEventSchema
    = R"({"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false})";

DomainDescription describe()
{
    DomainDescription domain;
    domain.name = domainName;
    domain.version = 1;
    domain.eventsTopic = "customer-events";
    domain.commands = {
        {std::string(createCustomer), "Create a customer", createSchema, "",
         R"({"first_name":"Ada","last_name":"Lovelace","address":{"street_number":"12","street_name":"St James's Square","city":"London","state":"LND","zip":"SW1Y 4JH"}})"},
        {std::string(changeAddress), "Change a customer's address", changeAddressSchema, "id",
         R"({"id":"0190a5ab-7c1e-7000-8000-000000000001","address":{"street_number":"6","street_name":"Fordhook Avenue","city":"London","state":"LND","zip":"W5 3LP"}})"},
        {std::string(closeCustomer), "Close a customer", closeSchema, "id",
         R"({"id":"0190a5ab-7c1e-7000-8000-000000000001"})"}};
    domain.events = {{std::string(customerCreated), createdEventSchema},
                     {std::string(addressChanged), addressEventSchema},
                     {std::string(customerClosed), closedEventSchema}};
    domain.views = {{std::string(customersView),
                     1,
                     "/customers",
                     {std::string(customerCreated), std::string(addressChanged), std::string(customerClosed)}}};
    domain.hash = samples::hashOf(domain, logicVersion);
    return domain;
}

/// The sample of the founding talk: people with addresses.
class CustomersDomain final : public Domain {
public:
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const std::string_view action = command.record.action;
        if (action == createCustomer)
            return create(command.data, context);
        if (action != changeAddress && action != closeCustomer)
            return unknownAction(domainName, action);

        const std::string id(command.data.stringAt("id"));
        const auto *customer = views.get(customersView, id);
        if (!customer)
            return Rejection{"unknown-customer", "there is no customer " + id, {}};
        if (customer->stringAt("status") == "closed")
            return Rejection{"customer-closed", "the customer " + id + " is closed", {}};

        Json data;
        data.set("id", Json(id));
        if (action == closeCustomer)
            return std::vector<EventDraft>{{std::string(customerClosed), id, std::move(data)}};
        const auto *address = command.data.find("address");
        if (!address)
            return badData(domainName, action, "address");
        data.set("address", *address);
        return std::vector<EventDraft>{{std::string(addressChanged), id, std::move(data)}};
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        if (view.name != customersView)
            return unknownAction(domainName, view.name);
        const std::string_view action = event.record.action;
        const auto id = event.data.stringAt("id");
        if (id.empty())
            return badData(domainName, action, "id");
        if (action == customerCreated) {
            documents.put(id, event.data);
            return {};
        }
        const auto *customer = documents.get(id);
        if (!customer)
            return badData(domainName, action, "id");
        Json changed = *customer;
        if (action == addressChanged) {
            const auto *address = event.data.find("address");
            if (!address)
                return badData(domainName, action, "address");
            changed.set("address", *address);
        } else if (action == customerClosed) {
            changed.set("status", Json("closed"));
            changed.set("closed_at", Json(event.record.time().text()));
        } else {
            return unknownAction(domainName, action);
        }
        documents.put(id, std::move(changed));
        return {};
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }

private:
    static Result<Decision> create(const Json &command, HandlerContext &context)
    {
        auto id = context.newId().text();
        Json data;
        data.set("id", Json(id));
        // In the order in which the client wrote them, each value as it came.
        if (const auto *members = command.asObject()) {
            for (const auto &[name, value] : *members) {
                if (name == "first_name" || name == "last_name" || name == "address")
                    data.set(name, value);
            }
        }
        return std::vector<EventDraft>{{std::string(customerCreated), std::move(id), std::move(data)}};
    }

    const DomainDescription m_description = describe();
};

} // namespace

std::shared_ptr<const Domain> makeCustomersDomain()
{
    return std::make_shared<const CustomersDomain>();
}

} // namespace commander
