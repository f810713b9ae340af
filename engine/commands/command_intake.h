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
    void retry(const Uuid &command, RetryOptions options, Done done) override;
    [[nodiscard]] Result<void> validate(CommandDraft draft) override;
    void awaitResult(const Uuid &command, std::chrono::milliseconds wait, ResultDone done) override;
    [[nodiscard]] std::vector<DomainDescription> domains() const override;

    /// Asked last about every command: may it come in? Set it once, before the first command.
    using Vet = std::function<Result<void>(const RecordDraft &command, const Json &data)>;
    void setVet(Vet vet) { m_vet = std::move(vet); }

    /// What submit() would append, if the command would be taken.
    [[nodiscard]] Result<RecordDraft> check(CommandDraft &&draft);
    /// Tells who waits. Any thread; the callbacks run on it.
    void resultCommitted(std::span<const RecordPtr> results);

private:
    struct Core;
    [[nodiscard]] Result<CommandDraft> retryDraft(const Uuid &command, RetryOptions &&options);
    /// The result of a command, or null while there is none.
    [[nodiscard]] Result<RecordPtr> resultOf(const Uuid &command) const;

    // Constant after construction
    const DomainCatalog &m_domains;
    IdSource m_ids;
    Vet m_vet;
    std::shared_ptr<Core> m_core;
};

} // namespace commander
