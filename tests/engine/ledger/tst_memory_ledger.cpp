// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/memory/memory_ledger.h"
#include "ledger_contract.h"
#include "support/manual_clock.h"
#include "support/seeded_random.h"

#include <QTest>

using namespace commander;

namespace {

class MemoryFixture final : public LedgerFixture {
public:
    Ledger &ledger() override { return *m_ledger; }
    void close() override { m_ledger.reset(); }

private:
    ManualClock m_clock;
    SeededRandom m_random{1};
    std::unique_ptr<MemoryLedger> m_ledger = std::make_unique<MemoryLedger>(m_clock, m_random);
};

} // namespace

class TestMemoryLedger final : public LedgerContract {
    Q_OBJECT

protected:
    Result<std::unique_ptr<LedgerFixture>> make() override { return std::make_unique<MemoryFixture>(); }
};

QTEST_GUILESS_MAIN(TestMemoryLedger)
#include "tst_memory_ledger.moc"
