// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>
#include <commander/commands.h>
#include <commander/ledger.h>

#include <memory>
#include <span>

namespace commander {

class DomainCatalog;

/// Step 1 of a command's way. Thread-safe. The ledger, catalog, clock and randomness must outlive it; callbacks of
/// submissions that are still on their way may run after it is gone.
class CommandIntake final : public Commands {
public:
    CommandIntake(Ledger &ledger, const DomainCatalog &domains, const Clock &clock, RandomSource &random);
    ~CommandIntake() override; ///< whoever waits for a result gets null
    CommandIntake(const CommandIntake &) = delete;
    CommandIntake &operator=(const CommandIntake &) = delete;

    void submit(CommandDraft draft, Done done) override;
    [[nodiscard]] Result<void> validate(CommandDraft draft) override;
    void awaitResult(const Uuid &command, std::chrono::milliseconds wait, ResultDone done) override;
    [[nodiscard]] std::vector<DomainDescription> domains() const override;

    /// What submit() would append, if the command would be taken.
    [[nodiscard]] Result<RecordDraft> check(CommandDraft &&draft);
    /// Tells who waits. Any thread; the callbacks run on it.
    void resultCommitted(std::span<const RecordPtr> results);

private:
    struct Core;

    // Constant after construction
    const DomainCatalog &m_domains;
    IdSource m_ids;
    std::shared_ptr<Core> m_core;
};

} // namespace commander
