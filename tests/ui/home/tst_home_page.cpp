// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include "home/first_steps.h"
#include "home/home_page.h"
#include "home/play_card.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    explicit Fixture(Theme &theme, test::FakeOptions options = {})
        : engine(std::move(options)), link(engine), page(link, selection, theme, [this] { return rest; })
    {
        page.resize(1300, 850);
        page.show();
        page.activate();
    }
    template <class Button = QPushButton> Button *button(const QString &text)
    {
        for (auto *one : page.findChildren<Button *>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    bool shows(const QString &part)
    {
        for (auto *label : page.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(part))
                return true;
        }
        return false;
    }

    RestStatus rest{true, "http://127.0.0.1:8099", {}, 0, 0};
    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    HomePage page;
};

} // namespace

class TestHomePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme = std::make_unique<Theme>();
    }
    void cleanupTestCase() { m_theme.reset(); }

    void sendsTheTransferOfTheTalk()
    {
        Fixture f(*m_theme);
        QPushButton *send = f.button(u"Send transfer-money"_s);
        QVERIFY(send);
        send->click();
        QTRY_VERIFY(f.shows(u"the money is transferred"_s));
        QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(3)); // two accounts, one transfer
        send->click();
        QTRY_COMPARE(f.engine.bank().commands.load(), std::uint64_t(4)); // accounts are opened once
        QSignalSpy requested(&f.selection, &Selection::pageRequested);
        QPushButton *lineage = f.button(u"Show its lineage"_s);
        QTRY_VERIFY(lineage->isVisible());
        lineage->click();
        QCOMPARE(requested.size(), 1);
        const RecordPtr sent = f.engine.store().find(f.selection.record());
        QVERIFY(sent);
        QCOMPARE(sent->action, std::string("transfer-money"));
        QCOMPARE(sent->data, std::string(R"({"from_account":"12345","to_account":"54321","amount":10000})"));
    }

    void refusalsAreTold()
    {
        Fixture f(*m_theme);
        f.engine.bank().refuseWith = ErrorCode::DiskFull;
        f.button(u"Send transfer-money"_s)->click();
        QTRY_VERIFY(f.shows(u"The disk is full"_s));
        QVERIFY(f.button(u"Send transfer-money"_s)->isEnabled());
    }

    void theCurlLineHasTheRealAddress()
    {
        Fixture f(*m_theme);
        auto *code = f.page.findChild<QPlainTextEdit *>();
        QVERIFY(code->isVisible());
        QVERIFY(code->toPlainText().contains(u"http://127.0.0.1:8099/commands?sync=true"_s));
        f.rest = {};
        QTRY_VERIFY(!code->isVisible());
        QVERIFY(f.shows(u"REST interface is off"_s));
    }

    void latestActivityLeadsToTheLedger()
    {
        test::FakeOptions options;
        options.generated = 500;
        Fixture f(*m_theme, options);
        QSignalSpy requested(&f.selection, &Selection::pageRequested);
        QToolButton *newest = nullptr;
        const auto find = [&] {
            for (auto *row : f.page.findChildren<QToolButton *>()) {
                if (row->isVisible() && row->accessibleName().startsWith(u"Result"_s) && !newest)
                    newest = row;
            }
            return newest != nullptr;
        };
        QTRY_VERIFY(find());
        newest->click();
        QCOMPARE(requested.size(), 1);
        QVERIFY(!f.selection.record().isNull());
    }

    void aDayIsPlayedAndStopped()
    {
        Fixture f(*m_theme);
        QPushButton *play = f.button(u"Play a day"_s);
        play->click();
        QVERIFY(f.page.playCard().player().isPlaying());
        QCOMPARE(play->text(), u"Stop"_s);
        QTRY_VERIFY(f.engine.bank().commands > 10);
        play->click();
        QVERIFY(!f.page.playCard().player().isPlaying());
    }

    void readOnlyOffersNothingToSend()
    {
        test::FakeOptions options;
        options.readOnly = true;
        Fixture f(*m_theme, options);
        QVERIFY(!f.button(u"Send transfer-money"_s)->isEnabled());
        QVERIFY(!f.button(u"Play a day"_s)->isEnabled());
    }

    void aHiddenPageAsksNothing()
    {
        Fixture f(*m_theme);
        f.page.deactivate();
        QTest::qWait(20);
        const int reads = f.engine.store().reads;
        f.engine.appendSome(5);
        QTest::qWait(400);
        QCOMPARE(f.engine.store().reads.load(), reads);
    }

    void everyControlHasAName()
    {
        test::FakeOptions options;
        options.generated = 50;
        Fixture f(*m_theme, options);
        QTest::qWait(50);
        const QStringList nameless = test::controlsWithoutName(f.page);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u", "_s)));
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestHomePage)
#include "tst_home_page.moc"
