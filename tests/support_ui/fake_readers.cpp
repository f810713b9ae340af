// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_readers.h"

#include <algorithm>
#include <cctype>
#include <thread>

namespace commander::test {

namespace {

constexpr std::uint64_t recordsPerMatchCall = 20'000;

} // namespace

Result<void> FakeRecordReader::beginRead(std::stop_token stop)
{
    ++m_store.reads;
    // A slow disk is what this delay stands for; it ends early when the question is withdrawn.
    for (int left = m_store.readDelayMs; left > 0 && !stop.stop_requested(); left -= 5)
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min(left, 5)));
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "cancelled");
    if (m_store.failReads)
        return fail(ErrorCode::IoError, "cannot read the index", "index.sqlite", "Check the disk.");
    return {};
}

Result<IndexExtent> FakeRecordReader::extent()
{
    if (auto ready = beginRead(); !ready)
        return fail(std::move(ready.error()));
    const Position head = m_store.head();
    IndexExtent extent{head, {}, {}};
    if (head.value > 0) {
        extent.first = m_store.record({1})->recordedAt;
        extent.last = m_store.record(head)->recordedAt;
    }
    return extent;
}

Result<std::vector<RecordPtr>> FakeRecordReader::range(Position first, std::size_t count, std::stop_token stop)
{
    if (auto ready = beginRead(stop); !ready)
        return fail(std::move(ready.error()));
    std::vector<RecordPtr> records;
    for (std::size_t i = 0; i < count; ++i) {
        auto record = m_store.record({first.value + i});
        if (!record)
            break;
        records.push_back(std::move(record));
    }
    return records;
}

Result<std::vector<RecordPtr>> FakeRecordReader::at(std::span<const Position> positions, std::stop_token stop)
{
    if (auto ready = beginRead(stop); !ready)
        return fail(std::move(ready.error()));
    std::vector<RecordPtr> records;
    for (const Position position : positions) {
        auto record = m_store.record(position);
        if (!record)
            return fail(ErrorCode::NotFound, "no such record", std::to_string(position.value));
        records.push_back(std::move(record));
    }
    return records;
}

Result<RecordPtr> FakeRecordReader::find(const Uuid &id)
{
    if (auto ready = beginRead(); !ready)
        return fail(std::move(ready.error()));
    if (auto record = m_store.find(id))
        return record;
    return fail(ErrorCode::NotFound, "no such record", id.text());
}

Result<std::vector<RecordPtr>> FakeRecordReader::children(const Uuid &id, std::size_t max)
{
    const auto parent = find(id);
    if (!parent)
        return fail(parent.error());
    auto records = m_store.correlated((*parent)->correlation, 100'000);
    std::erase_if(records, [&](const RecordPtr &record) { return record->parent != id; });
    records.resize(std::min(records.size(), max));
    return records;
}

Result<std::vector<RecordPtr>> FakeRecordReader::correlated(const Uuid &correlation, std::size_t max)
{
    if (auto ready = beginRead(); !ready)
        return fail(std::move(ready.error()));
    return m_store.correlated(correlation, max);
}

Result<CommandStatus> FakeRecordReader::status(const Uuid &command)
{
    const RecordPtr result = m_store.result(command);
    return result ? commandStatusFromName(result->action).value_or(CommandStatus::Failed) : CommandStatus::Accepted;
}

Result<RecordPtr> FakeRecordReader::result(const Uuid &command)
{
    return m_store.result(command);
}

bool FakeRecordReader::matches(const RecordFilter &filter, const Record &record) const
{
    return filter.matches(record, [this](const Record &asked) -> std::optional<CommandStatus> {
        if (asked.kind != RecordKind::Command)
            return std::nullopt;
        const RecordPtr result = m_store.result(asked.id);
        return result ? commandStatusFromName(result->action).value_or(CommandStatus::Failed) : CommandStatus::Accepted;
    });
}

Result<MatchPage> FakeRecordReader::match(const RecordFilter &filter, Position start, ScanDirection direction,
                                          std::size_t limit, std::stop_token stop)
{
    if (auto ready = beginRead(stop); !ready)
        return fail(std::move(ready.error()));
    MatchPage page;
    const bool up = direction == ScanDirection::OldestFirst;
    const std::uint64_t end = std::min(filter.last.value, m_store.head().value);
    std::uint64_t at = up ? std::max(start.value, filter.first.value) : std::min(start.value, end);
    for (std::uint64_t work = 0;; ++work) {
        if (up ? at > end : at < filter.first.value || at == 0) {
            page.complete = true;
            break;
        }
        if (work == recordsPerMatchCall || page.positions.size() == limit || stop.stop_requested())
            break;
        if (matches(filter, *m_store.record({at})))
            page.positions.push_back({at});
        at = up ? at + 1 : at - 1;
    }
    page.next = {at};
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "cancelled");
    return page;
}

