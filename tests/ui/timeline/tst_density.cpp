// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/density.h"
#include "timeline/density_item.h"
#include "timeline/time_ticks.h"
#include "timeline/time_window.h"

#include <QElapsedTimer>
#include <QGraphicsScene>
#include <QImage>
#include <QPainter>
#include <QtTest>
#include <random>

using namespace commander;
using namespace commander::ui;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::int64_t may20 = 1'463'754'808'902'000; // 2016-05-20T14:33:28.902Z

Histogram histogramOf(std::size_t series, std::size_t bins)
{
    Histogram histogram{{may20 - may20 % second}, second, bins, {}, 0};
    std::mt19937 random(7);
    for (std::size_t i = 0; i < series; ++i) {
        auto &counts = histogram.series["series-" + std::to_string(i)];
        for (std::size_t bin = 0; bin < bins; ++bin) {
            counts.push_back(random() % (100 + 10 * i));
            histogram.total += counts.back();
        }
    }
    return histogram;
}

} // namespace

class TestDensity : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void zoomKeepsTheAnchorInPlace()
    {
        const TimeWindow window{may20, may20 + 100 * second};
        const auto anchor = may20 + 25 * second;
        const auto closer = zoomed(window, 0.5, anchor);
        QCOMPARE(closer.width(), 50 * second);
        QCOMPARE(anchor - closer.from, (anchor - window.from) / 2);
        QCOMPARE(zoomed(closer, 2.0, anchor), window);
    }

    void windowStaysInsideTheExtent()
    {
        const TimeWindow extent{may20 - may20 % second, may20 - may20 % second + day};
        for (const auto &wish :
             {TimeWindow{extent.from - day, extent.from - day / 2}, TimeWindow{extent.to, extent.to + 5 * second},
              TimeWindow{extent.from - day, extent.to + day}, TimeWindow{may20, may20 + 1}}) {
            const auto kept = keptInside(wish, extent);
            QVERIFY(kept.from >= extent.from);
            QVERIFY(kept.to <= extent.to);
            QVERIFY(kept.width() >= windowMicrosMin);
            QCOMPARE(kept.from % 1000, 0);
        }
        QCOMPARE(keptInside({extent.from + second, extent.from + 3 * second}, extent),
                 (TimeWindow{extent.from + second, extent.from + 3 * second}));
    }

    void oneRecordHasAnExtentWithWidth()
    {
        const auto extent = extentOf({may20}, {may20});
        QVERIFY(extent.width() >= second);
        QVERIFY(extent.contains(may20));
    }

    void binsCoverTheWindowOnRoundBorders()
    {
        std::mt19937_64 random(20160520);
        for (int turn = 0; turn < 2000; ++turn) {
            const auto width
                = static_cast<std::int64_t>(windowMicrosMin + random() % static_cast<std::uint64_t>(3000 * day));
            const auto from = may20 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(day));
            const auto grid = gridFor({from, from + width}, 300);
            QVERIFY2(grid.bins >= 1 && grid.bins <= 301, qPrintable(QString::number(grid.bins)));
            QVERIFY(grid.window().from <= from);
            QVERIFY(grid.window().to >= from + width);
            QVERIFY(grid.bin(1).from > from);
            QCOMPARE(grid.from % grid.binMicros, 0);
        }
        // The same grid while the window moves within a bin: nothing shimmers.
        QCOMPARE(gridFor({may20, may20 + day}, 300).from, gridFor({may20 + second, may20 + day + second}, 300).from);
    }

    void ticksAreRoundAndFew()
    {
        for (const auto width : {60'000ll, 900'000ll, 30 * 1'000'000ll, 3'600 * 1'000'000ll,
                                 static_cast<long long>(day), static_cast<long long>(40 * day),
                                 static_cast<long long>(800 * day), static_cast<long long>(20'000 * day)}) {
            const TimeWindow window{may20, may20 + width};
            const auto scale = timeScale(window, 10);
            QVERIFY2(!scale.ticks.empty() && scale.ticks.size() <= 11, qPrintable(QString::number(scale.ticks.size())));
            for (const auto &tick : scale.ticks)
                QVERIFY(window.contains(tick.time));
            if (!scale.contexts.empty())
                QVERIFY2(scale.contexts.front().from <= window.from, "the context of the left edge is always told");
        }
        const auto scale = timeScale({may20 - may20 % day, may20 - may20 % day + day}, 10);
        QCOMPARE(scale.ticks.front().label, QStringLiteral("00:00"));
        QCOMPARE(scale.contexts.front().label, QStringLiteral("20 May 2016"));
    }

    void timesAreToldAsExactlyAsTheBins()
    {
        QCOMPARE(timeText(may20, 1000), QStringLiteral("20 May 2016, 14:33:28.902"));
        QCOMPARE(timeText(may20, second), QStringLiteral("20 May 2016, 14:33:28"));
        QCOMPARE(spanText({may20, may20 + 60 * second}, 60 * second), QStringLiteral("20 May 2016, 14:33 – 14:34"));
        QCOMPARE(durationText(70 * second), QStringLiteral("1 min 10 s"));
    }

    void surplusSeriesAreFoldedAndCounted()
    {
        SeriesColors colors;
        const auto histogram = histogramOf(14, 5);
        const auto density = densityOf(histogram, colors, 10);
        QCOMPARE(density.series.size(), std::size_t(11));
        QCOMPARE(density.folded, std::size_t(4));
        std::uint64_t total = 0;
        for (const auto &series : density.series)
            total += series.total;
        QCOMPARE(total, histogram.total);
        QVERIFY(density.series.back().name.isEmpty());
    }

    void aNameKeepsItsColour()
    {
        SeriesColors colors;
        auto histogram = histogramOf(3, 4);
        const auto before = densityOf(histogram, colors);
        histogram.series["a-new-first-one"] = {9, 9, 9, 9};
        const auto after = densityOf(histogram, colors);
        for (const auto &old : before.series) {
            const auto same = std::find_if(after.series.begin(), after.series.end(),
                                           [&](const auto &s) { return s.name == old.name; });
            QVERIFY(same != after.series.end());
            QCOMPARE(same->color, old.color);
        }
    }

    void countsAxisIsRound()
    {
        QCOMPARE(countScale(0), (CountScale{1, 1}));
        QCOMPARE(countScale(3), (CountScale{3, 1}));
        QCOMPARE(countScale(7), (CountScale{8, 2}));
        QCOMPARE(countScale(23), (CountScale{25, 5}));
        QCOMPARE(countScale(1204), (CountScale{1500, 500}));
        for (std::uint64_t highest = 1; highest < 5'000'000; highest = highest * 3 / 2 + 1) {
            const auto scale = countScale(highest);
            QVERIFY(scale.top >= highest);
            QVERIFY(scale.top / scale.step <= 5);
            QCOMPARE(scale.top % scale.step, std::uint64_t(0));
        }
    }

    void highestStackLooksAtShownSeriesInTheWindowOnly()
    {
        SeriesColors colors;
        Histogram histogram{{0}, second, 3, {{"a", {1, 5, 2}}, {"b", {1, 0, 9}}}, 18};
        const auto density = densityOf(histogram, colors);
        const auto all = [](const DensitySeries &) { return true; };
        QCOMPARE(highestStack(density, {0, 3 * second}, all), std::uint64_t(11));
        QCOMPARE(highestStack(density, {0, 2 * second}, all), std::uint64_t(5));
        QCOMPARE(
            highestStack(density, {0, 3 * second}, [](const DensitySeries &s) { return s.name == QLatin1String("a"); }),
            std::uint64_t(5));
    }

    void redrawOf300BinsAnd10SeriesTakesUnder8Ms()
    {
        Theme theme;
        SeriesColors colors;
        const auto density = densityOf(histogramOf(10, 300), colors);
        DensityItem item(theme);
        item.setPlot({60, 20, 1000, 400});
        item.setWindow(density.grid.window());
        item.setDensity(density);
        item.setCountScale(countScale(highestStack(density, density.grid.window(), [](const auto &) { return true; })));
        QImage image(1100, 500, QImage::Format_ARGB32_Premultiplied);
        qint64 best = std::numeric_limits<qint64>::max();
        for (int turn = 0; turn < 10; ++turn) {
            QPainter painter(&image);
            QElapsedTimer timer;
            timer.start();
            item.paint(&painter, nullptr, nullptr);
            best = std::min(best, timer.nsecsElapsed());
        }
        qInfo("one redraw: %.2f ms", static_cast<double>(best) / 1e6);
        QVERIFY(best < 8'000'000);
    }
};

QTEST_MAIN(TestDensity)
#include "tst_density.moc"
