// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/palettes.h"
#include "theme/theme.h"

#include <cmath>
#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;
using Tone = Theme::Tone;

namespace {

double luminance(const QColor &color)
{
    const auto part = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double one = luminance(a);
    const double two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textIsReadable_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("light") << int(Theme::Mode::Light);
        QTest::newRow("dark") << int(Theme::Mode::Dark);
    }
    void textIsReadable()
    {
        QFETCH(int, mode);
        Theme theme;
        theme.setMode(Theme::Mode(mode));
        const Tone texts[] = {Tone::Text,      Tone::TextMuted, Tone::Accent, Tone::Command, Tone::Event,
                              Tone::Succeeded, Tone::Rejected,  Tone::Failed, Tone::Change,  Tone::Pending,
                              Tone::Warning,   Tone::Added,     Tone::Removed};
        QList<QColor> grounds = {theme.color(Tone::Window), theme.color(Tone::Surface), theme.color(Tone::SurfaceAlt)};
        for (const Tone text : texts) {
            for (const QColor &ground : grounds) {
                const double ratio = contrast(theme.color(text), ground);
                QVERIFY2(ratio >= 4.5, qPrintable(u"tone %1 on %2: %3"_s.arg(int(text)).arg(ground.name()).arg(ratio)));
            }
        }
        QVERIFY(contrast(theme.color(Tone::AccentText), theme.color(Tone::Accent)) >= 4.5);
        QVERIFY(contrast(theme.color(Tone::Surface), theme.color(Tone::Warning)) >= 4.5); // the banner
        const QColor highlight = QApplication::palette().color(QPalette::Highlight);
        QVERIFY(contrast(theme.color(Tone::Text), highlight) >= 4.5);
        for (int i = 0; i < 10; ++i)
            QVERIFY2(contrast(theme.seriesColor(i), theme.color(Tone::Surface)) >= 2.4, qPrintable(QString::number(i)));
    }

    void seriesStayApartAndInPlace()
    {
        Theme theme;
        theme.setMode(Theme::Mode::Light);
        QSet<QRgb> seen;
        for (int i = 0; i < 10; ++i)
            seen.insert(theme.seriesColor(i).rgb());
        QCOMPARE(seen.size(), 10);
        const QColor third = theme.seriesColor(3);
        theme.setMode(Theme::Mode::Dark);
        QCOMPARE(theme.seriesColor(3), third);
        QVERIFY(theme.seriesColor(-1).isValid());
        QVERIFY(theme.seriesColor(1000).isValid());
    }

    void everyIconDraws()
    {
        Theme theme;
        const QStringList files = QDir(u":/icons"_s).entryList({u"*.svg"_s});
        QVERIFY(files.size() > 40);
        for (const QString &file : files) {
            if (file.startsWith(u"sheet-"_s) || file == u"commander.svg"_s)
                continue;
            const QImage image = theme.icon(QString(file).remove(u".svg"_s)).pixmap(24, 24).toImage();
            QCOMPARE(image.size(), QSize(24, 24));
            bool drawn = false;
            for (int y = 0; y < 24 && !drawn; ++y) {
                for (int x = 0; x < 24; ++x)
                    drawn |= qAlpha(image.pixel(x, y)) > 100;
            }
            QVERIFY2(drawn, qPrintable(file));
        }
    }

    void everyKindAndStatusHasAnIcon()
    {
        Theme theme;
        for (const RecordKind kind : {RecordKind::Command, RecordKind::Event, RecordKind::Result})
            QVERIFY(!theme.icon(Theme::kindIcon(kind)).isNull());
        for (int status = 0; status <= int(CommandStatus::Cancelled); ++status)
            QVERIFY(!theme.icon(Theme::statusIcon(CommandStatus(status))).isNull());
    }

    void theChoiceIsRemembered()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        Theme::Mode chosen;
        {
            Theme theme;
            theme.remember(settings);
            QCOMPARE(int(theme.mode()), int(theme.desktopMode()));
            QSignalSpy changed(&theme, &Theme::changed);
            theme.toggle();
            QCOMPARE(changed.size(), 1);
            chosen = theme.mode();
        }
        Theme theme;
        theme.setMode(chosen == Theme::Mode::Dark ? Theme::Mode::Light : Theme::Mode::Dark);
        theme.remember(settings);
        QCOMPARE(int(theme.mode()), int(chosen));
    }

    void theStyleSheetIsComplete()
    {
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark})
            QVERIFY(!modeStyleSheet(mode).contains(u'@'));
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
