// SPDX-License-Identifier: GPL-3.0-or-later
// ui_shots <folder> [part of a name]: pictures of the console in its states, light and dark, over the fake engine.
#include "support_ui/fake_engine.h"
#include "support_ui/fake_rest.h"

#include "compose/command_list.h"
#include "compose/compose_page.h"
#include "compose/data_editor.h"
#include "home/home_page.h"
#include "home/play_card.h"
#include "ledger/filter_edit.h"
#include "ledger/ledger_page.h"
#include "ledger/record_table.h"
#include "main_window/main_window.h"
#include "models/format.h"
#include "widgets/segmented_control.h"

#include <cstdio>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

std::vector<ConsumerStatus> someConsumers()
{
    const auto one = [](const char *name, ConsumerKind kind) {
        ConsumerStatus status;
        status.name = name;
        status.kind = kind;
        status.position = {12'345};
        status.canPause = kind != ConsumerKind::Watch;
        status.canReset = kind == ConsumerKind::View || kind == ConsumerKind::Index;
        return status;
    };
    auto library = one("domain:library", ConsumerKind::Domain);
    library.state = ConsumerState::Paused;
    library.reason = "the catalogue is being moved";
    library.waiting = 17;
    auto accounts = one("view:accounts@1-1a2b3c4d", ConsumerKind::View);
    accounts.serves = true;
    accounts.canPause = false;
    accounts.rebuilt = Position{8'200};
    auto loans = one("view:loans@2-9f00c0de", ConsumerKind::View);
    loans.serves = true;
    loans.state = ConsumerState::Stopped;
    loans.position = {9'001};
    loans.lag = 3'344;
    loans.faultAt = Position{9'002};
    loans.fault
        = "stopped at position 9002 (event d435ed18-4ff7-4cae-a21b-3adb7b06fe58, book-borrowed): the fold threw: "
          "TypeError: Cannot read property 'length' of undefined";
    return {one("processor", ConsumerKind::Processor), one("domain:bank", ConsumerKind::Domain), library, accounts,
            one("index", ConsumerKind::Index),         one("watch", ConsumerKind::Watch),        loans};
}

struct Stage {
    test::FakeEngine engine;
    EngineLink link{engine};
    Selection selection;
    test::FakeRestControl rest;
    MainWindow window;

    Stage(Theme &theme, test::FakeOptions options, bool listening)
        : engine(std::move(options)), rest(listening ? RestStatus{true, "http://127.0.0.1:8080", {}, 12, 1}
                                                     : RestStatus{false, {}, "ports 8080 to 8099 are taken", 0, 0}),
          window(link, selection, theme, rest)
    {
        window.resize(1440, 900);
        window.show();
    }
    LedgerPage &ledger() { return static_cast<LedgerPage &>(window.page(Selection::Page::Ledger)); }
    HomePage &home() { return static_cast<HomePage &>(window.page(Selection::Page::Home)); }
};

struct Shot {
    QString name;
    test::FakeOptions options;
    std::function<void(Stage &)> prepare;
    bool listening = true;
};

void compose(Stage &stage, const QString &action, const std::string &data)
{
    auto &page = static_cast<ComposePage &>(stage.window.page(Selection::Page::Compose));
    stage.window.showPage(Selection::Page::Compose);
    page.findChild<CommandList *>()->setCurrent(action);
    if (!data.empty()) {
        page.editor().setData(data);
        Q_EMIT page.editor().edited();
    }
}

void press(Stage &stage, const QString &text)
{
    for (auto *button : stage.window.findChildren<QPushButton *>()) {
        if (button->isVisible() && button->text() == text) {
            button->click();
            return;
        }
    }
}

void playDay(Stage &stage, std::size_t commands)
{
    stage.home().playCard().player().play(BankDay(7, commands), std::chrono::milliseconds(1200));
    QTest::qWait(1800);
}

RequestEntry request(const char *method, std::string target, std::uint16_t status)
{
    RequestEntry entry;
    entry.method = method;
    entry.target = std::move(target);
    entry.status = status;
    entry.time = currentTime();
    entry.micros = 800 + entry.target.size() * 97;
    entry.bytes = 300 + entry.target.size() * 31;
    entry.client = "127.0.0.1:40312";
    return entry;
}

void requests(Stage &stage)
{
    for (int i = 0; i < 60; ++i) {
        stage.rest.log().add(request("GET", "/accounts/" + std::to_string(10'000 + i * 77), i % 9 == 8 ? 404 : 200));
        auto sent = request("POST", "/commands?sync=true", i % 7 == 3 ? 409 : 201);
        sent.command = stage.engine.store().record({std::uint64_t(i) * 3 + 1})->id.text();
        stage.rest.log().add(sent);
        if (i % 20 == 4) {
            auto stream = request("GET", "/updates?from=now&action=transfer-money", 200);
            stream.kind = RequestEntry::Kind::StreamBegan;
            stage.rest.log().add(stream);
        }
    }
}

void choose(Stage &stage, int row)
{
    QTest::qWait(300);
    stage.window.page(Selection::Page::Rest).findChild<QTableView *>()->selectRow(row);
}

std::vector<Shot> shots()
{
    test::FakeOptions none;
    test::FakeOptions full;
    full.generated = 19'003;
    test::FakeOptions ended = full;
    ended.firstAt.micros -= std::int64_t(ended.generated) * ended.stepMicros;
    test::FakeOptions many = full;
    many.generated = 10'000'000;
    test::FakeOptions longNames = full;
    longNames.longNames = true;
    test::FakeOptions faulty = full;
    faulty.faults
        = {"view \"statements\" stopped at position 18,442: fold broke its contract (bank, money-transferred)"};
    test::FakeOptions readOnly = full;
    readOnly.readOnly = true;

    const auto ledger = [](Stage &stage) { stage.window.showPage(Selection::Page::Ledger); };
    const auto select = [](Stage &stage, std::uint64_t position) {
        stage.selection.selectRecord(stage.engine.store().record({position})->id);
    };
    const auto type = [](Stage &stage, const QString &text) {
        QTest::keyClicks(stage.ledger().findChild<FilterEdit *>(), text);
        QTest::qWait(300); // what is wrong is said a moment later
    };
    return {
        {u"home-empty"_s, none, [](Stage &) {}},
        {u"home-playing"_s, none, [](Stage &stage) { playDay(stage, 400); }},
        {u"home-full"_s, full, [](Stage &) {}},
        {u"home-no-rest"_s, readOnly, [](Stage &) {}, false},
        {u"home-fault"_s, faulty, [](Stage &) {}},
        {u"ledger-empty"_s, none, ledger},
        {u"ledger-day"_s, none,
         [=](Stage &stage) {
             playDay(stage, 300);
             ledger(stage);
             select(stage, stage.engine.store().head().value - 4);
         }},
        {u"ledger-rejected"_s, full,
         [=](Stage &stage) {
             ledger(stage);
             select(stage, 3 * 7 * 120 + 10);
         }},
        {u"ledger-paused"_s, many,
         [=](Stage &stage) {
             ledger(stage);
             QTest::qWait(200);
             stage.ledger().table().goTo({4'123'456});
             select(stage, 4'123'456);
             stage.engine.appendSome(1204);
         }},
        {u"ledger-filter"_s, full,
         [=](Stage &stage) {
             RecordFilter filter;
             filter.kinds = {RecordKind::Command};
             filter.actions = {"transfer-money", "deposit-money", "withdraw-money"};
             filter.text = "899";
             stage.selection.setFilter(filter);
             ledger(stage);
         }},
        {u"ledger-expression"_s, full,
         [=](Stage &stage) {
             ledger(stage);
             type(stage, u"kind = command and data.amount >= 500 and not (actor ~ '^reaction:' or key in (12345))"_s);
             select(stage, 3 * 7 * 120 + 10);
         }},
        {u"ledger-expression-wrong"_s, full,
         [=](Stage &stage) {
             ledger(stage);
             type(stage, u"kind = command and data.amount => 500"_s);
             select(stage, 3 * 7 * 120 + 10);
         }},
        {u"ledger-no-match"_s, full,
         [=](Stage &stage) {
             RecordFilter filter;
             filter.text = "no such thing";
             stage.selection.setFilter(filter);
             ledger(stage);
         }},
        {u"ledger-long"_s, longNames,
         [=](Stage &stage) {
             ledger(stage);
             select(stage, 19'001);
         }},
        {u"ledger-unreadable"_s, full,
         [=](Stage &stage) {
             stage.engine.store().failReads = true;
             ledger(stage);
             select(stage, 19'001);
         }},
        {u"ledger-loading"_s, full,
         [=](Stage &stage) {
             stage.engine.store().readDelayMs = 4000;
             ledger(stage);
         }},
        {u"moment"_s, full,
         [=](Stage &stage) {
             ledger(stage);
             stage.selection.setMoment(Position{18'442});
         }},
        {u"timeline"_s, none,
         [](Stage &stage) {
             playDay(stage, 800);
             stage.window.showPage(Selection::Page::Timeline);
         }},
        {u"lineage"_s, none,
         [=](Stage &stage) {
             playDay(stage, 300);
             select(stage, stage.engine.store().head().value - 4);
             stage.window.showPage(Selection::Page::Lineage);
         }},
        {u"compose"_s, none, [](Stage &stage) { compose(stage, u"plan-payments"_s, {}); }},
        {u"compose-errors"_s, none,
         [](Stage &stage) {
             compose(stage, u"plan-payments"_s,
                     R"({"account":"","rate":-1,"payer":{"country":"england"},"amounts":["12x",-5],"extra":1})");
             press(stage, u"Preview"_s);
         }},
        {u"compose-preview"_s, none,
         [](Stage &stage) {
             playDay(stage, 300);
             stage.selection.setMoment(std::nullopt);
             compose(stage, u"open-account"_s, {});
             press(stage, u"Send"_s);
             QTest::qWait(200);
             compose(stage, u"deposit-money"_s, R"({"account":"12345","amount":23950})");
             press(stage, u"Preview"_s);
         }},
        {u"compose-sent"_s, none,
         [](Stage &stage) {
             compose(stage, u"open-account"_s, {});
             press(stage, u"Send"_s);
         }},
        {u"compose-rejected"_s, none,
         [](Stage &stage) {
             compose(stage, u"open-account"_s, {});
             press(stage, u"Send"_s);
             QTest::qWait(200);
             compose(stage, u"withdraw-money"_s, R"({"account":"12345","amount":9007199254740991})");
             press(stage, u"Send"_s);
         }},
        {u"compose-json"_s, longNames,
         [](Stage &stage) {
             compose(stage, u"transfer-money"_s,
                     R"({"from_account":")" + std::string(300, 'x')
                         + R"(","to_account":"54321","amount":9007199254740991.0})");
             static_cast<ComposePage &>(stage.window.page(Selection::Page::Compose)).editor().face().setCurrent(1);
             press(stage, u"Preview"_s);
         }},
        {u"rest-empty"_s, none, [](Stage &stage) { stage.window.showPage(Selection::Page::Rest); }},
        {u"rest-off"_s, none, [](Stage &stage) { stage.window.showPage(Selection::Page::Rest); }, false},
        {u"rest"_s, full,
         [](Stage &stage) {
             requests(stage);
             stage.window.showPage(Selection::Page::Rest);
             choose(stage, 2);
         }},
        {u"rest-long"_s, full,
         [](Stage &stage) {
             requests(stage);
             auto entry = request("GET", "/customers?where=" + std::string(480, 'x'), 200);
             entry.token = std::string(64, 'n');
             stage.rest.log().add(entry);
             auto refused = request("POST", "/commands", 403);
             refused.kind = RequestEntry::Kind::Refused;
             refused.code = "origin-not-allowed";
             stage.rest.log().add(refused);
             (void)stage.rest.fakeTokens().create({std::string(64, 'n'), AccessRoles::all(), {}, false});
             (void)stage.rest.fakeTokens().create({"ci", {AccessRole::Read, AccessRole::Submit}, {}, false});
             stage.window.showPage(Selection::Page::Rest);
             choose(stage, 1);
         }},
        {u"rest-send"_s, full,
         [](Stage &stage) {
             requests(stage);
             stage.rest.setAnswer({201,
                                   R"({"id":"33bb75db-6e13-48ee-8a54-b3976d3d065b","status":"succeeded"})",
                                   u"application/json"_s,
                                   {},
                                   4'210});
             stage.window.showPage(Selection::Page::Rest);
             press(stage, u"Send a request…"_s);
             QTest::qWait(200);
             press(stage, u"Send"_s);
         }},
        {u"versions"_s, full,
         [](Stage &stage) {
             const auto version = [](std::uint32_t number, ViewVersionState state, std::uint64_t at) {
                 ViewVersionStatus one;
                 one.id.view = number < 4 ? "accounts" : "statements";
                 one.id.version = number;
                 one.id.domainHash.fill(std::uint8_t(number * 37));
                 one.state = state;
                 one.decides = state == ViewVersionState::Serving;
                 one.position = Position{at};
                 one.head = Position{19'003};
                 one.documents = 1204;
                 one.recordsPerSecond = 812'345;
                 one.remaining = std::chrono::milliseconds(71'400);
                 return one;
             };
             stage.engine.versions().set(
                 {version(1, ViewVersionState::Kept, 19'003), version(2, ViewVersionState::Serving, 19'003),
                  version(3, ViewVersionState::Ready, 19'003), version(4, ViewVersionState::Building, 4'750)});
             std::vector<VersionRow> rows;
             for (int i = 0; i < 8; ++i)
                 rows.push_back({"account-" + std::to_string(i),
                                 i == 2 ? VersionRow::Kind::Added : VersionRow::Kind::Changed,
                                 {{"/balance", std::to_string(i * 1000), std::to_string(i * 1000) + ".00"}}});
             stage.engine.versions().setDifferences(1196, rows, 3);
             stage.window.showPage(Selection::Page::Views);
             for (auto *button : stage.window.findChildren<QToolButton *>()) {
                 if (button->text() == u"Versions…"_s)
                     button->click();
             }
             QTest::qWait(300);
             for (auto *table : stage.window.findChildren<QTreeWidget *>()) {
                 if (table->accessibleName() == u"Versions"_s)
                     table->setCurrentItem(table->topLevelItem(2));
             }
             press(stage, u"Let it serve…"_s);
         }},
        {u"export"_s, full,
         [=](Stage &stage) {
             RecordFilter filter;
             filter.kinds = {RecordKind::Command};
             filter.text = "899";
             stage.selection.setFilter(filter);
             ledger(stage);
             QTest::qWait(100);
             for (auto *button : stage.window.findChildren<QToolButton *>()) {
                 if (button->accessibleName().startsWith(u"Export"_s))
                     button->click();
             }
         }},
        {u"test-case"_s, none,
         [=](Stage &stage) {
             playDay(stage, 200);
             ledger(stage);
             for (std::uint64_t i = stage.engine.store().head().value; i > 1; --i) {
                 const RecordPtr record = stage.engine.store().record({i});
                 if (record->kind == RecordKind::Command && record->action == "transfer-money") {
                     select(stage, i);
                     break;
                 }
             }
             QTest::qWait(300);
             for (auto *action : stage.window.findChildren<QAction *>()) {
                 if (action->text().startsWith(u"Make a test"_s))
                     action->trigger();
             }
         }},
        {u"operations-long"_s, none,
         [](Stage &stage) {
             DocumentChange change;
             change.view = "commander-dead-letters";
             change.key = std::string(120, 'k');
             change.created = true;
             stage.engine.store().addChange(
                 change,
                 R"({"sequence":"library/)" + std::string(120, 'k')
                     + R"(","domain":"library","command":"33bb75db-6e13-48ee-8a54-b3976d3d065b","first":1,"last":3,)"
                       R"("waiting":123456789,"parked_at":"2026-11-26T21:00:00.000Z","fault":{"code":"domain-fault",)"
                       R"("message":"TypeError: Cannot read property 'length' of undefined, which was asked of the )"
                       R"(loans of a reader whose card had been renewed twice on the same day"}})");
             auto consumers = someConsumers();
             consumers.back().name = "view:" + std::string(100, 'w') + "@12-1a2b3c4d";
             consumers.back().lag = 9'123'456'789;
             stage.engine.consumers().put(std::move(consumers));
             stage.window.showPage(Selection::Page::Operations);
             QTest::qWait(300);
             for (auto *table : stage.window.findChildren<QTreeWidget *>()) {
                 if (table->isVisible() && table->topLevelItemCount() > 0)
                     table->setCurrentItem(table->topLevelItem(table->topLevelItemCount() - 1));
             }
         }},
        {u"operations-empty"_s, none, [](Stage &stage) { stage.window.showPage(Selection::Page::Operations); }},
        {u"operations"_s, none,
         [](Stage &stage) {
             const auto put = [&stage](const std::string &view, const std::string &key, const std::string &json) {
                 DocumentChange change;
                 change.view = view;
                 change.key = key;
                 change.created = true;
                 stage.engine.store().addChange(change, json);
             };
             for (int i = 1; i <= 5; ++i) {
                 const std::string id = uuid5(Uuid{}, std::to_string(i)).text();
                 put("commander-waiting", id,
                     R"({"command":")" + id + R"(","action":"remind-reader","key":"loan-)" + std::to_string(i)
                         + R"(","reason":"scheduled","not_before":"2031-05-2)" + std::to_string(i)
                         + R"(T14:33:28.902Z","expires_at":"2031-06-01T00:00:00.000Z"})");
             }
             for (const char *name : {"library/978-0141439846", "bank/12345"})
                 put("commander-dead-letters", name,
                     std::string(R"({"sequence":")") + name
                         + R"(","command":"33bb75db-6e13-48ee-8a54-b3976d3d065b","first":1,"last":3,"waiting":3,)"
                           R"("parked_at":"2026-11-26T21:00:00.000Z","fault":{"code":"domain-fault",)"
                           R"("message":"TypeError: Cannot read property 'length' of undefined",)"
                           R"("details":[{"pointer":"domain.js:7","message":"in borrow-book: if (lent.length) throw 1;"}]}})");
             stage.engine.consumers().put(someConsumers());
             stage.window.showPage(Selection::Page::Operations);
             QTest::qWait(300);
             for (auto *table : stage.window.findChildren<QTreeWidget *>()) {
                 if (table->isVisible() && table->topLevelItemCount() > 0)
                     table->setCurrentItem(table->topLevelItem(0));
             }
         }},
        {u"ledger-failed"_s, none,
         [=](Stage &stage) {
             RecordDraft command;
             command.kind = RecordKind::Command;
             command.id = uuid5(Uuid{}, "failing");
             command.correlation = command.id;
             command.topic = commandsTopic;
             command.action = "borrow-book";
             command.key = "978-0141439846";
             command.actor = "reading-room";
             command.data = R"({"isbn":"978-0141439846","reader":"Mina"})";
             CommandOutcome outcome;
             outcome.status = CommandStatus::Failed;
             outcome.errorCode = "domain-fault";
             outcome.errorMessage
                 = "TypeError: Cannot read property 'length' of undefined (domain.js:7, the handler of "
                   "borrow-book)";
             outcome.errorDetails
                 = R"([{"pointer":"domain.js:7","message":"in borrow-book: if (book.loans.length > 0) throw lent;"},)"
                   R"({"pointer":"rules.js:31","message":"in whenLent: return borrow(command, views.books.get(isbn));"}])";
             RecordDraft result;
             result.kind = RecordKind::Result;
             result.id = uuid5(command.id, "result");
             result.parent = command.id;
             result.correlation = command.id;
             result.topic = resultsTopic;
             result.action = "failed";
             result.actor = "engine";
             result.data = writeOutcome(outcome);
             stage.engine.store().append(std::move(command));
             stage.engine.store().append(std::move(result));
             stage.engine.store().notify();
             ledger(stage);
             select(stage, 1);
         }},
        {u"views"_s, none,
         [](Stage &stage) {
             playDay(stage, 300);
             stage.window.showPage(Selection::Page::Views);
         }},
    };
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s <folder> [part of a name]\n", argv[0]);
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    if (!folder.mkpath(u"."_s)) {
        std::fprintf(stderr, "cannot make the folder %s\n", argv[1]);
        return 1;
    }
    const QString only = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    Theme theme;
    for (const Shot &shot : shots()) {
        if (!only.isEmpty() && !shot.name.contains(only))
            continue;
        Stage stage(theme, shot.options, shot.listening);
        shot.prepare(stage);
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            theme.setMode(mode);
            QTest::qWait(700);
            const QString file
                = folder.filePath(shot.name + (mode == Theme::Mode::Light ? u"-light.png"_s : u"-dark.png"_s));
            QWidget *shown = &stage.window;
            for (auto *dialog : stage.window.findChildren<QDialog *>()) {
                if (dialog->isVisible())
                    shown = dialog;
            }
            if (!shown->grab().save(file)) {
                std::fprintf(stderr, "cannot write %s\n", qPrintable(file));
                return 1;
            }
            std::printf("%s\n", qPrintable(file));
        }
    }
    return 0;
}
