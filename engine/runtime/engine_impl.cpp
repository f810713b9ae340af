// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/engine_impl.h"

#include "platform/lock_holder.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::string_view viewConsumer{"view:"};

} // namespace

Result<std::unique_ptr<SqliteLedger>> openLedger(const OpenOptions &options, const Surroundings &surroundings)
{
    return SqliteLedger::open({.path = options.ledgerPath,
                               .readOnly = options.readOnly,
                               .durability = options.durability,
                               .clock = surroundings.clock,
                               .random = surroundings.random,
                               .fileSystem = surroundings.fileSystem,
                               .holder = lockHolder()});
}

Result<std::unique_ptr<Engine>> Engine::open(OpenOptions options)
{
    auto engine = std::make_unique<EngineImpl>(std::move(options));
    if (auto started = engine->start(); !started)
        return fail(started.error());
    return engine;
}

EngineImpl::EngineImpl(OpenOptions options) : m_options(std::move(options)), m_surroundings(m_options) { }

EngineImpl::~EngineImpl()
{
    // From the end of a command's way to its beginning, so that nobody waits for a part that is gone.
    if (m_installer)
        m_installer->close();
    if (m_desk)
        m_desk->stop();
    if (m_processor)
        m_processor->stop();
    if (m_watch)
        m_watch->stop();
    if (m_index)
        m_index->stop();
    if (m_viewShelf)
        m_viewShelf->stop();
}

Result<void> EngineImpl::start()
{
    if (auto opened = openLedger(); !opened)
        return opened;
    if (auto opened = openDomains(); !opened)
        return opened;
    if (auto opened = openDerived(); !opened)
        return opened;
    m_events = std::make_unique<RecordedEvents>(*m_index, *m_ledger);
    m_lineage = std::make_unique<LineageTracer>(*m_index, *m_views);
    m_intake = std::make_unique<CommandIntake>(*m_ledger, m_installer->catalog(), *m_surroundings.clock,
                                               *m_surroundings.random);
    m_previewer = std::make_unique<Previewer>(
        Previewer::Options{.ledger = *m_ledger,
                           .domains = m_installer->catalog(),
                           .views = *m_declaredViews,
                           .events = *m_events,
                           .skipped = [this] { return m_viewShelf->skipped(); },
                           .clock = *m_surroundings.clock,
                           .admit = [this](CommandDraft draft) { return m_intake->check(std::move(draft)); }});
    m_lab = std::make_unique<ExperimentLab>(Candidate::World{*m_ledger, m_installer->catalog(), *m_declaredViews,
                                                             *m_events, [this] { return m_viewShelf->skipped(); }});
    m_installer->attach(*m_intake, *m_viewVersions, [this] { return decidesNoMore(); });
    if (auto started = startProcessor(); !started)
        return started;
    if (auto started = startDesk(); !started)
        return started;
    return installGiven();
}

Result<void> EngineImpl::openDomains()
{
    DomainInstaller::Options options{
        .ledger = *m_ledger, .base = m_options.domains, .loader = m_options.loader, .readOnly = m_options.readOnly};
    if (m_options.readOnly)
        options.lent = m_options.install;
    auto installer = DomainInstaller::open(std::move(options));
    if (!installer)
        return fail(installer.error());
    m_installer = std::move(*installer);
    return {};
}

Result<void> EngineImpl::installGiven()
{
    if (m_options.readOnly)
        return {};
    for (const auto &files : m_options.install) {
        if (auto installed = m_installer->install(files, {}); !installed)
            return fail(installed.error());
    }
    return {};
}

std::optional<Error> EngineImpl::decidesNoMore() const
{
    const auto status = m_processor->status();
    if (status.paused) {
        return Error{ErrorCode::Conflict,
                     "the processor is paused, so nobody decides this",
                     "processor",
                     "Resume the processor first.",
                     {}};
    }
    if (status.running)
        return {};
    return Error{ErrorCode::ShuttingDown, "no command is decided any more", status.fault, "Reopen the workspace.", {}};
}

Result<void> EngineImpl::openLedger()
{
    auto ledger = commander::openLedger(m_options, m_surroundings);
    if (!ledger)
        return fail(ledger.error());
    m_ledger = std::move(*ledger);

    const auto head = m_ledger->head();
    if (!head)
        return fail(head.error());
    m_hub.ledgerAt(head->position);
    m_watch = std::make_unique<LedgerWatch>(*m_ledger, [this](Position position) { m_hub.ledgerAt(position); });
    return m_watch->start(head->position);
}

