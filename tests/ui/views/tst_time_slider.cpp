// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/utc_zone.h"
#include "views/position_spin_box.h"
#include "views/time_slider.h"

#include <QDateTimeEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QtTest>
#include <random>

using namespace commander;
using namespace commander::ui;

class TestTimeSlider : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPositionOf10MillionIsReachable()
    {
        const SliderScale scale{{10'000'000}};
        QCOMPARE(scale.steps(), 10'000'000);
        std::mt19937 random(1);
        for (int turn = 0; turn < 100'000; ++turn) {
            const Position position{1 + random() % 10'000'000};
            QCOMPARE(scale.positionAt(scale.stepOf(position)), position);
        }
        QCOMPARE(scale.positionAt(1), Position{1});
        QCOMPARE(scale.positionAt(scale.steps()), Position{10'000'000});
    }

    void beyondTheSlidersRangeTheEndsStayExact()
    {
        const SliderScale scale{{5'000'000'000'000}};
        QCOMPARE(scale.positionAt(1), Position{1});
        QCOMPARE(scale.positionAt(scale.steps()), scale.head);
        QCOMPARE(scale.stepOf(Position{1}), 1);
        QCOMPARE(scale.stepOf(scale.head), scale.steps());
        Position before{0};
        for (int step = 1; step < scale.steps() - 7'000'000; step += 7'000'000) {
            QVERIFY(scale.positionAt(step) > before);
            before = scale.positionAt(step);
        }
        QCOMPARE(SliderScale{{0}}.positionAt(1), Position{1});
    }

    void keysStepByExactlyOne()
    {
        Theme theme;
        TimeSlider slider(theme);
        slider.setHead({10'000'000});
        slider.setMoment(Position{7'654'321});
        slider.show();
        QSignalSpy wanted(&slider, &TimeSlider::momentWanted);
        auto *bar = slider.findChild<QSlider *>();
        QTest::keyClick(bar, Qt::Key_Right);
        QCOMPARE(wanted.takeFirst().front().value<std::optional<Position>>(), std::optional(Position{7'654'322}));
        QTest::keyClick(bar, Qt::Key_Left);
        QCOMPARE(wanted.takeFirst().front().value<std::optional<Position>>(), std::optional(Position{7'654'321}));
    }

    void theSpinBoxTakesExactPositions()
    {
        PositionSpinBox box(QStringLiteral("Position"));
        box.setMaximum({5'000'000'000'000});
        box.show();
        QSignalSpy chosen(&box, &PositionSpinBox::valueChosen);
        auto *line = box.findChild<QLineEdit *>();
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("4999999999999"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(box.value(), Position{4'999'999'999'999});
        QCOMPARE(chosen.size(), 1);
        box.stepBy(1);
        QCOMPARE(box.value(), Position{5'000'000'000'000});
        box.stepBy(1);
        QCOMPARE(box.value(), Position{5'000'000'000'000});
        box.setValue({3});
        box.stepBy(-10);
        QCOMPARE(box.value(), Position{1});
        QString wrong = QStringLiteral("abc");
        int at = 0;
        QCOMPARE(box.validate(wrong, at), QValidator::Invalid);
        QString far = QStringLiteral("9999999999999");
        QCOMPARE(box.validate(far, at), QValidator::Intermediate);
        QString grouped = QStringLiteral("#1,204");
        QCOMPARE(box.validate(grouped, at), QValidator::Acceptable);
    }

    void settingTheMomentIsSilentAndLiveIsTold()
    {
        Theme theme;
        TimeSlider slider(theme);
        QSignalSpy wanted(&slider, &TimeSlider::momentWanted);
        QSignalSpy times(&slider, &TimeSlider::timeWanted);
        slider.setHead({500});
        slider.setMoment(Position{40});
        slider.setTime(Timestamp{1'463'754'808'902'000});
        slider.setHead({900});
        QCOMPARE(wanted.size(), 0);
        QCOMPARE(times.size(), 0);
        QCOMPARE(slider.shown(), Position{40});
        QCOMPARE(slider.findChild<QDateTimeEdit *>()->dateTime().toMSecsSinceEpoch(), 1'463'754'808'902);
        auto *live = slider.findChild<QPushButton *>();
        QVERIFY(live->isEnabled());
        QTest::mouseClick(live, Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QVERIFY(!wanted.front().front().value<std::optional<Position>>().has_value());
        slider.setMoment({});
        QVERIFY(!live->isEnabled());
        QCOMPARE(slider.shown(), Position{900});
    }

    void anExactTimeIsAskedFor()
    {
        Theme theme;
        TimeSlider slider(theme);
        slider.setHead({500});
        slider.setTime(Timestamp{1'463'754'808'902'000});
        QSignalSpy times(&slider, &TimeSlider::timeWanted);
        slider.findChild<QDateTimeEdit *>()->setDateTime(QDateTime::fromMSecsSinceEpoch(1'463'754'900'001, utcZone));
        QCOMPARE(times.size(), 1);
        QCOMPARE(times.front().front().value<Timestamp>().micros, 1'463'754'900'001'000);
    }
};

QTEST_MAIN(TestTimeSlider)
#include "tst_time_slider.moc"
