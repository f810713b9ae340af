// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support_ui/fake_store.h"

#include <commander/lineage.h>

namespace commander::test {

class FakeRecordReader final : public RecordReader {
public:
    explicit FakeRecordReader(FakeStore &store) : m_store(store) { }
    Result<IndexExtent> extent() override;
    Result<std::vector<RecordPtr>> range(Position first, std::size_t count, std::stop_token stop) override;
    Result<std::vector<RecordPtr>> at(std::span<const Position> positions, std::stop_token stop) override;
    Result<RecordPtr> find(const Uuid &id) override;
    Result<std::vector<RecordPtr>> children(const Uuid &id, std::size_t max) override;
    Result<std::vector<RecordPtr>> correlated(const Uuid &correlation, std::size_t max) override;
    Result<CommandStatus> status(const Uuid &command) override;
    Result<RecordPtr> result(const Uuid &command) override;
    Result<MatchPage> match(const RecordFilter &filter, Position start, ScanDirection direction, std::size_t limit,
                            std::stop_token stop) override;
    Result<Histogram> histogram(const HistogramRequest &request, std::stop_token stop) override;
    Result<std::vector<NameCount>> topics() override;
    Result<std::vector<NameCount>> actions() override;
    Result<Position> positionAt(Timestamp time) override;

private:
    [[nodiscard]] Result<void> beginRead(std::stop_token stop = {}); ///< delay and failure as told
    [[nodiscard]] bool matches(const RecordFilter &filter, const Record &record) const;
    [[nodiscard]] Result<std::vector<NameCount>> count(std::string RecordDraft::*name);

    FakeStore &m_store;
};

class FakeViewReader final : public ViewReader {
public:
    explicit FakeViewReader(FakeStore &store) : m_store(store) { }
    std::vector<ViewStatus> views() override;
    Result<Document> get(const std::string &view, const std::string &key, std::optional<Position> at) override;
    Result<DocumentList> list(const std::string &view, const DocumentListRequest &request,
                              std::stop_token stop) override;
    Result<std::vector<DocumentChange>> history(const std::string &view, const std::string &key,
                                                std::optional<Position> before, std::size_t limit) override;
    Result<std::vector<FieldOrigin>> blame(const std::string &view, const std::string &key,
                                           std::optional<Position> at) override;
    Result<std::vector<FieldChange>> diff(const std::string &view, const std::string &key, Position from,
                                          Position to) override;
    Result<std::vector<DocumentChange>> changesAt(Position event) override;
    bool waitFor(Position position, std::chrono::milliseconds wait) override;

private:
    FakeStore &m_store;
};

/// The fakes have one version of each view.
class FakeLineage final : public Lineage {
public:
    explicit FakeLineage(FakeStore &store) : m_store(store) { }
    Result<LineageGraph> around(const Uuid &record, std::size_t nodesMax, std::stop_token stop) override;

private:
    FakeStore &m_store;
};

class FakeUpdates final : public Updates {
public:
    explicit FakeUpdates(FakeStore &store) : m_store(store) { }
    Progress progress() const override { return m_store.progress(); }
    std::unique_ptr<Subscription> subscribe(std::chrono::milliseconds interval,
                                            std::function<void(const Progress &)> notify) override;

private:
    FakeStore &m_store;
};

} // namespace commander::test
