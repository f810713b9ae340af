// SPDX-License-Identifier: GPL-3.0-or-later
#include "counter_domain.h"

#include "support/result_macros.h"
#include "support/temporary_workspace.h"

#include <commander/domain_tests.h>
#include <commander/event_versions.h>

#include <QtTest>

#include <set>

using namespace commander;
using namespace commander::counter;
using namespace std::chrono_literals;

class TestUpcasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rebuiltLikeLive();
    void decisionsAndReactionsSeeTheNewest();
    void experimentsAgree();
    void olderDomainRefusesNewerEvents();
    void eventsOfOtherDomains();
    void domainInCpp();
    void readsVersions_data();
    void readsVersions();
};

namespace {

/// `write` {from, text} → `written`, whose data changed twice: {from} became {sender}, then {sender: {name}, words}.
/// The view `letters` is declared, `senders` scripted and read by the handler; a letter causes a `note`.
std::vector<DomainFile> letters(int version)
{
    const std::string member = version == 1 ? "from" : "sender";
    const std::string upcast = R"("upcast": {"1": {"set": {"sender": "=data.from"}, "remove": ["from"]}}, )";
    const std::string manifest = R"({
  "name": "letters", "version": )"
        + std::to_string(version) + R"(, "eventsTopic": "letter-events",
  "commands": {
    "write": {"key": "id", "schema": {"type": "object", "required": ["id", "from", "text"]},
              "example": {"id": "1", "from": "Ada", "text": "hi"}},
    "note": {"schema": {"type": "object", "required": ["text"]}, "example": {"text": "x"}}
  },
  "events": {
    "written": {"key": "id", "version": )"
        + std::to_string(version) + ", " + (version > 1 ? upcast : "")
        + R"("schema": {"type": "object", "required": ["id", "text", ")" + member + R"("]}},
    "noted": {"schema": {"type": "object", "required": ["text"]}}
  },
  "views": {
    "letters": {"key": "{data.id}", "on": {"written": {"merge": "=data"}}},
    "senders": {"events": ["written"]},
    "notes": {"key": "notes", "on": {"noted": {"append": {"all": "=data.text"}}}}
  },
  "reactions": {"remark": {"on": ["written"]}}
}
)";
    const std::string name = version == 1 ? "event.data.from"
        : version == 2                    ? "event.data.sender"
                                          : "event.data.sender.name";
    const std::string data = version == 1 ? "{ id, from, text }"
        : version == 2                    ? "{ id, sender: from, text }"
                                          : "{ id, sender: { name: from }, text, words: text.split(' ').length }";
    const std::string upcasters = version < 3 ? "" : R"(
