// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/consumers_domain.h"

#include "system/system_words.h"

#include <charconv>
#include <utility>

namespace commander {

namespace {

using namespace system;

/// Of the code below; raise it when the same command could be decided otherwise.
constexpr std::string_view logicVersion = "1";

constexpr auto consumerSchema
    = R"({"type":"object","required":["consumer"],"additionalProperties":false,"properties":{)"
      R"("consumer":{"type":"string","minLength":1,"maxLength":255},"reason":{"type":"string","maxLength":1000}}})";
constexpr auto skipSchema
    = R"({"type":"object","required":["consumer","view","version","hash","event","position","reason"],)"
      R"("additionalProperties":false,"properties":{"consumer":{"type":"string","minLength":1,"maxLength":255},)"
      R"("view":{"type":"string"},"version":{"type":"integer"},"hash":{"type":"string","minLength":64,"maxLength":64},)"
      R"("event":{"type":"string","format":"uuid"},"position":{"type":"integer","minimum":1},)"
      R"("reason":{"type":"string","minLength":1,"maxLength":1000},"fault":{"type":"string"}}})";
constexpr auto eventSchema = R"({"type":"object","required":["consumer"],"properties":{"consumer":{"type":"string"}}})";
constexpr auto consumerExample = R"({"consumer":"domain:bank","reason":"the feed is being mended"})";
constexpr auto skipExample
    = R"({"consumer":"view:accounts@1-1a2b3c4d","view":"accounts","version":1,)"
      R"("hash":"1a2b3c4d00000000000000000000000000000000000000000000000000000000",)"
      R"("event":"33bb75db-6e13-48ee-8a54-b3976d3d065b","position":812,"reason":"written by a faulty version"})";

DomainDescription describe()
{
    DomainDescription domain;
    domain.name = consumersName;
    domain.eventsTopic = consumersTopic;
    domain.commands
        = {{std::string(pauseConsumer), "Pause a consumer of the ledger", consumerSchema, "consumer", consumerExample},
           {std::string(resumeConsumer), "Let a paused consumer go on", consumerSchema, "consumer", consumerExample},
           {std::string(skipEvent), "Leave one event out of a view", skipSchema, "consumer", skipExample}};
    std::vector<std::string> events;
    for (const auto event : {consumerPaused, consumerResumed, eventSkipped}) {
        events.emplace_back(event);
        domain.events.push_back({events.back(), eventSchema});
    }
    domain.views.push_back({.name = std::string(consumersView), .path = "", .events = events});
    std::string text(logicVersion);
    for (const auto &one : domain.commands)
        text.append(";").append(one.action).append(one.schema);
    domain.hash = sha256(text);
    return domain;
}

bool isPausedDocument(const Json *document)
{
    return document && document->find("paused");
}

Rejection refuse(const char *code, std::string message)
{
    return {code, std::move(message), {}};
}

class ConsumersDomain final : public Domain {
public:
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &) const override
    {
        const std::string consumer(command.data.stringAt("consumer"));
        const auto *document = views.get(consumersView, consumer);
        std::string_view event = eventSkipped;
        if (command.record.action == pauseConsumer) {
            if (isPausedDocument(document))
                return refuse("already-paused", consumer + " is paused already");
            if (consumer.starts_with(std::string(domainConsumer) + std::string(domainName)))
                return refuse("not-pausable", "the engine's own domains decide about waiting; they cannot wait");
            event = consumerPaused;
        } else if (command.record.action == resumeConsumer) {
            if (!isPausedDocument(document))
                return refuse("not-paused", consumer + " is not paused");
            event = consumerResumed;
        } else if (skips(document, command.data.stringAt("event"))) {
            return refuse("already-skipped", consumer + " leaves this event out already");
        }
        auto data = command.data;
        data.set("actor", Json(command.record.actor));
        return std::vector<EventDraft>{{std::string(event), consumer, std::move(data)}};
    }

    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &event, DocumentFold &documents) const override
    {
        const auto consumer = event.data.stringAt("consumer");
        const auto *before = documents.get(consumer);
        Json document = before ? *before : Json();
        document.set("consumer", Json(consumer));
        if (event.record.action == consumerPaused) {
            document.set("paused", Json(event.record.time().text()));
            document.set("reason", Json(event.data.stringAt("reason")));
            document.set("actor", Json(event.data.stringAt("actor")));
        } else if (event.record.action == consumerResumed) {
            for (const auto *member : {"paused", "reason", "actor"})
                document.erase(member);
            if (!document.find("skipped")) {
                documents.remove(consumer);
                return {};
            }
        } else {
            Json skipped = event.data;
            skipped.erase("consumer");
            skipped.set("command", Json(event.record.parent.text()));
            Json::Array all;
            if (const auto *list = document.find("skipped"))
                all = *list->asArray();
            all.push_back(std::move(skipped));
            document.set("skipped", Json(std::move(all)));
        }
        documents.put(consumer, std::move(document));
        return {};
    }

    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }

