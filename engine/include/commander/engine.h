// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>
#include <commander/commands.h>
#include <commander/consumers.h>
#include <commander/domain.h>
#include <commander/domains.h>
#include <commander/experiments.h>
#include <commander/file_system.h>
#include <commander/ledger.h>
#include <commander/lineage.h>
#include <commander/preview.h>
#include <commander/record_reader.h>
#include <commander/updates.h>
#include <commander/view_versions.h>
#include <commander/views.h>

#include <memory>
#include <string>
#include <vector>

namespace commander {

/// When an append is acknowledged.
enum class Durability {
    Full,   ///< after fsync of the log and of the head file: survives power loss
    Relaxed ///< after the write: survives a crash of the program, not of the machine
};

/// How much memory the caches of derived files may take. Each number is an upper bound of one cache; what folds and
/// queries hold while they run comes on top.
struct MemoryOptions {
    std::size_t documentCacheBytes = 48u << 20;  ///< parsed documents between folds; another version: a quarter more
    std::size_t viewPageCacheBytes = 32u << 20;  ///< pages of the views file; another version: a quarter more
    std::size_t indexPageCacheBytes = 64u << 20; ///< pages of the record index
};

/// What to open, and what the outside world is. Pointers must outlive the engine; null = the real one.
struct OpenOptions {
    std::string ledgerPath; ///< file of the workspace; created when missing (unless readOnly)
    bool readOnly = false;
    Durability durability = Durability::Full;
    std::vector<std::shared_ptr<const Domain>> domains;
    const Clock *clock = nullptr;
    RandomSource *random = nullptr;
    FileSystem *fileSystem = nullptr;
    /// Folds of further versions of views: each is built beside what the domains declare, goes on where it was, and
    /// serves if it was chosen to. ViewVersions::start() takes more at any time.
    std::vector<FoldBinding> folds = {};
    const DomainLoader *loader = nullptr; ///< loads what is installed; null: a workspace with installations cannot open
    /// Each is installed unless it already decides, before open() returns. For reading only: used if none is installed.
    std::vector<std::vector<DomainFile>> install = {};
    std::size_t viewVersionsKept = 1; ///< of each view, so many that served before are kept for rollback
    MemoryOptions memory = {};
};

/// One number per thing that can be watched. Counts are since open unless said otherwise.
struct EngineStatus {
    std::string ledgerPath;
    Uuid ledgerId;
    bool readOnly = false;
    Durability durability = Durability::Full;
    Progress progress;
    Position processedTo;       ///< commands up to here have their result
    std::uint64_t commands = 0; ///< accepted
    std::uint64_t events = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t rejected = 0;
    std::uint64_t failed = 0;
    std::uint64_t expired = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t commits = 0;       ///< group commits (fsyncs)
    std::uint64_t documents = 0;     ///< in all views, now
    std::vector<std::string> faults; ///< stopped parts, in words
};

/// A workspace, open. Owns the ledger, the processor, the index, the views and their threads, and hands out narrow
/// contracts. Thread-safe. Destroying it stops everything cleanly; nothing acknowledged is lost.
class Engine {
public:
    /// Errors LedgerLocked, LedgerForeign, LedgerNewer, LedgerDamaged, NotFound, IoError, InvalidArgument.
    [[nodiscard]] static Result<std::unique_ptr<Engine>> open(OpenOptions options);
    virtual ~Engine() = default;

    [[nodiscard]] virtual Commands &commands() = 0;
    [[nodiscard]] virtual RecordReader &records() = 0;
    [[nodiscard]] virtual ViewReader &views() = 0;
    [[nodiscard]] virtual ViewVersions &viewVersions() = 0;
    [[nodiscard]] virtual Lineage &lineage() = 0;
    [[nodiscard]] virtual Updates &updates() = 0;
    [[nodiscard]] virtual Ledger &ledger() = 0;
    [[nodiscard]] virtual Previews &previews() = 0;
    [[nodiscard]] virtual Experiments &experiments() = 0;
    [[nodiscard]] virtual Domains &domains() = 0;
    [[nodiscard]] virtual Consumers &consumers() = 0;
    [[nodiscard]] virtual EngineStatus status() = 0;
};

/// Deletes index and views of a closed workspace: the next opening builds them from the ledger. Uses path and
/// fileSystem of the options. Errors LedgerLocked (somebody has them open), IoError.
[[nodiscard]] Result<void> removeDerivedFiles(const OpenOptions &options);

/// Only the ledger of a workspace, read-only: no index, no views, no processor. Works beside a writer.
class LedgerFile {
public:
    /// Uses path, clock, random and fileSystem of the options. Errors as Engine::open.
    [[nodiscard]] static Result<std::unique_ptr<LedgerFile>> openReadOnly(OpenOptions options);
    virtual ~LedgerFile() = default;
    [[nodiscard]] virtual Ledger &ledger() = 0;
};

} // namespace commander
