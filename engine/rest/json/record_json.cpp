// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/record_json.h"

#include <commander/command_terms.h>

#include <algorithm>

namespace commander::rest {

namespace {

void appendPlace(ObjectWriter &json, const Record &record)
{
    json.plain("timestamp", record.time().text());
    json.text("topic", record.topic);
    json.number("partition", record.partition);
    json.number("offset", record.offset.value);
    json.number("position", record.position.value);
    if (!record.key.empty())
        json.text("key", record.key);
}

void appendWho(ObjectWriter &json, const Record &record)
{
    json.plain("correlation", record.correlation.text());
    json.text("actor", record.actor);
}

void appendIds(std::string &out, std::span<const Uuid> ids)
{
    ArrayWriter array(out);
    for (const auto &id : ids)
        array.text(id.text());
}

/// What a command states beyond its data, by the names with which it is sent. What cannot be read is left out: verify
/// and the raw headers show it.
void appendTerms(ObjectWriter &json, std::string_view headers)
{
    const auto terms = parseTerms(headers);
    if (!terms)
        return;
    if (terms->notBefore)
        json.plain("notBefore", terms->notBefore->text());
    if (terms->expiresAt)
        json.plain("expiresAt", terms->expiresAt->text());
    if (terms->expectedRevision.kind == ExpectedRevision::Kind::Exactly)
        json.number("expectedRevision", terms->expectedRevision.number);
    else if (terms->expectedRevision.isStated())
        json.plain("expectedRevision", terms->expectedRevision.text());
}

void appendCommandHead(ObjectWriter &json, const Record &command)
{
    json.plain("id", command.id.text());
    json.text("action", command.action);
    json.raw("data", command.data);
    appendPlace(json, command);
    if (!command.parent.isNull())
        json.plain("parent", command.parent.text());
    appendWho(json, command);
    if (command.kind == RecordKind::Command && !command.headers.empty())
        appendTerms(json, command.headers);
}

} // namespace

void appendCommand(std::string &out, const Record &command, const CommandState &state)
{
    out.reserve(out.size() + command.data.size() + 512);
    ObjectWriter json(out);
    appendCommandHead(json, command);
    json.plain("status", commandStatusName(state.status));
    if (state.result) {
        json.name("result");
        appendResult(out, *state.result);
    }
    json.name("children");
    appendIds(out, state.children);
}

void appendEvent(std::string &out, const Record &event)
{
    out.reserve(out.size() + event.data.size() + 512);
    ObjectWriter json(out);
    json.plain("id", event.id.text());
    if (!event.parent.isNull())
        json.plain("parent", event.parent.text());
    json.text("action", event.action);
    json.raw("data", event.data);
    appendPlace(json, event);
    appendWho(json, event);
}

void appendResult(std::string &out, const Record &result)
{
    ObjectWriter json(out);
    json.plain("id", result.id.text());
    json.plain("parent", result.parent.text());
    json.text("status", result.action);
    const auto outcome = parseOutcome(result.data);
    json.name("events");
    appendIds(out, outcome ? std::span<const Uuid>(outcome->events) : std::span<const Uuid>());
    if (outcome && !outcome->errorCode.empty()) {
        json.name("error");
        ObjectWriter error(out);
        error.text("code", outcome->errorCode);
        error.text("message", outcome->errorMessage);
        if (!outcome->errorDetails.empty())
            error.raw("details", outcome->errorDetails);
    }
    json.plain("timestamp", result.time().text());
    json.number("position", result.position.value);
}

void appendRecord(std::string &out, const Record &record)
{
    switch (record.kind) {
    case RecordKind::Command: {
        ObjectWriter json(out);
        appendCommandHead(json, record);
        return;
    }
    case RecordKind::Event:
        return appendEvent(out, record);
    case RecordKind::Result:
        return appendResult(out, record);
    }
}

void appendRawRecord(std::string &out, const Record &record)
{
    out.reserve(out.size() + record.data.size() + 768);
    ObjectWriter json(out);
    json.plain("kind", recordKindName(record.kind));
    appendCommandHead(json, record);
    if (!record.headers.empty())
        json.raw("headers", record.headers);
    json.plain("recordedAt", record.recordedAt.text());
    json.plain("hash", toHex(record.leaf));
    json.plain("chain", toHex(record.chain));
}

void replaceLineBreaks(std::string &json) noexcept
{
    std::replace_if(
        json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

void appendDocument(std::string &out, const Document &document)
{
    ObjectWriter json(out);
    json.text("view", document.view);
    json.number("version", document.version);
    json.text("key", document.key);
    json.number("position", document.position.value);
    json.plain("event", document.event.text());
    json.raw("document", document.json);
}

void appendFields(std::string &out, std::span<const FieldChange> fields)
{
    ArrayWriter array(out);
    for (const auto &field : fields) {
        array.next();
        ObjectWriter json(out);
        json.text("pointer", field.pointer);
        if (field.before)
            json.raw("before", *field.before);
        if (field.after)
            json.raw("after", *field.after);
    }
}

void appendChange(std::string &out, const DocumentChange &change)
{
    ObjectWriter json(out);
    json.text("view", change.view);
    json.number("version", change.version);
    json.text("key", change.key);
    json.number("position", change.position.value);
    json.plain("event", change.event.text());
    json.flag("created", change.created);
    json.flag("removed", change.removed);
    json.name("fields");
    appendFields(out, change.fields);
}

void appendOrigins(std::string &out, std::span<const FieldOrigin> origins)
{
    ArrayWriter array(out);
    for (const auto &origin : origins) {
        array.next();
        ObjectWriter json(out);
        json.text("pointer", origin.pointer);
        json.raw("value", origin.value);
        json.number("position", origin.position.value);
        json.plain("event", origin.event.text());
        json.plain("command", origin.command.text());
        json.text("action", origin.action);
        json.plain("timestamp", origin.recordedAt.text());
    }
}

void appendViewStatus(std::string &out, const ViewStatus &status)
{
    ObjectWriter json(out);
    json.text("view", status.name);
    json.number("version", status.version);
    json.text("domain", status.domain);
    if (!status.path.empty())
        json.text("path", status.path);
    json.number("position", status.position.value);
    json.number("documents", status.documents);
    json.name("indexes");
    {
        ArrayWriter indexes(out);
        for (const auto &pointer : status.indexes)
            indexes.text(pointer);
    }
    if (!status.error.empty())
        json.text("error", status.error);
}

void appendLineage(std::string &out, const LineageGraph &graph)
{
    ObjectWriter json(out);
    json.name("nodes");
    {
        ArrayWriter nodes(out);
        for (const auto &node : graph.nodes) {
            nodes.next();
            ObjectWriter item(out);
            if (node.kind == LineageNode::Kind::Change) {
                item.plain("kind", "change");
                item.name("change");
                if (node.change)
                    appendChange(out, *node.change);
                else
                    out += "null";
                continue;
            }
            item.plain("kind", node.record ? recordKindName(node.record->kind) : "missing");
            if (node.kind == LineageNode::Kind::Command)
                item.plain("status", commandStatusName(node.status));
            item.flag("orphan", node.orphan);
            if (node.record) {
                item.name("record");
                appendRecord(out, *node.record);
            }
        }
    }
    json.name("edges");
    {
        ArrayWriter edges(out);
        for (const auto &edge : graph.edges) {
            edges.next();
            ObjectWriter item(out);
            item.number("cause", edge.cause);
            item.number("effect", edge.effect);
        }
    }
    json.number("focus", graph.focus);
    json.number("hidden", graph.hidden);
}

void appendDomain(std::string &out, const DomainDescription &domain)
{
    ObjectWriter json(out);
    json.text("domain", domain.name);
    json.number("version", domain.version);
    json.plain("hash", toHex(domain.hash));
    json.text("eventsTopic", domain.eventsTopic);
    json.name("commands");
    {
        ArrayWriter commands(out);
        for (const auto &command : domain.commands) {
            commands.next();
            ObjectWriter item(out);
            item.text("action", command.action);
            item.text("title", command.title);
            if (!command.keyField.empty())
                item.text("keyField", command.keyField);
            item.raw("schema", command.schema.empty() ? "true" : command.schema);
            if (!command.example.empty())
                item.raw("example", command.example);
        }
    }
    json.name("events");
    {
        ArrayWriter events(out);
        for (const auto &event : domain.events) {
            events.next();
            ObjectWriter item(out);
            item.text("action", event.action);
            item.raw("schema", event.schema.empty() ? "true" : event.schema);
        }
    }
    json.name("views");
    {
        ArrayWriter views(out);
        for (const auto &view : domain.views) {
            views.next();
            ObjectWriter item(out);
            item.text("view", view.name);
            item.number("version", view.version);
            if (!view.path.empty())
                item.text("path", view.path);
            item.name("events");
            ArrayWriter actions(out);
            for (const auto &action : view.events)
                actions.text(action);
        }
    }
    json.name("reactsTo");
    ArrayWriter reactions(out);
    for (const auto &action : domain.reactsTo)
        reactions.text(action);
}

} // namespace commander::rest
