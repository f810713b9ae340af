// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_page.h"

#include "engine_link/selection.h"
#include "lineage/graph_canvas.h"
#include "lineage/graph_scene.h"
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include <QSignalSpy>
#include <QTreeView>
#include <QtTest>

using namespace commander;
using namespace commander::ui;

namespace {

struct Shown {
    Shown() : link(engine), page(link, selection, theme)
    {
        page.resize(1200, 760);
        page.show();
    }
    RecordPtr send(const std::string &action, const std::string &data)
    {
        CommandDraft draft;
        draft.action = action;
        draft.data = data;
        draft.actor = "console";
        // The fake engine decides at once.
        RecordPtr command;
        engine.commands().submit(std::move(draft), [&command](const Result<CommandReceipt> &receipt) {
            command = receipt ? receipt->command : nullptr;
        });
        return command;
    }
    [[nodiscard]] GraphScene *scene() { return page.findChild<GraphScene *>(); }
    [[nodiscard]] std::size_t cards() { return scene()->lineage().picture.nodes.size(); }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    Theme theme;
    LineagePage page;
};

constexpr auto openFrom = R"({"account":"12345","owner":"Ann","opening_balance":5000000})";
constexpr auto openTo = R"({"account":"54321","owner":"Bob","opening_balance":0})";
constexpr auto large = R"({"from_account":"12345","to_account":"54321","amount":1500000})";

} // namespace

class TestLineagePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksForARecordWhenThereIsNone()
    {
        Shown shown;
        shown.page.activate();
        QVERIFY(!shown.page.findChild<GraphCanvas *>()->isVisible());
    }

    void showsTheWholeChainAndFollowsTheSelection()
    {
        Shown shown;
        shown.send("open-account", openFrom);
        shown.send("open-account", openTo);
        const auto transfer = shown.send("transfer-money", large);
        QVERIFY(transfer);
        shown.page.activate();
        shown.selection.selectRecord(transfer->id);
        // command, event, result, follow-up command, two changed accounts
        QTRY_COMPARE(shown.cards(), std::size_t(6));
        QVERIFY(shown.page.findChild<GraphCanvas *>()->isVisible());
        QCOMPARE(shown.scene()->nodeAt(*shown.scene()->current()).record->id, transfer->id);

        // A click within the chain moves the mark and selects; the picture stays.
        const auto *before = shown.scene()->card(0);
        std::size_t change = 0;
        while (!shown.scene()->nodeAt(change).change)
            ++change;
        QSignalSpy documents(&shown.selection, &Selection::documentChanged);
        Q_EMIT shown.page.findChild<GraphCanvas *>()->nodeChosen(change);
        QCOMPARE(shown.scene()->card(0), before);
        QCOMPARE(documents.size(), 1);
        QCOMPARE(shown.selection.document()->view, std::string("accounts"));
        QCOMPARE(shown.selection.record(), shown.scene()->nodeAt(change).record->id);
        QCOMPARE(shown.scene()->current(), std::optional(change));

        QSignalSpy pages(&shown.selection, &Selection::pageRequested);
        Q_EMIT shown.page.findChild<GraphCanvas *>()->nodeOpened(change);
        QCOMPARE(pages.size(), 1);
        QCOMPARE(pages.front().front().value<Selection::Page>(), Selection::Page::Views);
    }

    void keysWalkAlongTheArrows()
    {
        Shown shown;
        const auto open = shown.send("open-account", openFrom);
        shown.page.activate();
        shown.selection.selectRecord(open->id);
        QTRY_COMPARE(shown.cards(), std::size_t(4));
        auto *canvas = shown.page.findChild<GraphCanvas *>();
        QTest::keyClick(canvas, Qt::Key_Right);
        QVERIFY(shown.selection.record() != open->id);
        QTest::keyClick(canvas, Qt::Key_Left);
        QCOMPARE(shown.selection.record(), open->id);
    }

    void theTableSelectsToo()
    {
        Shown shown;
        const auto open = shown.send("open-account", openFrom);
        shown.page.activate();
        shown.selection.selectRecord(open->id);
        QTRY_COMPARE(shown.cards(), std::size_t(4));
        auto *table = shown.page.findChild<QTreeView *>();
        const auto root = table->model()->index(0, 0);
        QVERIFY(table->isExpanded(root));
        table->setCurrentIndex(table->model()->index(0, 0, root));
        QVERIFY(shown.selection.record() != open->id);
    }

    void aMissingRecordAndAFailureAreTold()
    {
        Shown shown;
        shown.page.activate();
        shown.selection.selectRecord(uuid5({}, "nobody"));
        QTRY_VERIFY(shown.scene()->isEmpty());
        QVERIFY(!shown.page.findChild<GraphCanvas *>()->isVisible());
    }

    void everyControlHasAName()
    {
        Shown shown;
        const auto nameless = test::controlsWithoutName(shown.page);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
        QVERIFY(!shown.page.findChild<GraphCanvas *>()->accessibleName().isEmpty());
    }
};

QTEST_MAIN(TestLineagePage)
#include "tst_lineage_page.moc"
