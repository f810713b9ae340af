// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include <QFile>
#include <QtTest>

using namespace commander;
using namespace viewtest;

namespace {

QString fieldAt(const std::vector<FieldOrigin> &fields, const char *pointer)
{
    for (const auto &field : fields) {
        if (field.pointer == pointer)
            return QString::fromStdString(field.value + " by " + field.action + " at "
                                          + std::to_string(field.position.value));
    }
    return QStringLiteral("no such field");
}

} // namespace

/// The views of the domains that ship, from events as their handlers emit them.
class ViewSamplesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTalksTransfer();
    void customersCome();
    void randomDaysAtTheBank();
};

void ViewSamplesTest::theTalksTransfer()
{
    SeededLedger ledger(1);
    SystemFileSystem files;
    const QTemporaryDir folder;
    auto engine = ViewEngine::open({.path = folder.filePath(QStringLiteral("views.sqlite")).toStdString(),
                                    .ledger = ledger.ledger,
                                    .fileSystem = files,
                                    .folds = foldsOf(makeBankDomain()),
                                    .onProgress = {},
                                    .sources = {}});
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    const auto first = ledger.append("account-opened", R"({"account":"12345","owner":"Ada","opening_balance":50000})");
    const auto second = ledger.append("account-opened", R"({"account":"54321","owner":"Ben","opening_balance":0})");
    const auto third = ledger.append(
        "money-transferred",
        R"({"id":"a6b903f6-0b9c-4c5b-95fa-afd4cc3bf938","from_account":"12345","to_account":"54321","amount":10000})");
    auto &reader = (*engine)->reader();
    QVERIFY(reader.waitFor(third, patience));

    const auto balance = [&reader](const char *key, Position at) {
        const auto document = reader.get("accounts", key, at);
        return document ? parseJson(document->json)->integerAt("balance").value_or(-1) : -2;
    };
    QCOMPARE(balance("12345", second), 50'000);
    QCOMPARE(balance("12345", third), 40'000);
    QCOMPARE(balance("54321", first), -2);
    QCOMPARE(balance("54321", second), 0);
    QCOMPARE(balance("54321", third), 10'000);

    const auto blame = reader.blame("accounts", "54321");
    QVERIFY(blame);
    QCOMPARE(fieldAt(*blame, "/owner"), QStringLiteral("\"Ben\" by account-opened at %1").arg(second.value));
    QCOMPARE(fieldAt(*blame, "/balance"), QStringLiteral("10000 by money-transferred at %1").arg(third.value));

    const auto changes = reader.changesAt(third);
    QVERIFY(changes);
    QCOMPARE(
        std::count_if(changes->begin(), changes->end(), [](const auto &change) { return change.view == "accounts"; }),
        2);
    for (const auto &change : *changes) {
        if (change.view == "accounts" && change.key == "12345")
            QVERIFY(change.fields.front() == (FieldChange{"/balance", "50000", "40000"}));
    }
    const auto history = reader.history("accounts", "12345", {}, 10);
    QVERIFY(history);
    QCOMPARE(history->size(), 2u);
    QVERIFY(history->back().created);
}

void ViewSamplesTest::customersCome()
{
    SeededLedger ledger(2);
    SystemFileSystem files;
    const QTemporaryDir folder;
    auto engine = ViewEngine::open({.path = folder.filePath(QStringLiteral("views.sqlite")).toStdString(),
                                    .ledger = ledger.ledger,
                                    .fileSystem = files,
                                    .folds = foldsOf(makeCustomersDomain()),
                                    .onProgress = {},
                                    .sources = {}});
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    const auto last
        = ledger.append("customer-created",
                        R"({"id":"33bb75db-6e13-48ee-8a54-b3976d3d065b","first_name":"Ada","last_name":"Lovelace"})");
    QVERIFY((*engine)->reader().waitFor(last, patience));
    const auto list = (*engine)->reader().list("customers", {});
    QVERIFY(list);
    QCOMPARE(list->documents.size(), 1u);
    QCOMPARE(list->documents.front().key, std::string("33bb75db-6e13-48ee-8a54-b3976d3d065b"));
    QCOMPARE(parseJson(list->documents.front().json)->stringAt("last_name"), std::string_view("Lovelace"));
}

void ViewSamplesTest::randomDaysAtTheBank()
{
    const auto seed = seedOf("randomDaysAtTheBank");
    std::mt19937_64 chance(seed);
    const auto upTo = [&chance](std::uint64_t max) { return std::to_string(chance() % (max + 1)); };
    SeededLedger ledger(seed);
    const auto bank = makeBankDomain();
    NaiveViews naive(*bank);
    constexpr int accounts = 8;
    Position head;
    for (int i = 0; i < accounts; ++i) {
        head = ledger.append("account-opened",
                             R"({"account":"a)" + std::to_string(i) + R"(","owner":"o","opening_balance":)"
                                 + upTo(100'000) + "}");
    }
    for (int i = 0; i < 300; ++i) {
        switch (chance() % 4) {
        case 0:
            head = ledger.append("money-deposited",
                                 R"({"account":"a)" + upTo(accounts - 1) + R"(","amount":)" + upTo(5000) + "}");
            break;
        case 1:
            head = ledger.append("money-withdrawn",
                                 R"({"account":"a)" + upTo(accounts - 1) + R"(","amount":)" + upTo(5000) + "}");
            break;
        default:
            head = ledger.append("money-transferred",
                                 R"({"id":"t","from_account":"a)" + upTo(accounts - 1) + R"(","to_account":"a)"
                                     + upTo(accounts - 1) + R"(","amount":)" + upTo(5000) + "}");
        }
    }
    for (const auto &record : records(ledger.ledger)) {
        if (record->kind == RecordKind::Event)
            naive.fold(*record);
    }

    SystemFileSystem files;
    const QTemporaryDir folder;
    std::string dumps[2];
    for (auto &text : dumps) {
        const auto path = folder.filePath(QStringLiteral("views.sqlite")).toStdString();
        QFile::remove(QString::fromStdString(path));
        auto engine = ViewEngine::open({.path = path,
                                        .ledger = ledger.ledger,
                                        .fileSystem = files,
                                        .folds = foldsOf(bank),
                                        .onProgress = {},
                                        .sources = {}});
        QVERIFY(engine);
        QVERIFY((*engine)->start());
        auto &reader = (*engine)->reader();
        QVERIFY(reader.waitFor(head, patience));
        for (const auto &status : reader.views())
            QCOMPARE(status.error, std::string());
        for (const auto &view : bank->description().views) {
            for (Position at{0}; at <= head; at = Position{at.value + 13}) {
                const auto expected = naive.at(view.name, at);
                DocumentListRequest request;
                request.at = at;
                request.limit = 1000;
                const auto list = reader.list(view.name, request);
                QVERIFY(list);
                QCOMPARE(list->documents.size(), expected.size());
                for (const auto &document : list->documents)
                    QCOMPARE(document.json, writeJson(expected.at(document.key)));
            }
        }
        engine->reset();
        text = dump(path);
    }
    QCOMPARE(dumps[0], dumps[1]);
}

QTEST_GUILESS_MAIN(ViewSamplesTest)
#include "tst_view_samples.moc"
