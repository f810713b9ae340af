// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_catalog.h"
#include "experiments/experiment_lab.h"
#include "ledger/ledger_follower.h"
#include "processor/processor.h"
#include "query/record_index.h"
#include "runtime/ledger_watch.h"
#include "system/consumers_domain.h"
#include "views/view_shelf.h"

#include <commander/commands.h>
#include <commander/consumers.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace commander {

/// What the ledger says of consumers, read before anything follows it.
struct ConsumerLog {
    ConsumerBook book;
    Offset next; ///< of the topic
};
[[nodiscard]] Result<ConsumerLog> readConsumerLog(Ledger &ledger);

/// Lists every consumer of a workspace, and does what operators ask: by commands, whose events it follows and carries
/// out, so that what is recorded and what is done are one thing. The processor carries out itself what concerns it.
class ConsumerDesk final : public Consumers {
public:
    struct Options {
        Ledger &ledger;
        Commands &commands;
        ViewShelf &views;
        ViewReader &documents;
        RecordIndex &index;
        LedgerWatch &watch;
        Processor *processor; ///< null: the workspace is open for reading only
        const DomainCatalog &domains;
        const ExperimentLab &lab;
        ConsumerLog log;
    };
    explicit ConsumerDesk(Options options);
    ~ConsumerDesk() override; ///< stop()
    ConsumerDesk(const ConsumerDesk &) = delete;
    ConsumerDesk &operator=(const ConsumerDesk &) = delete;

    [[nodiscard]] Result<void> start();
    void stop();

    [[nodiscard]] std::vector<ConsumerStatus> list() override;
    [[nodiscard]] Result<void> pause(const ConsumerRequest &request) override;
    [[nodiscard]] Result<void> resume(const ConsumerRequest &request) override;
    [[nodiscard]] Result<void> reset(const ConsumerRequest &request) override;
    [[nodiscard]] Result<SkippedEvent> skip(const ConsumerRequest &request) override;

    /// For the door: a command about consumers comes in only when it can be carried out.
    [[nodiscard]] Result<void> vet(const RecordDraft &command, const Json &data);

private:
    /// One consumer, and what is behind it.
    struct Entry {
        ConsumerStatus status;
        ViewMemberPtr view; ///< views only
        int shadow = 0;     ///< shadows only
    };
    [[nodiscard]] std::vector<Entry> entries();
    void addProcessor(std::vector<Entry> &entries, Position head);
    void addViews(std::vector<Entry> &entries, Position head);
    void addOthers(std::vector<Entry> &entries, Position head);
    [[nodiscard]] Result<Entry> find(const std::string &name);
    [[nodiscard]] Result<void> checkPausable(const Entry &entry) const;
    [[nodiscard]] Result<ConsumerBook::Skip> skipOf(const Entry &entry) const;
    /// Somebody is there to decide the command.
    [[nodiscard]] Result<void> checkDecided() const;
    /// Records the command, waits until it is decided and its event is carried out; gives its id.
    [[nodiscard]] Result<Uuid> act(std::string_view action, std::string data, const std::string &actor);
    [[nodiscard]] Result<void> awaitPaused(bool paused);
    void setShadowPaused(int number, bool paused);

    [[nodiscard]] Result<void> take(std::span<const RecordPtr> events);
    [[nodiscard]] Result<void> carryOut(const ConsumerBook::Change &change);

    // Constant after construction
    const Options m_options;

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    ConsumerBook m_book;
    Position m_done;                               ///< every event up to here is carried out
    std::map<std::string, std::string> m_problems; ///< by consumer: why it was not

    LedgerFollower m_follower; ///< last: its thread uses the members above
};

} // namespace commander
