// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/views_page.h"

#include "engine_link/selection.h"
#include "support_ui/fake_engine.h"
#include "ui/controls.h"
#include "views/diff_panel.h"
#include "views/document_panel.h"
#include "views/documents_panel.h"
#include "views/history_panel.h"
#include "views/moment_player.h"
#include "views/time_slider.h"

#include <QSlider>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

using namespace commander;
using namespace commander::ui;

namespace {

struct Shown {
    Shown() : link(engine), page(link, selection, theme)
    {
        send("open-account", R"({"account":"12345","owner":"Ann","opening_balance":100})");
        send("open-account", R"({"account":"54321","owner":"Bob","opening_balance":0})");
        send("transfer-money", R"({"from_account":"12345","to_account":"54321","amount":40})");
        page.resize(1240, 800);
        page.show();
        page.activate();
    }
    void send(const std::string &action, const std::string &data)
    {
        CommandDraft draft;
        draft.action = action;
        draft.data = data;
        engine.commands().submit(std::move(draft),
                                 [](const Result<CommandReceipt> &receipt) { QVERIFY(receipt.has_value()); });
    }
    [[nodiscard]] QTreeView *tree() { return page.findChild<QTreeView *>(); }
    template <class Panel> [[nodiscard]] QAbstractItemModel *modelOf(int table = 0)
    {
        return page.findChild<Panel *>()->template findChildren<QTableView *>().at(table)->model();
    }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    Theme theme;
    ViewsPage page;
};

} // namespace

class TestViewsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void listsViewsAndDocuments()
    {
        Shown shown;
        QTRY_COMPARE(shown.modelOf<DocumentsPanel>(0)->rowCount(), 1);
        QTRY_COMPARE(shown.modelOf<DocumentsPanel>(1)->rowCount(), 2);
        QVERIFY(!shown.tree()->isVisible());
    }

    void aChosenDocumentFillsEveryPanel()
    {
        Shown shown;
        QTRY_COMPARE(shown.modelOf<DocumentsPanel>(1)->rowCount(), 2);
        auto *documents = shown.page.findChild<DocumentsPanel *>()->findChildren<QTableView *>().at(1);
        documents->selectRow(0);
        QCOMPARE(shown.selection.document(), (std::optional<Selection::DocumentKey>({"accounts", "12345"})));
        QTRY_VERIFY(shown.tree()->isVisible());
        QTRY_VERIFY(shown.tree()->model()->rowCount() > 0);
        QTRY_COMPARE(shown.modelOf<HistoryPanel>()->rowCount(), 2);
        QTRY_COMPARE(shown.modelOf<DiffPanel>()->rowCount(), 1);
    }

    void followsADocumentThatAnotherPageSelects()
    {
        Shown shown;
        shown.selection.selectDocument(Selection::DocumentKey{"accounts", "54321"});
        QTRY_VERIFY(shown.tree()->isVisible());
        QTRY_COMPARE(shown.modelOf<HistoryPanel>()->rowCount(), 2);
        shown.selection.selectDocument({});
        QTRY_VERIFY(!shown.tree()->isVisible());
    }

    void stepsMoveTheMomentOfAllViews()
    {
        Shown shown;
        shown.selection.selectDocument(Selection::DocumentKey{"accounts", "12345"});
        QTRY_COMPARE(shown.modelOf<HistoryPanel>()->rowCount(), 2);
        auto *player = shown.page.findChild<MomentPlayer *>();
        player->step(-1);
        QTRY_VERIFY(shown.selection.moment().has_value());
        const auto opened = *shown.selection.moment();
        player->step(1);
        QTRY_VERIFY(*shown.selection.moment() > opened);
        QCOMPARE(shown.page.findChild<TimeSlider *>()->shown(), *shown.selection.moment());
        // No document: one position at a time.
        shown.selection.selectDocument({});
        const auto before = shown.selection.moment()->value;
        player->step(-1);
        QCOMPARE(shown.selection.moment()->value, before - 1);
    }

    void theSliderSetsTheMoment()
    {
        Shown shown;
        auto *slider = shown.page.findChild<QSlider *>();
        QTRY_COMPARE(slider->maximum(), static_cast<int>(shown.engine.store().head().value));
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(shown.selection.moment(), std::optional(Position{shown.engine.store().head().value - 1}));
        shown.selection.setMoment({});
        QCOMPARE(slider->value(), slider->maximum());
    }

    void playRunsThroughTheStoryAndStops()
    {
        Shown shown;
        shown.selection.selectDocument(Selection::DocumentKey{"accounts", "12345"});
        auto *player = shown.page.findChild<MomentPlayer *>();
        player->setPlaying(true);
        QTRY_VERIFY(shown.selection.moment().has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!player->isPlaying(), 10'000);
        QVERIFY(shown.selection.moment().has_value());
    }

    void everyControlHasAName()
    {
        Shown shown;
        const auto nameless = test::controlsWithoutName(shown.page);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
    }
};

QTEST_MAIN(TestViewsPage)
#include "tst_views_page.moc"
