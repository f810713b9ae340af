// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>
#include <commander/ledger.h>
#include <commander/record_reader.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace commander {

class IndexFeeder;
class IndexReading;

/// The index of one ledger: follows it into an SQLite file of its own and answers RecordReader from there. The file is
/// derived: when it is damaged, foreign, of another version or does not continue this ledger, it is deleted and
/// rebuilt. Bodies come from the ledger where that has a total order; else the index keeps them and gives the
/// positions.
///
/// A histogram has the bins it was asked for, except when parts of seconds would have to be counted from more than
/// 250,000 records: then they are widened to whole seconds, as its `from`, `binMicros` and `bins` say.
class RecordIndex final : public RecordReader {
public:
    struct Options {
        std::string path; ///< of the index file; the folder must exist
        Ledger &ledger;
        FileSystem &fileSystem;
        std::function<void(Position)> onProgress; ///< on the index's thread, after each commit
        std::vector<TopicPartition> sources = {}; ///< what to follow in a ledger without a total order
        std::size_t pageCacheBytes = 64u << 20;   ///< pages of the file that its writer keeps
    };

    /// Errors IoError, DiskFull, LedgerLocked (another process has the file), and those of the ledger.
    [[nodiscard]] static Result<std::unique_ptr<RecordIndex>> open(Options options);
    ~RecordIndex() override; ///< stop()
    RecordIndex(const RecordIndex &) = delete;
    RecordIndex &operator=(const RecordIndex &) = delete;

    /// Begins to follow the ledger. Call once.
    [[nodiscard]] Result<void> start();
    /// Finishes the batch in work, then follows no more; reading goes on. Idempotent.
    void stop();
    /// Newest record that the index holds. Falls back only while a damaged file is being rebuilt.
    [[nodiscard]] Position position() const;
    /// Why the index does not follow at the moment, or empty. After a full disk it tries again by itself.
    [[nodiscard]] std::string fault() const;
    /// Paused, it takes nothing in. From the next start() on when it does not follow yet.
    void setPaused(bool paused);
    /// Begins anew and takes in everything; meanwhile it answers from what it has.
    void reset();

    [[nodiscard]] Result<IndexExtent> extent() override;
    [[nodiscard]] Result<std::vector<RecordPtr>> range(Position first, std::size_t count,
                                                       std::stop_token stop) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> at(std::span<const Position> positions, std::stop_token stop) override;
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> children(const Uuid &id, std::size_t max) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> correlated(const Uuid &correlation, std::size_t max) override;
    [[nodiscard]] Result<CommandStatus> status(const Uuid &command) override;
    [[nodiscard]] Result<RecordPtr> result(const Uuid &command) override;
    [[nodiscard]] Result<MatchPage> match(const RecordFilter &filter, Position start, ScanDirection direction,
                                          std::size_t limit, std::stop_token stop) override;
    [[nodiscard]] Result<Histogram> histogram(const HistogramRequest &request, std::stop_token stop) override;
    [[nodiscard]] Result<std::vector<NameCount>> topics() override;
    [[nodiscard]] Result<std::vector<NameCount>> actions() override;
    [[nodiscard]] Result<Position> positionAt(Timestamp time) override;

private:
    explicit RecordIndex(std::unique_ptr<IndexFeeder> feeder);
    /// Runs `read(IndexReading &)` on a connection of its own; a damaged file is reported to the feeder.
    template <class Read>
    auto reading(std::stop_token stop, Read read) -> decltype(read(std::declval<IndexReading &>()));

    // Constant after construction
    const std::unique_ptr<IndexFeeder> m_feeder;
};

} // namespace commander
