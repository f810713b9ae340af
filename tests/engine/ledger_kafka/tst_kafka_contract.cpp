// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger_contract.h"
#include "mock_cluster.h"

using namespace commander;

namespace {

class KafkaFixture final : public LedgerFixture {
public:
    Result<void> open()
    {
        auto ledger = KafkaLedger::open(optionsFor(m_cluster, m_clock));
        if (!ledger)
            return fail(std::move(ledger.error()));
        m_ledger = std::move(*ledger);
        return {};
    }
    Ledger &ledger() override { return *m_ledger; }
    void close() override { m_ledger.reset(); }

private:
    MockCluster m_cluster;
    TestClock m_clock;
    std::unique_ptr<KafkaLedger> m_ledger;
};

} // namespace

class TestKafkaContract final : public LedgerContract {
    Q_OBJECT

protected:
    Result<std::unique_ptr<LedgerFixture>> make() override
    {
        auto fixture = std::make_unique<KafkaFixture>();
        if (auto opened = fixture->open(); !opened)
            return fail(std::move(opened.error()));
        return fixture;
    }
    bool denseOffsets() const override { return false; }
    int rounds() const override { return 20; }
};

QTEST_GUILESS_MAIN(TestKafkaContract)
#include "tst_kafka_contract.moc"
