// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QtTest>

using namespace commander;
using namespace viewtest;

namespace {

/// Transfers between accounts, as a bank folds them: each event changes two documents in each of two views.
class TransferDomain final : public Domain {
public:
    TransferDomain()
    {
        m_description.name = "transfers";
        m_description.eventsTopic = "transfer-events";
        m_description.views.push_back({"accounts", 1, {}, {"money-transferred"}});
        m_description.views.push_back({"statements", 1, {}, {"money-transferred"}});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return Decision(std::vector<EventDraft>());
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &) const override
    {
        return std::vector<FollowUpCommand>();
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto amount = event.data.integerAt("amount").value_or(0);
        book(view, event, documents, event.data.stringAt("from_account"), -amount);
        book(view, event, documents, event.data.stringAt("to_account"), amount);
        return {};
    }

private:
    static void book(const ViewSpec &view, const ParsedRecord &event, DocumentFold &documents, std::string_view account,
                     std::int64_t amount)
    {
        const auto *before = documents.get(account);
        auto document = before ? *before : Json(Json::Object{{"account", Json(account)}, {"owner", Json("somebody")}});
        document.set("balance", Json(document.integerAt("balance").value_or(0) + amount));
        document.set("updated", Json(event.record.time().text()));
        if (view.name == "statements") {
            document.set("count", Json(document.integerAt("count").value_or(0) + 1));
            document.set("last",
                         Json(Json::Object{{"transfer", Json(event.data.stringAt("id"))}, {"amount", Json(amount)}}));
        } else {
            document.set("transfers", Json(document.integerAt("transfers").value_or(0) + 1));
        }
        documents.put(account, std::move(document));
    }

    DomainDescription m_description;
};

} // namespace

/// Prints how many events a second are folded, and what the file and the answers cost. COMMANDER_BENCH_EVENTS asks for
/// more.
class ViewSpeedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void transfers_data();
    void transfers();
};

void ViewSpeedTest::transfers_data()
{
    QTest::addColumn<int>("accounts");
    QTest::newRow("100 accounts") << 100;
    QTest::newRow("1,000 accounts") << 1'000;
    QTest::newRow("100,000 accounts") << 100'000;
}

void ViewSpeedTest::transfers()
{
    QFETCH(int, accounts);
    const int events = qEnvironmentVariableIntValue("COMMANDER_BENCH_EVENTS") > 0
        ? qEnvironmentVariableIntValue("COMMANDER_BENCH_EVENTS")
        : 5'000;
    SeededLedger ledger(1);
    std::mt19937_64 chance(1);
    const auto account = [&] { return "account-" + std::to_string(chance() % static_cast<std::uint64_t>(accounts)); };
    LedgerTransaction transaction;
    for (int i = 0; i < events; ++i) {
        RecordDraft record;
        record.id = uuid5(ledger.ledger.ledgerId(), std::to_string(i));
        record.correlation = record.id;
        record.topic = commandsTopic;
        record.action = "transfer-money";
        record.data = R"({"id":")" + record.id.text() + R"(","from_account":")" + account() + R"(","to_account":")"
            + account() + R"(","amount":)" + std::to_string(1 + chance() % 10'000) + "}";
        auto event = record;
        event.kind = RecordKind::Event;
        event.id = uuid5(record.id, "event/1");
        event.parent = record.id;
        event.topic = "transfer-events";
        event.action = "money-transferred";
        auto result = record;
        result.kind = RecordKind::Result;
        result.id = uuid5(record.id, "result");
        result.parent = record.id;
        result.topic = resultsTopic;
        result.action = "succeeded";
        result.data = "{}";
        for (auto *const draft : {&record, &event, &result})
            transaction.records.push_back(std::move(*draft));
        if (transaction.records.size() >= 3000 || i + 1 == events) {
            QVERIFY(ledger.ledger.appendAndWait(std::move(transaction)));
            transaction = {};
        }
    }
    const auto head = ledger.ledger.head()->position;

    const QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("views.sqlite"));
    SystemFileSystem files;
    auto engine = ViewEngine::open({.path = path.toStdString(),
                                    .ledger = ledger.ledger,
                                    .fileSystem = files,
                                    .folds = foldsOf(std::make_shared<TransferDomain>()),
                                    .onProgress = {},
                                    .sources = {}});
    QVERIFY(engine);
    QElapsedTimer timer;
    timer.start();
    QVERIFY((*engine)->start());
    QVERIFY((*engine)->reader().waitFor(head, std::chrono::minutes(10)));
    const auto seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    auto &reader = (*engine)->reader();
    const auto list = reader.list("accounts", {});
    QVERIFY(list);

    const auto microsOf = [&](const std::function<bool(const std::string &, Position)> &question) {
        constexpr int times = 500;
        timer.restart();
        bool good = true;
        for (int i = 0; i < times; ++i) {
            const auto &key = list->documents[chance() % list->documents.size()].key;
            good = question(key, Position{chance() % head.value + 1}) && good;
        }
        return good ? static_cast<double>(timer.nsecsElapsed()) / 1000 / times : -1;
    };
    const auto get
        = microsOf([&](const std::string &key, Position) { return reader.get("accounts", key, {}).has_value(); });
    const auto getAt = microsOf(
        [&](const std::string &key, Position at) { return reader.get("accounts", key, at).has_value() || at < head; });
    const auto blame
        = microsOf([&](const std::string &key, Position) { return reader.blame("accounts", key, {}).has_value(); });
    const auto history = microsOf(
        [&](const std::string &key, Position) { return reader.history("accounts", key, {}, 50).has_value(); });
    timer.restart();
    DocumentListRequest request;
    request.limit = 1000;
    const auto page = reader.list("accounts", request);
    QVERIFY(page);
    const auto listMillis = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    qInfo("%d events, %.0f/s (%.0f document changes/s), file %.1f MB; get %.0f us, get at %.0f us, blame %.0f us, "
          "history of 50 %.0f us, "
          "page of %zu %.1f ms",
          events, events / seconds, events * 4 / seconds, static_cast<double>(QFileInfo(path).size()) / 1e6, get, getAt,
          blame, history, page->documents.size(), listMillis);
    for (const auto measured : {get, getAt, blame, history})
        QVERIFY(measured >= 0);
}

QTEST_GUILESS_MAIN(ViewSpeedTest)
#include "tst_view_speed.moc"
