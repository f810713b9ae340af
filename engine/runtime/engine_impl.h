// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "commands/command_intake.h"
#include "experiments/experiment_lab.h"
#include "experiments/previewer.h"
#include "ledger/sqlite/sqlite_ledger.h"
#include "lineage/lineage_tracer.h"
#include "processor/processor.h"
#include "query/record_index.h"
#include "runtime/consumer_desk.h"
#include "runtime/domain_installer.h"
#include "runtime/ledger_watch.h"
#include "runtime/recorded_events.h"
#include "runtime/settled_documents.h"
#include "runtime/workspace_files.h"
#include "updates/update_hub.h"
#include "views/view_catalog.h"
#include "views/view_version_keeper.h"

#include <commander/engine.h>

#include <optional>

namespace commander {

/// The real clock, randomness and disk, for whatever the caller did not bring.
struct Surroundings {
    SystemClock systemClock;
    SystemRandom systemRandom;
    SystemFileSystem systemFileSystem;
    const Clock *clock = nullptr;
    RandomSource *random = nullptr;
    FileSystem *fileSystem = nullptr;

    explicit Surroundings(const OpenOptions &options)
        : clock(options.clock ? options.clock : &systemClock), random(options.random ? options.random : &systemRandom),
          fileSystem(options.fileSystem ? options.fileSystem : &systemFileSystem)
    {
    }
    Surroundings(const Surroundings &) = delete;
    Surroundings &operator=(const Surroundings &) = delete;
};

/// Opens the ledger as the options say.
[[nodiscard]] Result<std::unique_ptr<SqliteLedger>> openLedger(const OpenOptions &options,
                                                               const Surroundings &surroundings);

/// Owns the parts of one workspace in the order in which they need each other; members are destroyed bottom up, so
/// whatever uses a part is gone before it.
class EngineImpl final : public Engine {
public:
    explicit EngineImpl(OpenOptions options);
    ~EngineImpl() override;
    /// Opens the parts and starts their threads. Call once.
    [[nodiscard]] Result<void> start();

    Commands &commands() override { return *m_intake; }
    RecordReader &records() override { return *m_index; }
    ViewReader &views() override { return *m_views; }
    ViewVersions &viewVersions() override { return *m_viewVersions; }
    Lineage &lineage() override { return *m_lineage; }
    Updates &updates() override { return m_hub; }
    Ledger &ledger() override { return *m_ledger; }
    Previews &previews() override { return *m_previewer; }
    Experiments &experiments() override { return *m_lab; }
    Domains &domains() override { return *m_installer; }
    Consumers &consumers() override { return *m_desk; }
    EngineStatus status() override;

private:
    [[nodiscard]] Result<void> openLedger();
    [[nodiscard]] Result<void> openDomains();
    [[nodiscard]] Result<void> openDerived();
    [[nodiscard]] Result<void> startProcessor();
    [[nodiscard]] Result<void> startDesk();
    [[nodiscard]] Result<void> installGiven();
    [[nodiscard]] std::optional<Error> decidesNoMore() const;

    // Constant after start()
    const OpenOptions m_options;
    Surroundings m_surroundings;
    UpdateHub m_hub;
    std::unique_ptr<SqliteLedger> m_ledger;
    std::unique_ptr<DomainInstaller> m_installer;
    ConsumerLog m_consumerLog;
    std::optional<WorkspaceFiles> m_files;
    std::unique_ptr<ViewShelf> m_viewShelf;
    std::unique_ptr<ViewCatalog> m_views;
    std::unique_ptr<ViewCatalog> m_declaredViews; ///< for experiments
    std::unique_ptr<ViewVersionKeeper> m_viewVersions;
    std::unique_ptr<RecordIndex> m_index;
    std::unique_ptr<RecordedEvents> m_events;
    std::unique_ptr<LineageTracer> m_lineage;
    std::unique_ptr<CommandIntake> m_intake;
    std::unique_ptr<Previewer> m_previewer;
    std::unique_ptr<ExperimentLab> m_lab;
    std::unique_ptr<SettledDocuments> m_settled;
    std::unique_ptr<Processor> m_processor;
    std::unique_ptr<LedgerWatch> m_watch;
    std::unique_ptr<ConsumerDesk> m_desk;
};

} // namespace commander
