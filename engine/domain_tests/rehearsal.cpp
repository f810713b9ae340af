// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain_tests/rehearsal.h"

#include "values/upcasting.h"

#include <commander/command_terms.h>
#include <commander/event_versions.h>

#include <charconv>

namespace commander::domaintests {

namespace {

constexpr Timestamp firstTime{1'577'836'800'000'000}; // 2020-01-01T00:00:00Z
constexpr std::int64_t second = 1'000'000;
constexpr std::size_t decisionsMax = 1000; ///< of one test: a chain without end stops

Uuid stepId(int number)
{
    return uuid5({}, "step/" + std::to_string(number));
}

std::optional<std::int64_t> numberOf(std::string_view text)
{
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
        return {};
    return number;
}

} // namespace

class Rehearsal::NothingSettled final : public DocumentBackend {
public:
    [[nodiscard]] Result<std::optional<std::string>> settledDocument(const std::string &, const std::string &) override
    {
        return std::optional<std::string>();
    }
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
    settledDocuments(const std::string &, const std::optional<std::string> &) override
    {
        return std::vector<std::pair<std::string, std::string>>();
    }
    [[nodiscard]] Position settledTo() override { return {}; }
    [[nodiscard]] bool waitSettled(Position, std::stop_token) override { return true; }
};

class Rehearsal::Fold final : public DocumentFold {
public:
    Fold(Rehearsal &rehearsal, const std::string &view) : m_rehearsal(rehearsal), m_view(view) { }
    [[nodiscard]] const Json *get(std::string_view key) override
    {
        return m_rehearsal.document(m_view, std::string(key));
    }
    void put(std::string_view key, Json document) override
    {
        m_rehearsal.m_documents[{m_view, std::string(key)}] = std::move(document);
    }
    void remove(std::string_view key) override { m_rehearsal.m_documents.erase({m_view, std::string(key)}); }

private:
    Rehearsal &m_rehearsal;
    const std::string &m_view;
};

Rehearsal::Rehearsal(const DomainRegistry &domains)
    : m_domains(domains), m_nothing(std::make_unique<NothingSettled>()), m_deciding(domains, *m_nothing),
      m_decider(domains, m_deciding, m_ids), m_now{firstTime.micros - second}
{
}

void Rehearsal::advance(const TestStep &step)
{
    m_id = stepId(++m_steps);
    m_now = step.at.value_or(Timestamp{m_now.micros + second});
}

const Json *Rehearsal::document(const std::string &view, const std::string &key) const
{
    const auto found = m_documents.find({view, key});
    return found == m_documents.end() ? nullptr : &found->second;
}

Result<void> Rehearsal::fold(const Record &event, const Json &data, bool deciding)
{
    for (const auto &view : m_domains.viewsFolding(event.action)) {
        if (deciding && view.spec->decides) {
            if (auto folded = m_deciding.fold(view, {event, data}); !folded)
                return folded;
        }
        Fold documents(*this, view.spec->name);
        if (auto folded = foldEvent(*view.domain, *view.spec, {event, data}, documents); !folded)
            return folded;
    }
    return {};
}

Result<void> Rehearsal::happen(const TestStep &step)
{
    advance(step);
    const auto *entry = m_domains.findEvent(step.action);
    if (!entry)
        return fail(ErrorCode::UnknownAction, "no domain emits the event " + step.action);
    const auto data = resolve(step.data);
    Record event;
    event.headers = withEventVersion({}, step.version.value_or(entry->spec->version));
    event.kind = RecordKind::Event;
    event.id = m_id;
    event.parent = uuid5(m_id, "command");
    event.correlation = event.parent;
    event.topic = entry->domain->description().eventsTopic;
    event.action = step.action;
    event.recordedAt = m_now;
    event.timestamp = m_now;
    event.data = writeJson(data);
    // What the schema says holds for its own version: older data have to fit once they are brought up to it.
    const auto upcast = upcastFor(*entry->domain, {event, data});
    if (!upcast)
        return fail(upcast.error());
    if (auto valid = m_domains.validateEvent(*entry, *upcast ? **upcast : data); !valid)
        return valid;
    m_deciding.beginCommand();
    auto folded = fold(event, data, true);
    m_deciding.keep();
    return folded;
}

Result<Outcome> Rehearsal::send(const TestStep &step, bool settle)
{
    advance(step);
    Outcome out;
    const auto *entry = m_domains.findCommand(step.action);
    const auto data = resolve(step.data);
    const auto valid = entry
        ? m_domains.validateCommand(*entry, data)
        : Result<void>(fail(ErrorCode::UnknownAction, "no domain offers the command " + step.action));
    if (!valid) {
        out.refusal = valid.error();
        return out;
    }
    Record first;
    first.kind = RecordKind::Command;
    first.id = m_id;
    first.correlation = m_id;
    first.topic = commandsTopic;
    first.key = commandKey(*entry->spec, data);
    first.action = step.action;
    first.actor = "test";
    first.data = writeJson(data);
    std::deque<Record> waiting{std::move(first)};
    for (std::size_t decided = 0; !waiting.empty(); ++decided) {
        if (decided == decisionsMax)
            return fail(ErrorCode::LimitExceeded,
                        "more than " + std::to_string(decisionsMax) + " commands cause each other");
        auto command = std::move(waiting.front());
        waiting.pop_front();
        command.recordedAt = m_now;
        std::vector<RecordDraft> records;
        if (auto done = m_decider.decide(command, m_now, FaultPolicy::Fail, records); !done)
            return fail(done.error());
        m_deciding.keep();
        for (auto &draft : records) {
            Record record;
            static_cast<RecordDraft &>(record) = std::move(draft);
            record.recordedAt = m_now;
            if (record.kind == RecordKind::Event) {
                const auto parsed = parseJson(record.data);
                if (auto folded = fold(record, *parsed, false); !folded)
                    return fail(folded.error());
                out.events.push_back(std::move(record));
            } else if (record.kind == RecordKind::Command) {
                // Scheduled ones are for a later step.
                const auto terms = parseTerms(record.headers);
                if (settle && terms && !terms->notBefore)
                    waiting.push_back(std::move(record));
                else
                    out.commands.push_back(std::move(record));
            } else if (decided == 0) {
                out.result = *parseOutcome(record.data);
            }
        }
    }
    return out;
}

Json Rehearsal::resolve(const Json &value) const
{
    if (const auto *text = value.asString()) {
        const auto found = placeholder(*text);
        return found ? Json(*found) : value;
    }
    Json out = value;
    if (auto *members = out.asObject()) {
        for (auto &[name, member] : *members)
            member = resolve(member);
    }
    if (auto *elements = out.asArray()) {
        for (auto &element : *elements)
            element = resolve(element);
    }
    return out;
}

std::optional<std::string> Rehearsal::placeholder(std::string_view text) const
{
    if (text.size() < 3 || text.front() != '{' || text.back() != '}')
        return {};
    text = text.substr(1, text.size() - 2);
    auto id = m_id;
    if (text.starts_with("given ")) {
        text.remove_prefix(6);
        const auto end = std::min(text.find(' '), text.size());
        const auto number = numberOf(text.substr(0, end));
        if (!number || *number < 1 || *number > 100'000)
            return {};
        id = stepId(static_cast<int>(*number));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (text == "id")
        return id.text();
    if (text.starts_with("newId ")) {
        const auto number = numberOf(text.substr(6));
        return number ? std::optional(uuid5(id, "data/" + std::to_string(*number)).text()) : std::nullopt;
    }
    if (text.starts_with("event ")) {
        const auto number = numberOf(text.substr(6));
        return number ? std::optional(uuid5(id, "event/" + std::to_string(*number)).text()) : std::nullopt;
    }
    if (!text.starts_with("now"))
        return {};
    text.remove_prefix(3);
    if (text.empty())
        return m_now.text();
    const auto number = text.front() == '+' ? numberOf(text.substr(1)) : numberOf(text);
    if (!number || (text.front() != '+' && text.front() != '-'))
        return {};
    return Timestamp{m_now.micros + *number * second}.text();
}

} // namespace commander::domaintests