private:
    [[nodiscard]] static bool skips(const Json *document, std::string_view event)
    {
        const auto *list = document ? document->find("skipped") : nullptr;
        const auto *all = list ? list->asArray() : nullptr;
        for (std::size_t i = 0; all && i < all->size(); ++i) {
            if ((*all)[i].stringAt("event") == event)
                return true;
        }
        return false;
    }

    const DomainDescription m_description = describe();
};

} // namespace

std::shared_ptr<const Domain> makeConsumersDomain()
{
    return std::make_shared<const ConsumersDomain>();
}

std::string writeSkip(const std::string &consumer, const ConsumerBook::Skip &skip, const std::string &fault)
{
    Json data;
    data.set("consumer", Json(consumer));
    data.set("view", Json(skip.version.view));
    data.set("version", Json(static_cast<std::int64_t>(skip.version.version)));
    data.set("hash", Json(toHex(skip.version.domainHash)));
    data.set("event", Json(skip.event.event.text()));
    data.set("position", Json(static_cast<std::int64_t>(skip.event.position.value)));
    data.set("reason", Json(skip.event.reason));
    if (!fault.empty())
        data.set("fault", Json(fault));
    return writeJson(data);
}

Result<ConsumerBook::Skip> readSkip(const Json &data)
{
    ConsumerBook::Skip skip;
    skip.version.view = data.stringAt("view");
    skip.version.version = static_cast<std::uint32_t>(data.integerAt("version").value_or(0));
    const auto hash = data.stringAt("hash");
    auto &bytes = skip.version.domainHash;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto *const digits = hash.data() + 2 * i;
        if (hash.size() != 2 * bytes.size() || std::from_chars(digits, digits + 2, bytes[i], 16).ptr != digits + 2)
            return fail(ErrorCode::InvalidArgument, "not 64 hexadecimal digits", "/hash");
    }
    const auto event = Uuid::parse(data.stringAt("event"));
    if (!event)
        return fail(event.error());
    skip.event.event = *event;
    skip.event.position = {static_cast<std::uint64_t>(data.integerAt("position").value_or(0))};
    skip.event.reason = data.stringAt("reason");
    return skip;
}

Result<ConsumerBook::Change> ConsumerBook::take(const Record &event)
{
    const auto data = parseJson(event.data);
    if (!data)
        return fail(data.error());
    Change change{std::string(data->stringAt("consumer")), event.action, {}};
    if (event.action == consumerPaused) {
        m_paused[change.consumer] = data->stringAt("reason");
    } else if (event.action == consumerResumed) {
        m_paused.erase(change.consumer);
    } else {
        auto skip = readSkip(*data);
        if (!skip)
            return fail(skip.error());
        skip->event.command = event.parent;
        m_skips.push_back(*skip);
        change.skip = std::move(*skip);
    }
    return change;
}

std::string ConsumerBook::reason(const std::string &consumer) const
{
    const auto found = m_paused.find(consumer);
    return found == m_paused.end() ? std::string() : found->second;
}

std::vector<std::string> ConsumerBook::paused() const
{
    std::vector<std::string> names;
    for (const auto &[name, why] : m_paused)
        names.push_back(name);
    return names;
}

} // namespace commander