Result<void> EngineImpl::openDerived()
{
    auto log = readConsumerLog(*m_ledger);
    if (!log)
        return fail(log.error());
    m_consumerLog = std::move(*log);
    SkippedByVersion skipped;
    for (const auto &skip : m_consumerLog.book.skips())
        skipped[skip.version].insert_or_assign(skip.event.event, skip.event.position);
    std::set<std::string> paused;
    for (const auto &name : m_consumerLog.book.paused()) {
        if (!m_options.readOnly && name.starts_with(viewConsumer))
            paused.insert(name.substr(viewConsumer.size()));
    }
    auto files = WorkspaceFiles::open(m_options.ledgerPath, m_options.readOnly, *m_surroundings.fileSystem);
    if (!files)
        return fail(files.error());
    m_files.emplace(std::move(*files));

    auto shelf = ViewShelf::open({.folder = m_files->folder(),
                                  .choicesPath = m_options.ledgerPath + ".views",
                                  .ledger = *m_ledger,
                                  .fileSystem = *m_surroundings.fileSystem,
                                  .clock = *m_surroundings.clock,
                                  .declared = m_installer->folds(),
                                  .known = m_options.folds,
                                  .readOnly = m_options.readOnly,
                                  .documentCacheBytes = m_options.memory.documentCacheBytes,
                                  .pageCacheBytes = m_options.memory.viewPageCacheBytes,
                                  .onProgress = [this](Position position) { m_hub.viewedAt(position); },
                                  .skipped = std::move(skipped),
                                  .paused = std::move(paused),
                                  .filesThere = m_files->names()});
    if (!shelf)
        return fail(shelf.error());
    m_viewShelf = std::move(*shelf);
    m_views = std::make_unique<ViewCatalog>(*m_viewShelf);
    m_declaredViews = std::make_unique<ViewCatalog>(*m_viewShelf, ViewCatalog::Role::Deciding);
    m_viewVersions = std::make_unique<ViewVersionKeeper>(*m_viewShelf, m_options.viewVersionsKept);

    auto index = RecordIndex::open({.path = m_files->index(),
                                    .ledger = *m_ledger,
                                    .fileSystem = *m_surroundings.fileSystem,
                                    .onProgress = [this](Position position) { m_hub.indexedAt(position); },
                                    .pageCacheBytes = m_options.memory.indexPageCacheBytes});
    if (!index)
        return fail(index.error());
    m_index = std::move(*index);
    if (!m_options.readOnly && m_consumerLog.book.isPaused("index"))
        m_index->setPaused(true);

    m_hub.viewedAt(m_viewShelf->position());
    m_hub.indexedAt(m_index->position());
    if (auto started = m_viewShelf->start(); !started)
        return started;
    return m_index->start();
}

Result<void> EngineImpl::startProcessor()
{
    if (m_options.readOnly)
        return {};
    m_settled = std::make_unique<SettledDocuments>(*m_viewShelf);
    m_processor = std::make_unique<Processor>(Processor::Options{
        .ledger = *m_ledger,
        .domains = [this] { return m_installer->catalog().current(); },
        .clock = *m_surroundings.clock,
        .settled = *m_settled,
        .onCommitted = [this](std::span<const RecordPtr> records) { m_intake->resultCommitted(records); },
        .events = m_events.get(),
        .domainSwitch = m_installer.get()});
    return m_processor->start();
}

Result<void> EngineImpl::startDesk()
{
    m_desk = std::make_unique<ConsumerDesk>(ConsumerDesk::Options{.ledger = *m_ledger,
                                                                  .commands = *m_intake,
                                                                  .views = *m_viewShelf,
                                                                  .documents = *m_views,
                                                                  .index = *m_index,
                                                                  .watch = *m_watch,
                                                                  .processor = m_processor.get(),
                                                                  .domains = m_installer->catalog(),
                                                                  .lab = *m_lab,
                                                                  .log = std::move(m_consumerLog)});
    // Before any client can send a command; the processor only decides.
    m_intake->setVet([this](const RecordDraft &command, const Json &data) { return m_desk->vet(command, data); });
    return m_desk->start();
}

EngineStatus EngineImpl::status()
{
    EngineStatus status;
    status.ledgerPath = m_options.ledgerPath;
    status.ledgerId = m_ledger->ledgerId();
    status.readOnly = m_options.readOnly;
    status.durability = m_options.durability;
    status.progress = m_hub.progress();
    const auto counts = m_watch->counts();
    status.commands = counts.commands;
    status.events = counts.events;
    status.succeeded = counts.succeeded;
    status.rejected = counts.rejected;
    status.failed = counts.failed;
    status.expired = counts.expired;
    status.cancelled = counts.cancelled;
    status.commits = m_ledger->counters().commits;
    for (const auto &view : m_views->views()) {
        status.documents += view.documents;
        if (!view.error.empty())
            status.faults.push_back("view " + view.name + ": " + view.error);
    }
    const auto add = [&status](std::string fault) {
        if (!fault.empty())
            status.faults.push_back(std::move(fault));
    };
    if (m_processor) {
        // What comes after the last command are only its effects, but only the watch knows which command is the last:
        // the hub's position may be ahead of it.
        const auto seen = m_watch->seen();
        const auto lastCommand = m_watch->lastCommand();
        const auto processor = m_processor->status();
        status.processedTo
            = processor.processedTo >= lastCommand ? std::max(processor.processedTo, seen) : processor.processedTo;
        add(processor.fault);
    }
    add(m_watch->fault());
    add(m_index->fault());
    for (auto &fault : m_viewShelf->faults())
        add(std::move(fault));
    return status;
}

} // namespace commander