export const upcasters = {
  written: {
    2(event) {
      const out = Object.assign({}, event.data);
      out.sender = { name: event.data.sender };
      out.words = event.data.text.split(" ").length;
      return out;
    },
  },
};
)";
    const std::string script = R"(export const commands = {
  write({ data: { id, from, text } }, { views, reject }) {
    const sender = views.senders.get(from);
    if (sender && sender.letters >= 4) return reject("too-many", "enough", { letters: sender.letters });
    return [{ action: "written", data: )"
        + data + R"( }];
  },
  note({ data }) { return [{ action: "noted", data: { text: data.text } }]; },
};
export const views = {
  senders: {
    written(event, put, get) {
      const name = )"
        + name + R"(;
      const sender = get(name) || { name, letters: 0 };
      sender.letters += 1;
      put(name, sender);
    },
  },
};
export const reactions = {
  remark(event, { command }) { return [command("note", { text: )"
        + name + R"( })]; },
};
)" + upcasters;
    const std::string test = R"({"name": "an old letter",
  "given": [{"event": "written", "version": 1, "data": {"id": "1", "from": "Ada", "text": "how are you"}}],
  "when": {"command": "note", "data": {"text": "x"}},
  "then": {"documents": {"letters": {"1": )"
        + std::string(version == 1 ? R"({"id": "1", "from": "Ada", "text": "how are you"})"
                          : version == 2
                          ? R"({"id": "1", "text": "how are you", "sender": "Ada"})"
                          : R"({"id": "1", "text": "how are you", "sender": {"name": "Ada"}, "words": 3})")
        + R"(}, "senders": {"Ada": {"name": "Ada", "letters": 1}}}}})";
    return {{"domain.js", script}, {"domain.json", manifest}, {"tests/old.json", test}};
}

Result<RecordPtr> write(Engine &engine, const std::string &id, const std::string &from, const std::string &text)
{
    return send(engine, "write", R"({"id":")" + id + R"(","from":")" + from + R"(","text":")" + text + "\"}");
}

std::string notes(Engine &engine)
{
    const auto document = engine.views().get("notes", "notes", {});
    return document ? document->json : std::string();
}

/// Two letters of version 1, one of 2, one of 3.
void writeHistory(Engine &engine)
{
    QCOMPARE(said(engine, *write(engine, "1", "Ada", "a b c")), std::string("succeeded"));
    QCOMPARE(said(engine, *write(engine, "2", "Ben", "a")), std::string("succeeded"));
    QVERIFY_RESULT(engine.domains().install(letters(2)));
    QCOMPARE(said(engine, *write(engine, "3", "Ada", "a b")), std::string("succeeded"));
    QVERIFY_RESULT(engine.domains().install(letters(3)));
    QCOMPARE(said(engine, *write(engine, "4", "Ada", "a b c d")), std::string("succeeded"));
    // The commands that letters cause are decided a moment later.
    QTRY_COMPARE_WITH_TIMEOUT(notes(engine), std::string(R"({"all":["Ada","Ben","Ada","Ada"]})"), 30'000);
    QVERIFY(settled(engine));
}

/// Of all views, by name: their order is that of the domains, which is another one after installations.
std::string documents(Engine &engine)
{
    std::set<std::string> lines;
    for (const auto &view : engine.views().views()) {
        const auto list = engine.views().list(view.name, {});
        for (const auto &document : list ? list->documents : std::vector<Document>())
            lines.insert(view.name + '/' + document.key + ' ' + document.json + '\n');
    }
    std::string out;
    for (const auto &line : lines)
        out += line;
    return out;
}

} // namespace

void TestUpcasters::rebuiltLikeLive()
{
    const TemporaryWorkspace workspace;
    std::string live;
    {
        const auto engine = Engine::open(options(workspace.ledger(), {letters(1)}));
        QVERIFY_RESULT(engine);
        writeHistory(**engine);
        live = documents(**engine);
        QVERIFY2(live.find(R"(letters/1 {"id":"1","text":"a b c","sender":{"name":"Ada"},"words":3})")
                     != std::string::npos,
                 live.c_str());
        QVERIFY2(live.find(R"(letters/3 {"id":"3","sender":{"name":"Ada"},"text":"a b","words":2})")
                     != std::string::npos,
                 live.c_str());
        QVERIFY2(live.find(R"(senders/Ada {"name":"Ada","letters":3})") != std::string::npos, live.c_str());
        // The ledger keeps what was recorded, and says with which version.
        std::string recorded;
        for (const auto &record : allRecords(**engine)) {
            if (record->action == "written")
                recorded += record->headers + ' ' + record->data + '\n';
        }
        QCOMPARE(recorded,
                 std::string(" {\"id\":\"1\",\"from\":\"Ada\",\"text\":\"a b c\"}\n"
                             " {\"id\":\"2\",\"from\":\"Ben\",\"text\":\"a\"}\n"
                             "{\"eventVersion\":2} {\"id\":\"3\",\"sender\":\"Ada\",\"text\":\"a b\"}\n"
                             "{\"eventVersion\":3} {\"id\":\"4\",\"sender\":{\"name\":\"Ada\"},\"text\":\"a b c d\","
                             "\"words\":4}\n"));
        // A field that only the upcaster made is explained by the event that it was made of.
        const auto origins = (*engine)->views().blame("letters", "1");
        QVERIFY_RESULT(origins);
        const auto words = std::find_if(origins->begin(), origins->end(),
                                        [](const FieldOrigin &origin) { return origin.pointer == "/words"; });
        QVERIFY(words != origins->end());
        QCOMPARE(words->action, std::string("written"));
        const auto event = (*engine)->records().find(words->event);
        QVERIFY_RESULT(event);
        QCOMPARE((*event)->data, std::string(R"({"id":"1","from":"Ada","text":"a b c"})"));
    }
    auto again = options(workspace.ledger());
    QVERIFY_RESULT(removeDerivedFiles(again));
    const auto engine = Engine::open(std::move(again));
    QVERIFY_RESULT(engine);
    QTRY_VERIFY_WITH_TIMEOUT(settled(**engine), 30'000);
    QVERIFY2(documents(**engine) == live, ("live:\n" + live + "rebuilt:\n" + documents(**engine)).c_str());
}

void TestUpcasters::decisionsAndReactionsSeeTheNewest()
{
    const TemporaryWorkspace workspace;
    const auto engine = Engine::open(options(workspace.ledger(), {letters(1)}));
    QVERIFY_RESULT(engine);
    writeHistory(**engine);
    QCOMPARE(said(**engine, *write(**engine, "5", "Ada", "e")), std::string("succeeded"));
    // Four letters of three versions, counted by the fold of the newest.
    QCOMPARE(said(**engine, *write(**engine, "6", "Ada", "f")), std::string("rejected too-many: enough"));
    QTRY_COMPARE_WITH_TIMEOUT(notes(**engine), std::string(R"({"all":["Ada","Ben","Ada","Ada","Ada"]})"), 30'000);
    QVERIFY(settled(**engine));
    QCOMPARE(notes(**engine), std::string(R"({"all":["Ada","Ben","Ada","Ada","Ada"]})")); // no reaction ran twice
}

void TestUpcasters::experimentsAgree()
{
    const TemporaryWorkspace workspace;
    const auto engine = Engine::open(options(workspace.ledger(), {letters(1)}));
    QVERIFY_RESULT(engine);
    writeHistory(**engine);
    for (const auto state : {CandidateState::Own, CandidateState::Recorded}) {
        ReplayRequest request;
        request.domains = (*engine)->domains().running();
        request.state = state;
        request.only = [](const Record &command) { return command.action == "write" || command.action == "note"; };
        const auto report = (*engine)->experiments().replay(request);
        QVERIFY_RESULT(report);
        QVERIFY(report->viewFaults.empty());
        // Version 3 says in other words what versions 1 and 2 said, and everything comes to the same end.
        QCOMPARE(report->comparison.of(DifferenceKind::Status), std::uint64_t(0));
        QCOMPARE(report->comparison.of(DifferenceKind::Commands), std::uint64_t(0));
        QCOMPARE(report->comparison.of(DifferenceKind::EventData), std::uint64_t(3));
    }
    // From the last letter on, on the shared past of all versions.
    const auto all = allRecords(**engine);
    const auto last = std::find_if(all.rbegin(), all.rend(), [](const auto &one) { return one->action == "write"; });
    WhatIfRequest request;
    request.from = Position{(*last)->position.value - 1};
    request.edits = {{CommandEdit::Kind::Replace, (*last)->id, {}, {}, R"({"id":"4","from":"Cy","text":"a"})", {}}};
    const auto branch = (*engine)->experiments().whatIf(std::move(request));
    QVERIFY_RESULT(branch);
    QVERIFY((*branch)->summary().viewFaults.empty());
    const auto ada = (*branch)->document("senders", "Ada");
    QVERIFY_RESULT(ada);
    QCOMPARE(*ada, std::string(R"({"name":"Ada","letters":2})"));
    const auto letter = (*branch)->document("letters", "4");
    QVERIFY_RESULT(letter);
    QCOMPARE(*letter, std::string(R"({"id":"4","sender":{"name":"Cy"},"text":"a","words":1})"));
}

void TestUpcasters::olderDomainRefusesNewerEvents()
{
    const TemporaryWorkspace workspace;
    const auto engine = Engine::open(options(workspace.ledger(), {letters(1)}));
    QVERIFY_RESULT(engine);
    writeHistory(**engine);
    const auto back = (*engine)->domains().install(letters(1));
    QVERIFY(!back);
    QVERIFY2(back.error().text().find("written with version 2 of its schema, and the domain knows it up to 1")
                 != std::string::npos,
             back.error().text().c_str());
    QCOMPARE(said(**engine, *write(**engine, "5", "Ada", "e")), std::string("succeeded"));
}

void TestUpcasters::eventsOfOtherDomains()
{
    const std::string manifest = R"({
  "name": "archive", "eventsTopic": "archive-events",
  "commands": {"archive": {"schema": {}, "example": {}, "emit": []}},
  "otherEvents": {"written": {"version": 2, "upcast": {"1": {"set": {"sender": "=data.from"}, "remove": ["from"]}}}},
  "views": {"archived": {"key": "{data.id}", "on": {"written": {"set": {"by": "=data.sender"}}}}}
}
)";
    const TemporaryWorkspace workspace;
    const auto engine = Engine::open(options(workspace.ledger(), {letters(1), {{"domain.json", manifest}}}));
    QVERIFY_RESULT(engine);
    QCOMPARE(said(**engine, *write(**engine, "1", "Ada", "a")), std::string("succeeded"));
    QVERIFY_RESULT((*engine)->domains().install(letters(2)));
    QCOMPARE(said(**engine, *write(**engine, "2", "Ben", "a")), std::string("succeeded"));
    QTRY_VERIFY_WITH_TIMEOUT(settled(**engine), 30'000);
    QVERIFY(documents(**engine).find("archived/1 {\"by\":\"Ada\"}\narchived/2 {\"by\":\"Ben\"}\n")
            != std::string::npos);
}

namespace {

/// The bank, whose event account-opened came to version 2.
class BankOfTwo final : public Domain {
public:
    explicit BankOfTwo(std::vector<std::uint32_t> steps, std::uint32_t version) : m_description(m_bank->description())
    {
        m_description.events.front().version = version;
        for (const auto from : steps)
            m_description.upcasters.push_back({m_description.events.front().action, from});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        return m_bank->decide(command, views, context);
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        return m_bank->fold(view, event, documents);
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                             HandlerContext &context) const override
    {
        return m_bank->react(event, views, context);
    }
    [[nodiscard]] Result<Json> upcast(const ParsedRecord &event, std::uint32_t) const override
    {
        auto data = event.data;
        data.set("owner", Json("upcast " + std::string(data.stringAt("owner"))));
        return data;
    }

private:
    const std::shared_ptr<const Domain> m_bank = makeBankDomain();
    DomainDescription m_description;
};

OpenOptions bankOptions(const std::string &ledger, std::shared_ptr<const Domain> bank)
{
    OpenOptions options;
    options.ledgerPath = ledger;
    options.domains = {std::move(bank)};
    return options;
}

} // namespace

void TestUpcasters::domainInCpp()
{
    const TemporaryWorkspace workspace;
    {
        const auto engine = Engine::open(bankOptions(workspace.ledger(), makeBankDomain()));
        QVERIFY_RESULT(engine);
        QCOMPARE(said(**engine, *send(**engine, "open-account", R"({"account":"1","owner":"Ada"})")),
                 std::string("succeeded"));
    }
    for (const auto &gap : {BankOfTwo({}, 2), BankOfTwo({1}, 3), BankOfTwo({2}, 3), BankOfTwo({1, 1}, 2),
                            BankOfTwo({1}, 1), BankOfTwo({}, 0)}) {
        const auto engine = Engine::open(bankOptions(workspace.ledger(), std::make_shared<const BankOfTwo>(gap)));
        QCOMPARE_ERROR(engine, ErrorCode::InvalidArgument);
    }
    auto two = bankOptions(workspace.ledger(), std::make_shared<const BankOfTwo>(std::vector{1U}, 2));
    QVERIFY_RESULT(removeDerivedFiles(two));
    const auto engine = Engine::open(std::move(two));
    QVERIFY_RESULT(engine);
    QCOMPARE(said(**engine, *send(**engine, "open-account", R"({"account":"2","owner":"Ben"})")),
             std::string("succeeded"));
    QTRY_VERIFY_WITH_TIMEOUT(settled(**engine), 30'000);
    const auto owner = [&](const std::string &account) {
        return std::string(parseJson((*engine)->views().get("accounts", account, {})->json)->stringAt("owner"));
    };
    QCOMPARE(owner("1"), std::string("upcast Ada"));
    QCOMPARE(owner("2"), std::string("Ben"));
}

void TestUpcasters::readsVersions_data()
{
    QTest::addColumn<QString>("headers");
    QTest::addColumn<int>("version"); // 0 = an error
    QTest::newRow("none") << "" << 1;
    QTest::newRow("of something else") << R"({"variant":"new"})" << 1;
    QTest::newRow("first") << R"({"eventVersion":1})" << 1;
    QTest::newRow("beside") << R"({"variant":"new","eventVersion":7})" << 7;
    QTest::newRow("zero") << R"({"eventVersion":0})" << 0;
    QTest::newRow("negative") << R"({"eventVersion":-1})" << 0;
    QTest::newRow("fraction") << R"({"eventVersion":1.0})" << 0;
    QTest::newRow("text") << R"({"eventVersion":"2"})" << 0;
    QTest::newRow("too large") << R"({"eventVersion":4294967296})" << 0;
    QTest::newRow("no JSON") << R"({"eventVersion":)" << 0;
}

void TestUpcasters::readsVersions()
{
    QFETCH(QString, headers);
    QFETCH(int, version);
    RecordDraft event;
    event.headers = headers.toStdString();
    const auto read = eventVersionOf(event);
    QCOMPARE(read ? static_cast<int>(*read) : 0, version);
    if (version > 1)
        QCOMPARE(*eventVersionOf([&] {
            RecordDraft copy;
            copy.headers = withEventVersion(headers.toStdString(), 9);
            return copy;
        }()),
                 9U);
    QCOMPARE(withEventVersion(headers.toStdString(), 1), headers.toStdString());
}

QTEST_GUILESS_MAIN(TestUpcasters)
#include "tst_upcasters.moc"
