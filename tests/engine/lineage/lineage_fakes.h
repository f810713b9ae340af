// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record_reader.h>
#include <commander/views.h>

#include <algorithm>
#include <map>

namespace commander {

/// Answers from a list of records, the plain way.
class ListReader final : public RecordReader {
public:
    std::vector<RecordPtr> records; ///< position n at n - 1
    std::size_t matchesPerCall = 3; ///< few, so that callers have to go on

    Result<IndexExtent> extent() override { return IndexExtent{{records.size()}, {}, {}}; }
    Result<std::vector<RecordPtr>> range(Position, std::size_t, std::stop_token) override
    {
        return std::vector<RecordPtr>();
    }
    Result<std::vector<RecordPtr>> at(std::span<const Position> positions, std::stop_token) override
    {
        std::vector<RecordPtr> found;
        for (const auto position : positions)
            found.push_back(records.at(position.value - 1));
        return found;
    }
    Result<RecordPtr> find(const Uuid &id) override
    {
        const auto found = std::ranges::find(records, id, [](const RecordPtr &record) { return record->id; });
        if (found == records.end())
            return fail(ErrorCode::NotFound, "no such record", id.text());
        return *found;
    }
    Result<std::vector<RecordPtr>> children(const Uuid &, std::size_t) override { return std::vector<RecordPtr>(); }
    Result<std::vector<RecordPtr>> correlated(const Uuid &, std::size_t) override { return std::vector<RecordPtr>(); }
    Result<CommandStatus> status(const Uuid &command) override
    {
        const auto answer = result(command);
        return *answer ? *commandStatusFromName((*answer)->action) : CommandStatus::Accepted;
    }
    Result<RecordPtr> result(const Uuid &command) override
    {
        for (const auto &record : records) {
            if (record->kind == RecordKind::Result && record->parent == command)
                return record;
        }
        return RecordPtr();
    }
    Result<MatchPage> match(const RecordFilter &filter, Position start, ScanDirection direction, std::size_t limit,
                            std::stop_token stop) override
    {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cancelled");
        MatchPage page;
        const bool forward = direction == ScanDirection::OldestFirst;
        page.next = std::min(start, Position{records.size() + 1});
        while (page.next.value >= 1 && page.next.value <= records.size()) {
            if (page.positions.size() == std::min(limit, matchesPerCall))
                return page;
            if (records[page.next.value - 1]->correlation == *filter.correlation)
                page.positions.push_back(page.next);
            page.next.value += forward ? 1u : ~std::uint64_t{0};
        }
        page.complete = true;
        return page;
    }
    Result<Histogram> histogram(const HistogramRequest &, std::stop_token) override { return Histogram(); }
    Result<std::vector<NameCount>> topics() override { return std::vector<NameCount>(); }
    Result<std::vector<NameCount>> actions() override { return std::vector<NameCount>(); }
    Result<Position> positionAt(Timestamp) override { return Position{1}; }
};

/// Knows document changes by the position of their event, and nothing else.
class ChangesReader final : public ViewReader {
public:
    std::map<Position, std::vector<DocumentChange>> changes;

    std::vector<ViewStatus> views() override { return {}; }
    Result<Document> get(const std::string &, const std::string &, std::optional<Position>) override
    {
        return Document();
    }
    Result<DocumentList> list(const std::string &, const DocumentListRequest &, std::stop_token) override
    {
        return DocumentList();
    }
    Result<std::vector<DocumentChange>> history(const std::string &, const std::string &, std::optional<Position>,
                                                std::size_t) override
    {
        return std::vector<DocumentChange>();
    }
    Result<std::vector<FieldOrigin>> blame(const std::string &, const std::string &, std::optional<Position>) override
    {
        return std::vector<FieldOrigin>();
    }
    Result<std::vector<FieldChange>> diff(const std::string &, const std::string &, Position, Position) override
    {
        return std::vector<FieldChange>();
    }
    Result<std::vector<DocumentChange>> changesAt(Position event) override
    {
        const auto found = changes.find(event);
        return found == changes.end() ? std::vector<DocumentChange>() : found->second;
    }
    bool waitFor(Position, std::chrono::milliseconds) override { return true; }
};

/// A ledger that is written down line by line: names instead of ids.
class Story {
public:
    static Uuid id(const std::string &name) { return name.empty() ? Uuid{} : uuid5({}, name); }

    Position add(RecordKind kind, const std::string &name, const std::string &parent, const std::string &root,
                 const std::string &action = "act")
    {
        auto record = std::make_shared<Record>();
        record->kind = kind;
        record->id = id(name);
        record->parent = id(parent);
        record->correlation = id(root);
        record->action = action;
        record->key = name;
        record->position = {reader.records.size() + 1};
        reader.records.push_back(record);
        return record->position;
    }
    void change(Position event, const std::string &view, const std::string &key)
    {
        DocumentChange change;
        change.view = view;
        change.key = key;
        change.position = event;
        change.event = reader.records[event.value - 1]->id;
        views.changes[event].push_back(change);
    }

    ListReader reader;
    ChangesReader views;
};

} // namespace commander
