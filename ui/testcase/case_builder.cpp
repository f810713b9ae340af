// SPDX-License-Identifier: GPL-3.0-or-later
#include "testcase/case_builder.h"

#include "testcase/case_json.h"

#include <commander/command_terms.h>
#include <commander/event_versions.h>

#include <algorithm>
#include <set>

namespace commander::ui {

namespace {

constexpr std::size_t eventsMax = 300; ///< given, in all
constexpr std::size_t childrenMax = 1000;
constexpr std::size_t textsMax = 40; ///< of the data, looked up as keys

using DocumentName = std::pair<std::string, std::string>; ///< view, key

class CaseBuilder {
public:
    CaseBuilder(Engine &engine, std::stop_token stop) : m_engine(engine), m_stop(std::move(stop)) { }

    Result<TestCaseDraft> build(const Uuid &id, const std::string &name)
    {
        if (auto read = readRecords(id); !read)
            return fail(std::move(read.error()));
        if (auto found = findDocuments(); !found)
            return fail(std::move(found.error()));
        auto given = readGiven();
        if (!given)
            return fail(std::move(given.error()));
        TestCaseDraft draft;
        draft.fileName = m_command->action + ".json";
        draft.given = given->size();
        draft.cut = m_cut;
        for (const auto &[view, key] : m_documents)
            draft.documents.push_back(view + '/' + key);
        draft.json = writeCase(name, *given);
        return draft;
    }

private:
    Result<void> readRecords(const Uuid &id)
    {
        RecordReader &records = m_engine.records();
        auto command = records.find(id);
        if (!command)
            return fail(std::move(command.error()));
        if ((*command)->kind != RecordKind::Command)
            return fail(ErrorCode::InvalidArgument, "this record is not a command", id.text());
        m_command = *command;
        auto result = records.result(id);
        if (!result)
            return fail(std::move(result.error()));
        if (!*result)
            return fail(ErrorCode::NotReady, "the command has no result yet", id.text(), "Wait until it is decided.");
        auto outcome = parseOutcome((*result)->data);
        if (!outcome)
            return fail(std::move(outcome.error()));
        m_outcome = std::move(*outcome);
        for (const Uuid &event : m_outcome.events) {
            auto record = records.find(event);
            if (!record)
                return fail(std::move(record.error()));
            m_events.push_back(*record);
            auto children = records.children(event, childrenMax);
            if (!children)
                return fail(std::move(children.error()));
            for (const RecordPtr &child : *children) {
                // A person who sends a command again makes it a child, too.
                if (child->kind == RecordKind::Command && child->actor.starts_with("reaction:"))
                    m_followUps.push_back(child);
            }
        }
        return {};
    }

    /// What the command changed, and what its key and the texts of its data name.
    Result<void> findDocuments()
    {
        for (const RecordPtr &event : m_events) {
            const auto changes = m_engine.views().changesAt(event->position);
            if (!changes)
                return fail(changes.error());
            for (const auto &change : *changes)
                m_documents.emplace(change.view, change.key);
        }
        std::set<std::string> texts;
        if (!m_command->key.empty())
            texts.insert(m_command->key);
        const auto data = parseJson(m_command->data);
        if (!data)
            return fail(data.error());
        collectTexts(*data, texts);
        const Position before{m_command->position.value - 1};
        for (const auto &view : m_engine.views().views()) {
            for (const auto &text : texts) {
                if (m_stop.stop_requested())
                    return fail(ErrorCode::Cancelled, "stopped");
                const auto document = m_engine.views().get(view.name, text, before);
                if (document)
                    m_documents.emplace(view.name, text);
                else if (document.error().code != ErrorCode::NotFound)
                    return fail(document.error());
            }
        }
        return {};
    }

    static void collectTexts(const Json &value, std::set<std::string> &texts)
    {
        if (texts.size() >= textsMax)
            return;
        if (const auto *text = value.asString(); text && !text->empty() && text->size() <= limits::nameBytesMax)
            texts.insert(*text);
        if (const auto *members = value.asObject()) {
            for (const auto &[name, member] : *members)
                collectTexts(member, texts);
        }
        if (const auto *elements = value.asArray()) {
            for (const auto &element : *elements)
                collectTexts(element, texts);
        }
    }

