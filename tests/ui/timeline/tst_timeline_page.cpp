// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/timeline_page.h"

#include "engine_link/selection.h"
#include "support_ui/fake_engine.h"
#include "timeline/minimap.h"
#include "timeline/range_bar.h"
#include "timeline/series_legend.h"
#include "timeline/timeline_chart.h"
#include "ui/controls.h"

#include <QChart>
#include <QDateTimeAxis>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

using namespace commander;
using namespace commander::ui;

namespace {

/// A page on a ledger, shown.
struct Shown {
    explicit Shown(test::FakeOptions options) : engine(std::move(options)), link(engine), page(link, selection, theme)
    {
        page.resize(1200, 700);
        page.show();
        page.activate();
    }
    [[nodiscard]] TimelineChart *chart() { return page.findChild<TimelineChart *>(); }
    [[nodiscard]] bool isDrawn() { return chart()->isVisible() && !chart()->window().isEmpty(); }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    Theme theme;
    TimelinePage page;
};

test::FakeOptions records(std::uint64_t count)
{
    test::FakeOptions options;
    options.generated = count;
    return options;
}

} // namespace

class TestTimelinePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsTheWholeExtentAtFirst()
    {
        Shown shown(records(3000));
        QTRY_VERIFY(shown.isDrawn());
        const auto first = shown.engine.store().record({1})->recordedAt.micros;
        const auto last = shown.engine.store().record({3000})->recordedAt.micros;
        QVERIFY(shown.chart()->window().contains(first));
        QVERIFY(shown.chart()->window().contains(last));
        const auto axes = shown.chart()->chart()->axes(Qt::Horizontal);
        QCOMPARE(axes.size(), 1);
        const auto *axis = qobject_cast<QDateTimeAxis *>(axes.front());
        QVERIFY(axis);
        QCOMPARE(axis->min().toMSecsSinceEpoch(), shown.chart()->window().from / 1000);
        QTRY_VERIFY(shown.page.findChild<SeriesLegend *>()->topLevelItemCount() > 2);
    }

    void tellsThatAnEmptyLedgerIsEmpty()
    {
        Shown shown(records(0));
        QTRY_VERIFY(shown.engine.store().reads > 0);
        QTRY_VERIFY(!shown.chart()->isVisible());
        // The first record brings the picture.
        shown.engine.appendSome(3);
        QTRY_VERIFY(shown.isDrawn());
    }

    void aRangeOnTheChartBecomesTheFilterAndBack()
    {
        Shown shown(records(3000));
        QTRY_VERIFY(shown.isDrawn());
        auto *bar = shown.page.findChild<RangeBar *>();
        QVERIFY(!bar->isVisible());
        const auto middle = (shown.chart()->window().from + shown.chart()->window().to) / 2;
        Q_EMIT shown.chart()->rangeWanted({middle, middle + 10'000'000});
        QVERIFY(bar->isVisible());
        QCOMPARE(shown.selection.filter().from, std::optional(Timestamp{middle}));
        QCOMPARE(shown.selection.filter().to, std::optional(Timestamp{middle + 10'000'000}));
        const auto *show = bar->findChild<QPushButton *>();
        QTRY_VERIFY2(show->text().contains(QLatin1String("250")), qPrintable(show->text()));

        QSignalSpy pages(&shown.selection, &Selection::pageRequested);
        QTest::mouseClick(const_cast<QPushButton *>(show), Qt::LeftButton);
        QCOMPARE(pages.size(), 1);

        shown.selection.setFilter({});
        QVERIFY(!bar->isVisible());
    }

    void keysZoomMoveAndFit()
    {
        Shown shown(records(3000));
        QTRY_VERIFY(shown.isDrawn());
        const auto all = shown.chart()->window();
        QTest::keyClick(shown.chart(), Qt::Key_Plus);
        const auto closer = shown.chart()->window();
        QVERIFY(closer.width() < all.width());
        QTest::keyClick(shown.chart(), Qt::Key_Right);
        QVERIFY(shown.chart()->window().from > closer.from);
        QCOMPARE(shown.chart()->window().width(), closer.width());
        QTest::keyClick(shown.chart(), Qt::Key_0);
        QCOMPARE(shown.chart()->window(), all);
    }

    void keysSelectARange()
    {
        Shown shown(records(3000));
        QTRY_VERIFY(shown.isDrawn());
        QTRY_VERIFY(shown.page.findChild<SeriesLegend *>()->topLevelItemCount() > 2);
        QTest::keyClick(shown.chart(), Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(shown.chart(), Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(shown.selection.filter().from.has_value());
        QTest::keyClick(shown.chart(), Qt::Key_Escape);
        QVERIFY(!shown.selection.filter().from.has_value());
    }

    void theMinimapMovesTheWindow()
    {
        Shown shown(records(3000));
        QTRY_VERIFY(shown.isDrawn());
        QTest::keyClick(shown.chart(), Qt::Key_Plus);
        QTest::keyClick(shown.chart(), Qt::Key_Plus);
        auto *minimap = shown.page.findChild<Minimap *>();
        QTest::keyClick(minimap, Qt::Key_Home);
        const auto start = shown.chart()->window();
        QTest::keyClick(minimap, Qt::Key_End);
        QVERIFY(shown.chart()->window().from > start.from);
        QCOMPARE(shown.chart()->window().width(), start.width());
    }

    void aFittedWindowGrowsWithTheLedger()
    {
        Shown shown(records(300));
        QTRY_VERIFY(shown.isDrawn());
        const auto before = shown.chart()->window();
        shown.engine.appendSome(50);
        QTRY_VERIFY(shown.chart()->window().to > before.to);
    }

    void failuresAreToldAndCanBeRetried()
    {
        test::FakeEngine engine(records(300));
        engine.store().failReads = true;
        EngineLink link(engine);
        Selection selection;
        Theme theme;
        TimelinePage page(link, selection, theme);
        page.resize(1000, 600);
        page.show();
        page.activate();
        QPushButton *again = nullptr;
        const auto findButton = [&] {
            for (auto *button : page.findChildren<QPushButton *>()) {
                if (button->isVisible() && button->text() == QLatin1String("Try again"))
                    again = button;
            }
            return again != nullptr;
        };
        QTRY_VERIFY(findButton());
        engine.store().failReads = false;
        QTest::mouseClick(again, Qt::LeftButton);
        QTRY_VERIFY(page.findChild<TimelineChart *>()->isVisible());
    }

    void everyControlHasAName()
    {
        Shown shown(records(300));
        QTRY_VERIFY(shown.isDrawn());
        const auto nameless = test::controlsWithoutName(shown.page);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
    }
};

QTEST_MAIN(TestTimelinePage)
#include "tst_timeline_page.moc"
