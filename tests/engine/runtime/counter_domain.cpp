// SPDX-License-Identifier: GPL-3.0-or-later
#include "counter_domain.h"

#include <commander/domain_tests.h>

#include <map>
#include <optional>
#include <thread>

namespace commander::counter {

using namespace std::chrono_literals;

namespace {

const DomainLoader &loader()
{
    static const auto loader = makeScriptLoader();
    return *loader;
}

} // namespace

std::vector<DomainFile> files(const Version &version)
{
    const auto by = std::to_string(version.by);
    const auto weight = std::to_string(version.weight);
    const std::string manifest = R"({
  "name": "counter",
  "version": 1,
  "eventsTopic": "counter-events",
  "onFault": ")"
        + version.onFault + R"(",
  "commands": {
    "count": {
      "key": "key",
      "schema": {"type": "object", "required": ["key"], "properties": {"key": {"type": "string"}}},
      "example": {"key": "a"}
    }
  },
  "events": {
    "counted": {"key": "key", "schema": {"type": "object", "required": ["key", "by"]}}
  },
  "views": {
    ")" + version.view
        + R"(": {"path": ")" + version.path + R"(", "events": ["counted"]}
  }
}
)";
    const std::string script = "export const commands = {\n  count({ data: { key } }, { views, reject, context }) {\n"
                               "    const before = views['"
        + version.view + "'].get(key);\n    " + version.more + "\n    return [{ action: 'counted', data: { key, by: "
        + by + ", seen: before ? before.total : 0 } }];\n  },\n};\nexport const views = {\n  '" + version.view
        + "': {\n    counted(event, put, get) {\n      " + version.moreInFold
        + "\n      const before = get(event.data.key);\n      put(event.data.key, { total: (before ? before.total : 0) "
          "+ "
        + weight + ", weight: " + weight + " });\n    },\n  },\n};\n";
    const auto wanted = std::to_string(version.expectedBy ? version.expectedBy : version.by);
    const std::string test = R"({
  "name": "counts",
  "when": {"command": "count", "data": {"key": "k"}},
  "then": {
    "events": [{"event": "counted", "key": "k", "data": {"key": "k", "by": )"
        + wanted + R"(, "seen": 0}}]
  }
}
)";
    return {{"domain.js", script}, {"domain.json", manifest}, {"tests/counts.json", test}};
}

OpenOptions options(const std::string &ledger, std::vector<std::vector<DomainFile>> install)
{
    OpenOptions options;
    options.ledgerPath = ledger;
    options.domains = {makeBankDomain()};
    options.loader = &loader();
    options.install = std::move(install);
    return options;
}

Result<RecordPtr> send(Engine &engine, const std::string &action, const std::string &data)
{
    CommandDraft draft;
    draft.action = action;
    draft.data = data;
    draft.actor = "test";
    auto receipt = engine.commands().submitAndWait(std::move(draft));
    if (!receipt)
        return fail(receipt.error());
    return receipt->command;
}

std::string said(Engine &engine, const RecordPtr &command)
{
    const auto result = engine.commands().waitForResult(command->id, 30s);
    if (!result)
        return result.error().text();
    const auto outcome = parseOutcome((*result)->data);
    if (!outcome)
        return outcome.error().text();
    const std::string status(commandStatusName(outcome->status));
    return outcome->status == CommandStatus::Succeeded
        ? status
        : status + ' ' + outcome->errorCode + ": " + outcome->errorMessage;
}

bool settled(Engine &engine)
{
    const auto head = engine.ledger().head();
    return head && engine.views().waitFor(head->position, 30s);
}

std::vector<RecordPtr> allRecords(Engine &engine)
{
    std::vector<RecordPtr> all;
    for (Position from{1};;) {
        const auto records = engine.ledger().readAt(from, 1000);
        if (!records || records->empty())
            return all;
        all.insert(all.end(), records->begin(), records->end());
        from = records->back()->position.next();
    }
}

std::string checkLedger(Engine &engine, const std::vector<Version> &versions)
{
    std::map<std::string, Version> byHash;
    for (const auto &version : versions) {
        const auto loaded = loader().load(files(version));
        if (!loaded.domain)
            return loaded.problems.front().text();
        byHash.emplace(toHex(loaded.domain->description().hash), version);
    }
    struct Installation {
        Position command; ///< what is recorded later is decided by it
        Version version;
    };
    std::vector<Installation> installations;
    std::map<std::string, int> events; // by key
    std::map<Uuid, RecordPtr> commands;
    std::map<Uuid, int> results;
    for (const auto &record : allRecords(engine)) {
        const auto at = "position " + std::to_string(record->position.value) + ": ";
        const auto data = parseJson(record->data);
        if (!data)
            return at + data.error().text();
        if (record->kind == RecordKind::Command)
            commands[record->id] = record;
        if (record->kind == RecordKind::Result && ++results[record->parent] > 1)
            return at + "a second result";
        if (record->kind != RecordKind::Event)
            continue;
        const auto command = commands.find(record->parent);
        if (command == commands.end())
            return at + "an event before its command";
        if (record->action == "domain-installed") {
            const auto version = byHash.find(std::string(data->stringAt("hash")));
            if (version == byHash.end())
                return at + "another hash was installed";
            installations.push_back({command->second->position, version->second});
        }
        if (record->action != "counted")
            continue;
        const Version *version = nullptr;
        for (const auto &one : installations) {
            if (one.command < command->second->position)
                version = &one.version;
        }
        if (!version)
            return at + "counted before anything was installed";
        if (data->integerAt("by") != version->by)
            return at + "decided by " + record->data + ", not by " + std::to_string(version->by);
        auto &before = events[record->key];
        if (data->integerAt("seen") != before * version->weight)
            return at + "saw another fold's document: " + record->data;
        ++before;
    }
    if (results.size() != commands.size())
        return std::to_string(commands.size() - results.size()) + " commands have no result";
    if (installations.empty())
        return events.empty() ? std::string() : "events without an installation";
    const auto &last = installations.back().version;
    for (const auto &[key, times] : events) {
        const auto document = engine.views().get(last.view, key, {});
        if (!document)
            return document.error().text();
        const auto wanted = R"({"total":)" + std::to_string(times * last.weight) + R"(,"weight":)"
            + std::to_string(last.weight) + "}";
        if (document->json != wanted)
            return "document " + key + " is " + document->json + ", not " + wanted;
    }
    return {};
}

} // namespace commander::counter