Result<Histogram> FakeRecordReader::histogram(const HistogramRequest &request, std::stop_token stop)
{
    if (auto ready = beginRead(stop); !ready)
        return fail(std::move(ready.error()));
    Histogram histogram{
        request.from,
        std::max<std::int64_t>((request.to.micros - request.from.micros) / std::int64_t(request.bins), 1),
        request.bins,
        {},
        0};
    for (std::uint64_t at = 1; auto record = m_store.record({at}); ++at) {
        const std::int64_t offset = record->recordedAt.micros - request.from.micros;
        if (offset < 0 || record->recordedAt >= request.to)
            continue;
        const std::string name = request.groupBy == HistogramRequest::GroupBy::Topic ? record->topic
            : request.groupBy == HistogramRequest::GroupBy::Action                   ? record->action
                                                                   : std::string(recordKindName(record->kind));
        auto &bins = histogram.series[name];
        bins.resize(request.bins);
        ++bins[std::min(std::size_t(offset / histogram.binMicros), request.bins - 1)];
        ++histogram.total;
    }
    return histogram;
}

Result<std::vector<NameCount>> FakeRecordReader::count(std::string RecordDraft::*name)
{
    if (auto ready = beginRead(); !ready)
        return fail(std::move(ready.error()));
    constexpr std::uint64_t sampled = 50'000;
    std::map<std::string, std::uint64_t> counts;
    for (std::uint64_t at = 1; at <= sampled; ++at) {
        const RecordPtr record = m_store.record({at});
        if (!record)
            break;
        ++counts[(*record).*name];
    }
    std::vector<NameCount> list;
    for (const auto &[text, number] : counts)
        list.push_back({text, number});
    return list;
}

Result<std::vector<NameCount>> FakeRecordReader::topics()
{
    return count(&RecordDraft::topic);
}

Result<std::vector<NameCount>> FakeRecordReader::actions()
{
    return count(&RecordDraft::action);
}

Result<Position> FakeRecordReader::positionAt(Timestamp time)
{
    if (auto ready = beginRead(); !ready)
        return fail(std::move(ready.error()));
    std::uint64_t low = 1;
    std::uint64_t high = m_store.head().value + 1;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (m_store.record({middle})->recordedAt < time)
            low = middle + 1;
        else
            high = middle;
    }
    return Position{low};
}

std::vector<ViewStatus> FakeViewReader::views()
{
    const auto documents = m_store.documents("accounts");
    return {ViewStatus{"accounts", 1, "bank", "/accounts", m_store.head(), documents.size(), {}}};
}

Result<Document> FakeViewReader::get(const std::string &view, const std::string &key, std::optional<Position>)
{
    for (Document &document : m_store.documents(view)) {
        if (document.key == key)
            return std::move(document);
    }
    return fail(ErrorCode::NotFound, "no such document", view + "/" + key);
}

Result<DocumentList> FakeViewReader::list(const std::string &view, const DocumentListRequest &request, std::stop_token)
{
    DocumentList list;
    for (Document &document : m_store.documents(view)) {
        if (!document.key.starts_with(request.prefix) || (request.afterKey && document.key <= *request.afterKey))
            continue;
        if (list.documents.size() == request.limit) {
            list.nextKey = list.documents.back().key;
            break;
        }
        list.documents.push_back(std::move(document));
    }
    return list;
}

