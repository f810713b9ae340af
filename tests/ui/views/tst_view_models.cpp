// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "views/change_seeker.h"
#include "views/diff_model.h"
#include "views/document_list_model.h"
#include "views/document_tree_model.h"
#include "views/history_model.h"
#include "views/view_list_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace commander;
using namespace commander::ui;

namespace {

constexpr auto qtTest = QAbstractItemModelTester::FailureReportingMode::QtTest;

std::string keyOf(int number)
{
    return QStringLiteral("account-%1").arg(number, 5, 10, QLatin1Char('0')).toStdString();
}

void addDocuments(test::FakeStore &store, int first, int count)
{
    for (int i = first; i < first + count; ++i) {
        RecordDraft draft;
        draft.kind = RecordKind::Event;
        draft.id = uuid5({}, "event " + std::to_string(i));
        draft.topic = "bank-events";
        draft.action = "account-opened";
        draft.data = "{}";
        const auto event = store.append(std::move(draft));
        DocumentChange change{
            "accounts", 1, keyOf(i), event->position, event->id, {{"/balance", std::nullopt, "1.0"}}, true, false};
        store.addChange(std::move(change), R"({"balance":1.0})");
    }
}

/// One document that changed at the given positions, counting the questions.
class Changes final : public ViewReader {
public:
    explicit Changes(std::vector<std::uint64_t> positions) : m_positions(std::move(positions)) { }
    std::vector<ViewStatus> views() override { return {}; }
    Result<Document> get(const std::string &, const std::string &, std::optional<Position>) override { return none(); }
    Result<DocumentList> list(const std::string &, const DocumentListRequest &, std::stop_token) override
    {
        return none();
    }
    Result<std::vector<DocumentChange>> history(const std::string &, const std::string &,
                                                std::optional<Position> before, std::size_t limit) override
    {
        ++questions;
        std::vector<DocumentChange> changes;
        for (auto at = m_positions.rbegin(); at != m_positions.rend() && changes.size() < limit; ++at) {
            if (!before || *at < before->value) {
                changes.emplace_back();
                changes.back().position = {*at};
            }
        }
        return changes;
    }
    Result<std::vector<FieldOrigin>> blame(const std::string &, const std::string &, std::optional<Position>) override
    {
        return none();
    }
    Result<std::vector<FieldChange>> diff(const std::string &, const std::string &, Position, Position) override
    {
        return none();
    }
    Result<std::vector<DocumentChange>> changesAt(Position) override { return none(); }
    bool waitFor(Position, std::chrono::milliseconds) override { return true; }

    int questions = 0;

private:
    static tl::unexpected<Error> none() { return fail(ErrorCode::NotFound, "not part of this test"); }
    std::vector<std::uint64_t> m_positions;
};

const Selection::DocumentKey account{"accounts", "12345"};

} // namespace

class TestViewModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stepsGoFromChangeToChange()
    {
        Changes changes({5, 9, 4'000'000, 9'999'999});
        const Position head{10'000'000};
        const auto after = [&](std::uint64_t at) { return changeAfter(changes, account, {at}, head).value(); };
        const auto before = [&](std::uint64_t at) { return momentBefore(changes, account, {at}).value(); };
        QCOMPARE(after(1), std::optional(Position{5}));
        QCOMPARE(after(5), std::optional(Position{9}));
        QCOMPARE(after(8), std::optional(Position{9}));
        QCOMPARE(after(9), std::optional(Position{4'000'000}));
        QCOMPARE(after(9'999'998), std::optional(Position{9'999'999}));
        QCOMPARE(after(9'999'999), std::optional<Position>());
        QCOMPARE(before(10'000'000), std::optional(Position{4'000'000}));
        QCOMPARE(before(4'000'000), std::optional(Position{9}));
        QCOMPARE(before(8), std::optional(Position{4}));
        QCOMPARE(before(4), std::optional<Position>());
        changes.questions = 0;
        QVERIFY(after(9).has_value());
        QVERIFY2(changes.questions < 30, "a step halves its way, it does not read the history");
    }

    void documentsComePageByPage()
    {
        test::FakeEngine engine;
        addDocuments(engine.store(), 0, 1000);
        EngineLink link(engine);
        Theme theme;
        DocumentListModel model(link, theme);
        const QAbstractItemModelTester tester(&model, qtTest);
        model.setQuery("accounts", {}, {});
        // The tester fetches more by itself, so there may be more than one page already.
        QTRY_VERIFY(model.rowCount() >= static_cast<int>(DocumentListModel::pageRows));
        while (model.canFetchMore({})) {
            const auto before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before || !model.canFetchMore({}));
        }
        QCOMPARE(model.rowCount(), 1000);
        for (const int row : {0, 199, 200, 999}) {
            QTRY_VERIFY(model.documentAt(row));
            QCOMPARE(model.documentAt(row)->key, keyOf(row));
        }
        QCOMPARE(model.rowOf(keyOf(999)), 999);

        model.setQuery("accounts", "account-0001", {});
        QTRY_COMPARE(model.rowCount(), 10);
        model.setQuery("accounts", "nobody", {});
        QTRY_COMPARE(model.rowCount(), 0);
        QVERIFY(model.isLoaded());
    }

    void newDocumentsJoinWithoutAReset()
    {
        test::FakeEngine engine;
        addDocuments(engine.store(), 10, 50);
        EngineLink link(engine);
        Theme theme;
        DocumentListModel model(link, theme);
        const QAbstractItemModelTester tester(&model, qtTest);
        model.setQuery("accounts", {}, {});
        QTRY_COMPARE(model.rowCount(), 50);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        addDocuments(engine.store(), 0, 5);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 55);
        QCOMPARE(model.documentAt(0)->key, keyOf(0));
        QCOMPARE(resets.size(), 0);
    }

    void theTreeShowsLexemesAndWhoSetThem()
    {
        Theme theme;
        DocumentTreeModel model(theme);
        const QAbstractItemModelTester tester(&model, qtTest);
        Document document{
            "accounts", 1,  "12345",
            {7},        {}, R"({"id":23958446825181076828,"rate":1.0,"owner":{"name":"Ann","tags":[1e3,[]]}})"};
        const FieldOrigin opened{"/id", "23958446825181076828", {3}, {}, {}, "account-opened", {1'463'754'808'902'000}};
        FieldOrigin renamed = opened;
        renamed.pointer = "/owner/name";
        renamed.position = {7};
        renamed.action = "owner-renamed";
        QVERIFY(model.setDocument(document, {opened, renamed}).has_value());
        QCOMPARE(model.rowCount(), 3);
        const auto value = [&](const char *pointer) {
            return model.indexOf(QLatin1String(pointer)).siblingAtColumn(DocumentTreeModel::Value).data().toString();
        };
        QCOMPARE(value("/id"), QStringLiteral("23958446825181076828"));
        QCOMPARE(value("/rate"), QStringLiteral("1.0"));
        QCOMPARE(value("/owner/tags/0"), QStringLiteral("1e3"));
        QCOMPARE(value("/owner/tags/1"), QStringLiteral("[]"));
        QCOMPARE(model.originAt(model.indexOf(QStringLiteral("/id")))->position, Position{3});
        QCOMPARE(model.originAt(model.indexOf(QStringLiteral("/owner")))->action, std::string("owner-renamed"));
        QVERIFY(!model.originAt(model.indexOf(QStringLiteral("/rate"))));

        // The same shape with other values is taken over in place.
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        document.json = R"({"id":1,"rate":2.50,"owner":{"name":"Bob","tags":[0,[]]}})";
        QVERIFY(model.setDocument(document, {opened}).has_value());
        QCOMPARE(resets.size(), 0);
        QVERIFY(!changes.empty());
        QCOMPARE(value("/rate"), QStringLiteral("2.50"));

        document.json = "5";
        QVERIFY(model.setDocument(document, {}).has_value());
        QCOMPARE(model.rowCount(), 1);
        document.json = "{broken";
        QVERIFY(!model.setDocument(document, {}).has_value());
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void historyIsNewestFirstAndGrowsOnTop()
    {
        test::FakeEngine engine;
        const auto send = [&engine](const std::string &action, const std::string &data) {
            CommandDraft draft;
            draft.action = action;
            draft.data = data;
            engine.commands().submit(std::move(draft),
                                     [](const Result<CommandReceipt> &receipt) { QVERIFY(receipt.has_value()); });
        };
        send("open-account", R"({"account":"12345","opening_balance":1})");
        for (int i = 0; i < 150; ++i)
            send("deposit-money", R"({"account":"12345","amount":5})");
        EngineLink link(engine);
        Theme theme;
        HistoryModel model(link, theme);
        const QAbstractItemModelTester tester(&model, qtTest);
        model.setDocument(account);
        QTRY_VERIFY(model.rowCount() >= static_cast<int>(HistoryModel::pageRows));
        QVERIFY(model.rowAt(0)->change.position > model.rowAt(1)->change.position);
        QCOMPARE(model.rowAt(0)->action, std::string("money-deposited"));
        model.fetchMore({});
        QTRY_COMPARE(model.rowCount(), 151);
        QVERIFY(model.rowAt(150)->change.created);

        const auto first = model.rowAt(0)->change.position;
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        send("deposit-money", R"({"account":"12345","amount":5})");
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 152);
        QCOMPARE(model.rowAt(1)->change.position, first);
        QCOMPARE(resets.size(), 0);

        QCOMPARE(model.shownRow(), 0);
        model.setMoment(first);
        QCOMPARE(model.shownRow(), 1);
        model.setMoment(Position{1});
        QCOMPARE(model.shownRow(), -1);
        model.setDocument({});
        QCOMPARE(model.rowCount(), 0);
    }

    void diffTellsKindsBySignAndWord()
    {
        Theme theme;
        DiffModel model(theme);
        const QAbstractItemModelTester tester(&model, qtTest);
        model.setRows({{{"/a", std::nullopt, "1"}, Position{4}, {}, "opened"},
                       {{"/b", "1", std::nullopt}, {}, {}, {}},
                       {{"/c", "1", "2"}, Position{1204}, {}, "changed"}});
        QCOMPARE(model.rowCount(), 3);
        const auto spoken
            = [&](int row) { return model.index(row, DiffModel::Field).data(Qt::AccessibleTextRole).toString(); };
        QVERIFY(spoken(0).contains(QLatin1String("added")));
        QVERIFY(spoken(1).contains(QLatin1String("removed")));
        QVERIFY(spoken(2).contains(QLatin1String("changed")));
        QVERIFY(model.index(0, DiffModel::Field).data(Qt::DecorationRole).isValid());
        QCOMPARE(model.index(2, DiffModel::Before).data().toString(), QStringLiteral("1"));
        QVERIFY(model.index(2, DiffModel::Cause).data().toString().endsWith(QLatin1String("changed")));
    }

    void viewsTellTheirLagAndFaults()
    {
        Theme theme;
        ViewListModel model(theme);
        const QAbstractItemModelTester tester(&model, qtTest);
        model.setViews(
            {{"accounts", 1, "bank", "/accounts", {100}, 2, {}}, {"statements", 2, "bank", {}, {40}, 7, "fold failed"}},
            {100});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.rowOf("statements"), 1);
        QCOMPARE(model.rowOf("nobody"), -1);
        QVERIFY(model.index(1, 0).data(Qt::ToolTipRole).toString().contains(QLatin1String("fold failed")));
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setViews({{"accounts", 1, "bank", "/accounts", {100}, 2, {}}, {"statements", 2, "bank", {}, {90}, 7, {}}},
                       {100});
        QCOMPARE(resets.size(), 0);
        QVERIFY(model.index(1, ViewListModel::Lag).data().toString().contains(QLatin1String("10")));
    }
};

QTEST_MAIN(TestViewModels)
#include "tst_view_models.moc"
