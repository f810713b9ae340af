// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "processor/command_decider.h"

#include <commander/script_domain.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace scripttest {

using namespace commander;

inline std::string sampleFolder(const std::string &name)
{
    return std::string(COMMANDER_SAMPLE_DOMAINS) + '/' + name;
}

/// Scripts run in a process of their own.
inline ScriptOptions apartOptions()
{
    ScriptOptions options;
    options.helper = COMMANDER_SCRIPT_HOST;
    return options;
}

/// A domain folder that a test writes.
class TestFolder {
public:
    TestFolder &file(const std::string &name, const std::string &bytes)
    {
        const auto path = m_dir.filePath(QString::fromStdString(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(bytes)) < 0)
            std::abort();
        return *this;
    }
    [[nodiscard]] std::string path() const { return m_dir.path().toStdString(); }
    [[nodiscard]] Result<std::shared_ptr<const Domain>> load(const ScriptOptions &options = {}) const
    {
        return loadDomainFolder(path(), options);
    }

private:
    QTemporaryDir m_dir;
};

/// A domain "probe" with one command "try", one event "tried" and one view "tries", whose handler and fold are the
/// given script texts.
inline TestFolder probeFolder(const std::string &handler, const std::string &fold = "put('1', event.data);")
{
    TestFolder folder;
    folder.file("domain.json", R"({"name":"probe","eventsTopic":"probe-events",
"commands":{"try":{"schema":{},"example":{}}},
"events":{"tried":{"schema":{}}},
"views":{"tries":{"events":["tried"]}}})");
    folder.file("domain.js",
                "export const commands = {\n  \"try\"(command, { views, reject, context }) {\n" + handler
                    + "\n  },\n};\nexport const views = { tries: {\n  tried(event, put, get, remove) {\n" + fold
                    + "\n  },\n} };\n");
    return folder;
}

/// All documents of all views, in memory.
class Documents final : public DocumentSource, public DocumentFold {
public:
    [[nodiscard]] const Json *get(std::string_view ofView, std::string_view key) override
    {
        const auto found = all.find({std::string(ofView), std::string(key)});
        return found == all.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const Json *get(std::string_view key) override { return get(view, key); }
    void put(std::string_view key, Json document) override { all[{view, std::string(key)}] = std::move(document); }
    void remove(std::string_view key) override { all.erase({view, std::string(key)}); }
    [[nodiscard]] std::string text() const
    {
        std::string out;
        for (const auto &[name, document] : all)
            out += name.first + '/' + name.second + ' ' + writeJson(document) + '\n';
        return out;
    }

    std::map<std::pair<std::string, std::string>, Json> all;
    std::string view; ///< that is folded
};

/// Nothing was ever settled: everything is still in memory.
class NoBackend final : public DocumentBackend {
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

inline std::string textOf(const RecordDraft &record)
{
    std::string out(recordKindName(record.kind));
    for (const auto &part :
         {record.id.text(), record.parent.text(), record.correlation.text(), record.topic, record.key, record.action,
          record.actor, std::to_string(record.depth), std::to_string(record.schemaVersion),
          record.timestamp ? record.timestamp->text() : std::string(), record.headers, record.data})
        out += ' ' + part;
    return out;
}

/// What a workspace with one domain would record and show, without any storage.
class Rehearsal {
public:
    explicit Rehearsal(std::shared_ptr<const Domain> domain)
        : m_domain(std::move(domain)), m_registry(std::move(*DomainRegistry::create({m_domain}))),
          m_documents(*m_registry, m_backend), m_decider(*m_registry, m_documents, m_ids)
    {
    }

    /// Decides the command and all that it causes.
    void send(const std::string &action, const std::string &data)
    {
        Record command;
        command.kind = RecordKind::Command;
        command.id = uuid5({}, std::to_string(++m_sent));
        command.correlation = command.id;
        command.topic = commandsTopic;
        command.action = action;
        command.data = data;
        std::deque<Record> waiting{command};
        while (!waiting.empty()) {
            auto next = std::move(waiting.front());
            waiting.pop_front();
            next.recordedAt = {1'463'754'808'902'000 + static_cast<std::int64_t>(++m_time) * 1000};
            std::vector<RecordDraft> out;
            if (const auto decided = m_decider.decide(next, next.recordedAt, FaultPolicy::Fail, out); !decided)
                qFatal("%s", decided.error().text().c_str());
            m_documents.keep();
            for (auto &record : out) {
                if (record.kind == RecordKind::Event)
                    fold(record);
                if (record.kind == RecordKind::Command)
                    waiting.push_back(Record{record, {}, {}, {}, {}, {}, {}});
                ledger.push_back(textOf(record));
                lastResult = record.kind == RecordKind::Result ? record.data : lastResult;
            }
        }
    }

    std::vector<std::string> ledger;
    std::string lastResult;
    Documents views;

private:
    void fold(const RecordDraft &draft)
    {
        const Record record{draft, {}, {}, {}, {}, {}, {}};
        const auto data = parseJson(record.data);
        for (const auto &view : m_registry->viewsFolding(record.action)) {
            views.view = view.spec->name;
            if (const auto folded = m_domain->fold(*view.spec, {record, *data}, views); !folded)
                qFatal("%s", folded.error().text().c_str());
        }
    }

    const std::shared_ptr<const Domain> m_domain;
    const std::unique_ptr<DomainRegistry> m_registry;
    NoBackend m_backend;
    DecisionDocuments m_documents;
    RecordIds m_ids;
    CommandDecider m_decider;
    std::uint64_t m_sent = 0;
    std::uint64_t m_time = 0;
};

} // namespace scripttest