Result<std::vector<DocumentChange>> FakeViewReader::history(const std::string &view, const std::string &key,
                                                            std::optional<Position> before, std::size_t limit)
{
    auto changes = m_store.changes();
    std::erase_if(changes, [&](const DocumentChange &change) {
        return change.view != view || change.key != key || (before && change.position >= *before);
    });
    std::reverse(changes.begin(), changes.end());
    changes.resize(std::min(changes.size(), limit));
    return changes;
}

Result<std::vector<FieldOrigin>> FakeViewReader::blame(const std::string &view, const std::string &key,
                                                       std::optional<Position> at)
{
    std::map<std::string, FieldOrigin> origins;
    for (const DocumentChange &change : m_store.changes()) {
        if (change.view != view || change.key != key || (at && change.position > *at))
            continue;
        const RecordPtr event = m_store.find(change.event);
        for (const FieldChange &field : change.fields)
            origins[field.pointer] = FieldOrigin{field.pointer,    field.after.value_or("null"),
                                                 change.position,  change.event,
                                                 event->parent,    event->action,
                                                 event->recordedAt};
    }
    std::vector<FieldOrigin> list;
    for (auto &[pointer, origin] : origins)
        list.push_back(std::move(origin));
    return list;
}

Result<std::vector<FieldChange>> FakeViewReader::diff(const std::string &view, const std::string &key, Position from,
                                                      Position to)
{
    std::map<std::string, FieldChange> merged;
    for (const DocumentChange &change : m_store.changes()) {
        if (change.view != view || change.key != key || change.position <= from || change.position > to)
            continue;
        for (const FieldChange &field : change.fields) {
            const auto [place, isNew] = merged.emplace(field.pointer, field);
            if (!isNew)
                place->second.after = field.after;
        }
    }
    std::vector<FieldChange> list;
    for (auto &[pointer, change] : merged)
        list.push_back(std::move(change));
    return list;
}

Result<std::vector<DocumentChange>> FakeViewReader::changesAt(Position event)
{
    auto changes = m_store.changes();
    std::erase_if(changes, [event](const DocumentChange &change) { return change.position != event; });
    return changes;
}

bool FakeViewReader::waitFor(Position position, std::chrono::milliseconds)
{
    return position <= m_store.head();
}

Result<LineageGraph> FakeLineage::around(const Uuid &record, std::size_t nodesMax, std::stop_token)
{
    const RecordPtr focus = m_store.find(record);
    if (!focus)
        return fail(ErrorCode::NotFound, "no such record", record.text());
    LineageGraph graph;
    std::map<Uuid, std::size_t> places;
    for (const RecordPtr &one : m_store.correlated(focus->correlation, nodesMax)) {
        LineageNode node;
        node.record = one;
        node.kind = one->kind == RecordKind::Command ? LineageNode::Kind::Command
            : one->kind == RecordKind::Event         ? LineageNode::Kind::Event
                                                     : LineageNode::Kind::Result;
        if (const RecordPtr result = m_store.result(one->id))
            node.status = commandStatusFromName(result->action).value_or(CommandStatus::Failed);
        places[one->id] = graph.nodes.size();
        if (one->id == record)
            graph.focus = graph.nodes.size();
        if (const auto cause = places.find(one->parent); cause != places.end())
            graph.edges.push_back({cause->second, graph.nodes.size()});
        graph.nodes.push_back(node);
    }
    for (const DocumentChange &change : m_store.changes()) {
        const auto cause = places.find(change.event);
        if (cause == places.end())
            continue;
        graph.edges.push_back({cause->second, graph.nodes.size()});
        graph.nodes.push_back(
            {LineageNode::Kind::Change, m_store.find(change.event), change, CommandStatus::Accepted, false});
    }
    return graph;
}

std::unique_ptr<Subscription> FakeUpdates::subscribe(std::chrono::milliseconds,
                                                     std::function<void(const Progress &)> notify)
{
    class Held final : public Subscription {
    public:
        Held(FakeStore &store, int number) : m_store(store), m_number(number) { }
        ~Held() override { m_store.unsubscribe(m_number); }

    private:
        FakeStore &m_store;
        int m_number;
    };
    return std::make_unique<Held>(m_store, m_store.subscribe(std::move(notify)));
}

} // namespace commander::test
