// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "support_ui/fake_rest.h"
#include "ui/controls.h"

#include "main_window/main_window.h"
#include "main_window/page.h"
#include "widgets/banner.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr int pageCount = 7;

struct Fixture {
    explicit Fixture(Theme &theme, test::FakeOptions options = {})
        : engine(std::move(options)), link(engine), window(link, selection, theme, rest)
    {
        window.show();
    }
    bool shows(const QString &part)
    {
        for (auto *label : window.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(part))
                return true;
        }
        return false;
    }

    test::FakeRestControl rest;
    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    MainWindow window;
};

test::FakeOptions some()
{
    test::FakeOptions options;
    options.generated = 19'003;
    return options;
}

} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme = std::make_unique<Theme>();
    }
    void cleanupTestCase() { m_theme.reset(); }

    void showsAllPages()
    {
        Fixture f(*m_theme, some());
        for (int i = 0; i < pageCount; ++i) {
            f.window.showPage(Selection::Page(i));
            QCOMPARE(int(f.window.currentPage()), i);
            QVERIFY(f.window.page(Selection::Page(i)).isVisible());
            QTest::qWait(30);
        }
    }

    void tellsWhyADomainIsNotInstalled()
    {
        Fixture f(*m_theme, some());
        QStringList problems;
        for (int i = 1; i <= 8; ++i)
            problems << u"domain.js:%1:5: no such name"_s.arg(i);
        f.window.showDomainProblems(u"library"_s, problems);
        QVERIFY(f.shows(u"library is not installed; the version before goes on:\ndomain.js:1:5"_s));
        QVERIFY(f.shows(u"domain.js:6:5: no such name\n… and 2 more"_s));
        f.window.showDomainProblems(u"other"_s, {u"domain.json:1:1: not JSON"_s});
        f.window.showDomainProblems(u"library"_s, {});
        QVERIFY(f.shows(u"other is not installed"_s) && !f.shows(u"library"_s));
        f.window.showDomainProblems(u"other"_s, {});
        QVERIFY(!f.shows(u"is not installed"_s));
    }

    void shortcutsChoosePages()
    {
        Fixture f(*m_theme, some());
        QApplication::setActiveWindow(&f.window);
        for (int i = pageCount - 1; i >= 0; --i) {
            QTest::keyClick(&f.window, Qt::Key(Qt::Key_1 + i), Qt::ControlModifier);
            QCOMPARE(int(f.window.currentPage()), i);
        }
    }

    void pagesAskForPages()
    {
        Fixture f(*m_theme);
        f.selection.show(Selection::Page::Timeline);
        QCOMPARE(int(f.window.currentPage()), int(Selection::Page::Timeline));
    }

    void theAddressIsShownAndCopied()
    {
        Fixture f(*m_theme);
        QVERIFY(f.shows(u"http://127.0.0.1:8080"_s));
        for (auto *button : f.window.findChildren<QToolButton *>()) {
            if (button->accessibleName().startsWith(u"Copy the address"_s))
                button->click();
        }
        QCOMPARE(QApplication::clipboard()->text(), u"http://127.0.0.1:8080"_s);
        f.rest.setStatus({false, {}, "port 8080 is taken", 0, 0});
        QTRY_VERIFY(f.shows(u"REST is off"_s));
        QVERIFY(f.shows(u"port 8080 is taken"_s));
    }

    void timeTravelIsLoud()
    {
        Fixture f(*m_theme, some());
        QVERIFY(!f.shows(u"Viewing position"_s));
        f.selection.setMoment(Position{18'442});
        QVERIFY(f.shows(u"Viewing position 18,442 of 19,003"_s));
        QPushButton *back = nullptr;
        for (auto *button : f.window.findChildren<QPushButton *>()) {
            if (button->text() == u"Back to live"_s && button->isVisible()
                && qobject_cast<Banner *>(button->parentWidget()))
                back = button;
        }
        QVERIFY(back);
        back->click();
        QVERIFY(!f.selection.moment());
        QVERIFY(!f.shows(u"Viewing position"_s));
    }

    void faultsAreTold()
    {
        test::FakeOptions options = some();
        options.faults = {"view \"accounts\" stopped"};
        Fixture f(*m_theme, options);
        QVERIFY(f.shows(u"view \"accounts\" stopped"_s));
        QVERIFY(f.shows(u"1 part of the engine stopped"_s));
    }

    void onlyTheVisiblePageAsks()
    {
        Fixture f(*m_theme, some());
        QTest::qWait(100);
        f.window.hide();
        f.window.showPage(Selection::Page::Ledger); // nobody sees it
        QTest::qWait(50);
        const int reads = f.engine.store().reads;
        f.engine.appendSome(10);
        QTest::qWait(400);
        QCOMPARE(f.engine.store().reads.load(), reads);
        f.window.show();
        QTRY_VERIFY(f.engine.store().reads > reads);
    }

    void placeAndPageAreRemembered()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        {
            Fixture f(*m_theme);
            f.window.remember(settings);
            f.window.resize(1111, 777);
            f.window.showPage(Selection::Page::Ledger);
            f.window.close();
        }
        Fixture f(*m_theme);
        f.window.remember(settings);
        QCOMPARE(int(f.window.currentPage()), int(Selection::Page::Ledger));
        QCOMPARE(f.window.size(), QSize(1111, 777));
    }

    void everyControlHasAName()
    {
        Fixture f(*m_theme, some());
        f.selection.setMoment(Position{18'442});
        for (int i = 0; i < 5; ++i) {
            f.window.showPage(Selection::Page(i));
            QTest::qWait(40);
            const QStringList nameless = test::controlsWithoutName(f.window);
            QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u", "_s)));
        }
    }

    void coloursChangeEverywhere()
    {
        Fixture f(*m_theme, some());
        for (int i = 0; i < 5; ++i) {
            f.window.showPage(Selection::Page(i));
            m_theme->toggle();
            const QImage image = f.window.grab().toImage();
            const bool dark = m_theme->mode() == Theme::Mode::Dark;
            QCOMPARE(image.pixelColor(4, image.height() / 2).lightnessF() < 0.5F, dark);
        }
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