    Result<std::vector<RecordPtr>> readGiven()
    {
        std::set<Position> positions;
        for (const auto &[view, key] : m_documents) {
            if (m_stop.stop_requested())
                return fail(ErrorCode::Cancelled, "stopped");
            const auto changes = m_engine.views().history(view, key, m_command->position, eventsMax);
            if (!changes)
                return fail(changes.error());
            for (const auto &change : *changes)
                positions.insert(change.position);
            m_cut = m_cut || changes->size() == eventsMax;
        }
        while (positions.size() > eventsMax) {
            positions.erase(positions.begin());
            m_cut = true;
        }
        const std::vector<Position> wanted(positions.begin(), positions.end());
        if (wanted.empty())
            return std::vector<RecordPtr>();
        return m_engine.records().at(wanted, m_stop);
    }

    [[nodiscard]] std::string writeCase(const std::string &name, const std::vector<RecordPtr> &given) const
    {
        CaseText text(name);
        const auto domains = m_engine.commands().domains();
        for (const RecordPtr &event : given) {
            Json step = stepOf("event", *event);
            if (const auto version = olderVersion(*event, domains))
                step.set("version", Json(std::int64_t(*version)));
            text.given(std::move(step));
        }
        text.when(stepOf("command", *m_command));
        const CasePlaceholders placeholders(*m_command, m_events, m_engine.commands().domains());
        Json then;
        if (m_outcome.status == CommandStatus::Succeeded) {
            Json::Array events;
            for (const RecordPtr &event : m_events) {
                Json one;
                one.set("event", Json(event->action));
                one.set("data", placeholders.apply(*parseJson(event->data)));
                events.push_back(std::move(one));
            }
            then.set("events", Json(std::move(events)));
            then.set("commands", followUps(placeholders));
        } else {
            Json error;
            error.set("code", Json(m_outcome.errorCode));
            if (m_outcome.status == CommandStatus::Rejected) {
                error.set("message", placeholders.apply(Json(m_outcome.errorMessage)));
                if (const auto details = parseJson(m_outcome.errorDetails))
                    error.set("details", placeholders.apply(*details));
            }
            then.set(m_outcome.status == CommandStatus::Rejected ? "rejection" : "fails", std::move(error));
        }
        text.then(then);
        return text.text();
    }

    [[nodiscard]] Json followUps(const CasePlaceholders &placeholders) const
    {
        Json::Array commands;
        for (const RecordPtr &command : m_followUps) {
            Json one;
            one.set("command", Json(command->action));
            one.set("data", placeholders.apply(*parseJson(command->data)));
            const auto terms = parseTerms(command->headers);
            if (terms && terms->notBefore)
                one.set("notBefore", Json(terms->notBefore->text()));
            if (terms && terms->expiresAt)
                one.set("expiresAt", Json(terms->expiresAt->text()));
            commands.push_back(std::move(one));
        }
        return Json(std::move(commands));
    }

    /// With its time: rules that look at the clock decide the same then.
    /// The version of its schema that an event has, unless it is the newest.
    [[nodiscard]] static std::optional<std::uint32_t> olderVersion(const Record &event,
                                                                   const std::vector<DomainDescription> &domains)
    {
        const auto written = eventVersionOf(event);
        for (const auto &domain : domains) {
            for (const auto &spec : domain.events) {
                if (spec.action == event.action && written && *written != spec.version)
                    return *written;
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] static Json stepOf(const char *kind, const Record &record)
    {
        Json step;
        step.set(kind, Json(record.action));
        step.set("at", Json(record.recordedAt.text()));
        step.set("data", *parseJson(record.data));
        return step;
    }

    Engine &m_engine;
    const std::stop_token m_stop;
    RecordPtr m_command;
    CommandOutcome m_outcome;
    std::vector<RecordPtr> m_events;
    std::vector<RecordPtr> m_followUps;
    std::set<DocumentName> m_documents;
    bool m_cut = false;
};

} // namespace

Result<TestCaseDraft> buildTestCase(Engine &engine, const Uuid &command, const std::string &name, std::stop_token stop)
{
    return CaseBuilder(engine, std::move(stop)).build(command, name);
}

} // namespace commander::ui
