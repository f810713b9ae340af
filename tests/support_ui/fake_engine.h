// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support_ui/fake_bank.h"
#include "support_ui/fake_consumers.h"
#include "support_ui/fake_readers.h"
#include "support_ui/fake_versions.h"

#include <commander/engine.h>

namespace commander::test {

/// An engine without disk or threads that does as it is told: any number of records, slow or failing reads, a small
/// bank that decides commands at once. The console's pages are tested and pictured against it.
class FakeEngine final : public Engine {
public:
    explicit FakeEngine(FakeOptions options = {});

    Commands &commands() override { return m_bank; }
    RecordReader &records() override { return m_records; }
    ViewReader &views() override { return m_views; }
    Previews &previews() override { return m_previews; }
    ViewVersions &viewVersions() override { return m_viewVersions; }
    Lineage &lineage() override { return m_lineage; }
    Updates &updates() override { return m_updates; }
    Ledger &ledger() override { return m_ledger; }
    Experiments &experiments() override { return m_noTrials; }
    Domains &domains() override { return m_domains; }
    FakeConsumers &consumers() override { return m_consumers; }
    EngineStatus status() override;

    [[nodiscard]] FakeStore &store() { return m_store; }
    [[nodiscard]] FakeViewVersions &versions() { return m_viewVersions; }
    [[nodiscard]] FakeBank &bank() { return m_bank; }
    /// Sends so many deposits and tells followers once.
    void appendSome(std::uint64_t commands);

private:
    class FakePreviews final : public Previews {
    public:
        explicit FakePreviews(FakeBank &bank) : m_bank(bank) { }
        Result<Preview> preview(CommandDraft draft, std::optional<Position>, std::stop_token) override
        {
            return m_bank.tryOut(std::move(draft));
        }

    private:
        FakeBank &m_bank;
    };
    /// The console reads through the index only; whoever asks the ledger itself is told so.
    class NoLedger final : public Ledger {
    public:
        LedgerTraits traits() const noexcept override { return {}; }
        void append(LedgerTransaction, Done done) override { done(unsupported()); }
        Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom) override { return unsupported(); }
        Result<std::vector<RecordPtr>> read(const TopicPartition &, Offset, std::size_t) override
        {
            return unsupported();
        }
        Result<std::vector<RecordPtr>> readAt(Position, std::size_t) override { return unsupported(); }
        Result<RecordPtr> find(const Uuid &) override { return unsupported(); }
        Result<std::optional<Offset>> progress(const std::string &, const TopicPartition &) override
        {
            return unsupported();
        }
        Result<LedgerHead> head() override { return unsupported(); }
        Uuid ledgerId() const noexcept override { return {}; }

    private:
        static tl::unexpected<Error> unsupported() { return fail(ErrorCode::Unsupported, "this engine has no ledger"); }
    };

    /// Nothing is tried out here.
    class NoTrials final : public Experiments {
    public:
        Result<ReplayReport> replay(ReplayRequest, std::stop_token) override { return unsupported(); }
        Result<std::unique_ptr<WhatIfBranch>> whatIf(WhatIfRequest, std::stop_token) override { return unsupported(); }
        Result<std::unique_ptr<ShadowRun>> shadow(ShadowRequest) override { return unsupported(); }

    private:
        static tl::unexpected<Error> unsupported()
        {
            return fail(ErrorCode::Unsupported, "this engine tries nothing out");
        }
    };

    /// Its bank stays as it is.
    class NoInstallations final : public Domains {
    public:
        std::vector<InstalledDomain> installed() const override { return {}; }
        std::vector<std::shared_ptr<const Domain>> running() const override { return {}; }
        Result<InstalledDomain> install(const std::vector<DomainFile> &, std::stop_token) override
        {
            return fail(ErrorCode::Unsupported, "this engine installs nothing");
        }
        /// Whatever is in the files is the bank.
        Result<std::shared_ptr<const Domain>> load(const std::vector<DomainFile> &) override
        {
            return makeBankDomain();
        }
        std::vector<DomainProblem> problems() const override { return {}; }
    };

    FakeStore m_store;
    FakeBank m_bank{m_store};
    FakePreviews m_previews{m_bank};
    FakeRecordReader m_records{m_store};
    FakeViewReader m_views{m_store};
    FakeViewVersions m_viewVersions;
    FakeLineage m_lineage{m_store};
    FakeUpdates m_updates{m_store};
    NoLedger m_ledger;
    NoTrials m_noTrials;
    NoInstallations m_domains;
    FakeConsumers m_consumers;
};

} // namespace commander::test
