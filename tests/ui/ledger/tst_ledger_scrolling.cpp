// SPDX-License-Identifier: GPL-3.0-or-later
// Ten million records: neither scrolling, nor jumping, nor a live tail may hold up the event loop.
#include "support_ui/event_loop_stall_meter.h"
#include "support_ui/fake_engine.h"

#include "ledger/ledger_page.h"
#include "ledger/record_table.h"

#include <algorithm>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t records = 10'000'000;
constexpr std::chrono::microseconds frame{16'000};

test::FakeOptions tenMillion()
{
    test::FakeOptions options;
    options.generated = records;
    return options;
}

} // namespace

class TestLedgerScrolling : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_theme = std::make_unique<Theme>();
        m_engine = std::make_unique<test::FakeEngine>(tenMillion());
        m_engine->store().readDelayMs = 5;
        m_link = std::make_unique<EngineLink>(*m_engine);
        m_selection = std::make_unique<Selection>();
        m_page = std::make_unique<LedgerPage>(*m_link, *m_selection, *m_theme, [] { return QString(); });
        m_page->resize(1300, 800);
        m_page->show();
        m_page->activate();
        QTest::qWait(300); // fonts and icons are made once
        m_bar = m_page->table().findChild<QScrollBar *>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(m_bar);
    }
    void cleanup()
    {
        m_page.reset();
        m_selection.reset();
        m_link.reset();
        m_engine.reset();
        m_theme.reset();
    }

    void scrolling()
    {
        m_meter.start();
        for (int i = 0; i < 150; ++i) {
            m_bar->setValue(2'000'000 + i * 37);
            test::EventLoopStallMeter::spin(4ms);
        }
        check("scrolling");
    }

    void jumping()
    {
        QRandomGenerator dice(20160520);
        m_meter.start();
        for (int i = 0; i < 80; ++i) {
            m_bar->setValue(int(dice.bounded(quint32(records))));
            test::EventLoopStallMeter::spin(8ms);
        }
        check("jumping");
    }

    void liveTail()
    {
        m_meter.start();
        for (int i = 0; i < 30; ++i) {
            m_engine->appendSome(100);
            test::EventLoopStallMeter::spin(33ms);
        }
        check("live tail");
    }

    void theCostDoesNotGrowWithTheLedger()
    {
        QCOMPARE(m_page->model().total(), records);
        QVERIFY(m_page->model().rowCount() < 100);
    }

private:
    void check(const char *what)
    {
        m_meter.stop();
        const auto worst = m_meter.worst();
        qInfo("%s: %d turns; the longest %.1f ms, %d over 16 ms; of our own work %.1f ms, %d over 16 ms", what,
              m_meter.turns(), double(worst.wall.count()) / 1000.0, m_meter.wallOver(frame),
              double(worst.processor.count()) / 1000.0, m_meter.processorOver(frame));
        QCOMPARE(m_meter.processorOver(frame), 0);
        // Other processes may take the processor from us at times; if we waited ourselves, it would be in every step.
        QVERIFY2(m_meter.wallOver(frame) <= std::max(15, m_meter.turns() / 100), "the event loop was held up");
        QVERIFY(m_meter.turns() > 20);
    }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<test::FakeEngine> m_engine;
    std::unique_ptr<EngineLink> m_link;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<LedgerPage> m_page;
    QScrollBar *m_bar = nullptr;
    test::EventLoopStallMeter m_meter;
};

QTEST_MAIN(TestLedgerScrolling)
#include "tst_ledger_scrolling.moc"
