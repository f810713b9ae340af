// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/domain_registry.h"

#include <commander/record.h>

#include <QTest>

#include <map>

using namespace commander;

namespace {

/// Documents of all views in memory; decides and folds as the engine does, without it.
class World final : public DocumentSource {
public:
    explicit World(std::shared_ptr<const Domain> domain)
        : m_domain(std::move(domain)), m_registry(std::move(*DomainRegistry::create({m_domain})))
    {
    }

    const Json *get(std::string_view view, std::string_view key) override
    {
        const auto &documents = m_views[std::string(view)];
        const auto found = documents.find(std::string(key));
        return found == documents.end() ? nullptr : &found->second;
    }

    /// "action key data" of each event, folded; or "code details" of a rejection; or "error what".
    std::string run(const std::string &action, const std::string &data)
    {
        Record command;
        command.id = uuid5(Uuid{}, std::to_string(++m_count));
        command.action = action;
        command.recordedAt = {1'463'754'808'902'000 + m_count * 1'000'000};
        command.data = data;
        m_lastCommand = command.id;
        const auto *entry = m_registry->findCommand(action);
        if (!entry)
            return "unknown action";
        if (auto valid = m_registry->validateCommand(*entry, data); !valid)
            return "invalid " + valid.error().details.front().pointer + " " + valid.error().details.front().message;
        const auto parsed = *parseJson(data);
        HandlerContext context(command.id, command.recordedAt);
        auto decision = m_domain->decide({command, parsed}, *this, context);
        if (!decision)
            return "error " + decision.error().what;
        if (const auto *rejection = std::get_if<Rejection>(&*decision))
            return rejection->code + (rejection->details.isNull() ? "" : " " + writeJson(rejection->details));
        std::string out;
        for (auto &draft : std::get<std::vector<EventDraft>>(*decision)) {
            if (auto valid = m_registry->validateEvent(*m_registry->findEvent(draft.action), draft.data); !valid)
                return "invalid event: " + valid.error().details.front().message;
            Record event;
            event.kind = RecordKind::Event;
            event.id = uuid5(command.id, "event/1");
            event.action = draft.action;
            event.timestamp = command.recordedAt;
            for (const auto &view : m_registry->viewsFolding(draft.action)) {
                Fold fold(m_views[view.spec->name]);
                if (auto folded = m_domain->fold(*view.spec, {event, draft.data}, fold); !folded)
                    return "fold error " + folded.error().what;
            }
            out += draft.action + " " + draft.key + " " + writeJson(draft.data);
            auto reaction = HandlerContext::ofReaction(event.id, m_domain->description().name, command.recordedAt);
            auto followUps = m_domain->react({event, draft.data}, *this, reaction);
            for (const auto &followUp : *followUps)
                out += "\n" + followUp.reaction + " " + followUp.action + " " + writeJson(followUp.data);
        }
        return out;
    }

    std::string document(const std::string &view, const std::string &key)
    {
        const auto *found = get(view, key);
        return found ? writeJson(*found) : "none";
    }
    [[nodiscard]] std::string newId() const { return uuid5(m_lastCommand, "data/1").text(); }
    [[nodiscard]] std::string eventId() const { return uuid5(m_lastCommand, "event/1").text(); }

private:
    using Documents = std::map<std::string, Json>;
    class Fold final : public DocumentFold {
    public:
        explicit Fold(Documents &documents) : m_documents(documents) { }
        const Json *get(std::string_view key) override
        {
            const auto found = m_documents.find(std::string(key));
            return found == m_documents.end() ? nullptr : &found->second;
        }
        void put(std::string_view key, Json document) override
        {
            m_documents.insert_or_assign(std::string(key), std::move(document));
        }
        void remove(std::string_view key) override { m_documents.erase(std::string(key)); }

    private:
        Documents &m_documents;
    };

    std::shared_ptr<const Domain> m_domain;
    std::unique_ptr<DomainRegistry> m_registry;
    std::map<std::string, Documents> m_views;
    Uuid m_lastCommand;
    int m_count = 0;
};

} // namespace

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray::fromStdString(expected))

class TestSampleDomains : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void examplesAndTitles();
    void hashesTellDomainsApart();
    void customers();
    void customersKeepBytes();
    void customersRejections();
    void bank();
    void bankRejections_data();
    void bankRejections();
    void balancesStayExact();
    void largeTransfers();
    void statements();
    void dataOfAnotherSchemaIsAnError();
};

void TestSampleDomains::examplesAndTitles()
{
    for (const auto &domain : {makeCustomersDomain(), makeBankDomain()}) {
        QVERIFY(DomainRegistry::create({domain}));
        for (const auto &command : domain->description().commands) {
            QVERIFY(!command.title.empty());
            QVERIFY(command.title[0] >= 'A' && command.title[0] <= 'Z');
        }
    }
}

void TestSampleDomains::hashesTellDomainsApart()
{
    QVERIFY(makeBankDomain()->description().hash != makeCustomersDomain()->description().hash);
    QVERIFY(makeBankDomain()->description().hash == makeBankDomain()->description().hash);
    QVERIFY(makeBankDomain()->description().hash != Hash256{});
}

void TestSampleDomains::customers()
{
    World world(makeCustomersDomain());
    const auto created = world.run("create-customer", R"({"first_name":"Ada","last_name":"Lovelace"})");
    const auto id = world.newId();
    const std::string document = R"({"id":")" + id + R"(","first_name":"Ada","last_name":"Lovelace"})";
    COMPARE_TEXT(created, "customer-created " + id + " " + document);
    COMPARE_TEXT(world.document("customers", id), document);

    COMPARE_TEXT(world.run("change-address", R"({"id":")" + id + R"(","address":{"zip":1.0e2}})"),
                 "invalid /address/zip expected a string or an integer, got a number that is no integer");
    const std::string address = R"({"city":"London","zip":"W5"})";
    COMPARE_TEXT(world.run("change-address", R"({"id":")" + id + R"(","address":)" + address + "}"),
                 "address-changed " + id + R"( {"id":")" + id + R"(","address":)" + address + "}");
    COMPARE_TEXT(world.document("customers", id),
                 R"({"id":")" + id + R"(","first_name":"Ada","last_name":"Lovelace","address":)" + address + "}");

    COMPARE_TEXT(world.run("close-customer", R"({"id":")" + id + R"("})"),
                 "customer-closed " + id + R"( {"id":")" + id + R"("})");
    COMPARE_TEXT(world.document("customers", id),
                 R"({"id":")" + id + R"(","first_name":"Ada","last_name":"Lovelace","address":)" + address
                     + R"(,"status":"closed","closed_at":"2016-05-20T14:33:32.902Z"})");
}

void TestSampleDomains::customersKeepBytes()
{
    World world(makeCustomersDomain());
    // Order, digits and members that only the client knows, inside the address; unknown ones beside it stay in the
    // command.
    const auto created
        = world.run("create-customer",
                    R"({"last_name":"L","note":1,"address":{"zip":23958446825181076828,"geo":[1.0,1e3]},)"
                    R"("first_name":"A\u00e4\n"})");
    const auto id = world.newId();
    COMPARE_TEXT(
        created,
        "customer-created " + id + R"( {"id":")" + id
            + R"(","last_name":"L","address":{"zip":23958446825181076828,"geo":[1.0,1e3]},"first_name":"Aä\n"})");
}

void TestSampleDomains::customersRejections()
{
    World world(makeCustomersDomain());
    COMPARE_TEXT(world.run("close-customer", R"({"id":"x"})"), "unknown-customer");
    COMPARE_TEXT(world.run("change-address", R"({"id":"x","address":{}})"), "unknown-customer");
    (void)world.run("create-customer", R"({"first_name":"A","last_name":"B"})");
    const auto id = R"("id":")" + world.newId() + '"';
    (void)world.run("close-customer", "{" + id + "}");
    COMPARE_TEXT(world.run("close-customer", "{" + id + "}"), "customer-closed");
    COMPARE_TEXT(world.run("change-address", "{" + id + R"(,"address":{}})"), "customer-closed");
    COMPARE_TEXT(world.run("create-customer", R"({"first_name":"A"})"),
                 "invalid  required member 'last_name' is missing");
    COMPARE_TEXT(world.run("create-customer", R"({"first_name":"","last_name":"B"})"),
                 "invalid /first_name must not be empty");
}

void TestSampleDomains::bank()
{
    World world(makeBankDomain());
    COMPARE_TEXT(world.run("open-account", R"({"account":"12345","owner":"Ada","opening_balance":50000})"),
                 R"(account-opened 12345 {"account":"12345","owner":"Ada","opening_balance":50000})");
    COMPARE_TEXT(
        world.document("accounts", "12345"),
        R"({"account":"12345","owner":"Ada","balance":50000,"opened_at":"2016-05-20T14:33:29.902Z","movements":1})");
    COMPARE_TEXT(world.run("open-account", R"({"account":"54321","owner":"Ben"})"),
                 R"(account-opened 54321 {"account":"54321","owner":"Ben","opening_balance":0})");
    COMPARE_TEXT(world.run("deposit-money", R"({"amount":2500,"account":"12345"})"),
                 R"(money-deposited 12345 {"account":"12345","amount":2500})");
    COMPARE_TEXT(world.run("withdraw-money", R"({"account":"12345","amount":1200})"),
                 R"(money-withdrawn 12345 {"account":"12345","amount":1200})");
    const auto transferred
        = world.run("transfer-money", R"({"from_account":"12345","to_account":"54321","amount":10000})");
    COMPARE_TEXT(transferred,
                 R"(money-transferred 12345 {"id":")" + world.newId()
                     + R"(","from_account":"12345","to_account":"54321","amount":10000})");
    COMPARE_TEXT(
        world.document("accounts", "12345"),
        R"({"account":"12345","owner":"Ada","balance":41300,"opened_at":"2016-05-20T14:33:29.902Z","movements":4})");
    COMPARE_TEXT(
        world.document("accounts", "54321"),
        R"({"account":"54321","owner":"Ben","balance":10000,"opened_at":"2016-05-20T14:33:30.902Z","movements":2})");
}

void TestSampleDomains::bankRejections_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const char *action, const char *data, const char *said) {
        QTest::newRow(name) << QByteArray(action) << QByteArray(data) << QByteArray(said);
    };
    row("exists", "open-account", R"({"account":"1","owner":"A"})", R"(account-exists {"account":"1"})");
    row("deposit unknown", "deposit-money", R"({"account":"9","amount":1})", R"(unknown-account {"account":"9"})");
    row("withdraw unknown", "withdraw-money", R"({"account":"9","amount":1})", R"(unknown-account {"account":"9"})");
    row("from unknown", "transfer-money", R"({"from_account":"9","to_account":"1","amount":1})",
        R"(unknown-account {"account":"9"})");
    row("to unknown", "transfer-money", R"({"from_account":"1","to_account":"9","amount":1})",
        R"(unknown-account {"account":"9"})");
    row("same", "transfer-money", R"({"from_account":"1","to_account":"1","amount":1})",
        R"(same-account {"account":"1"})");
    row("withdraw too much", "withdraw-money", R"({"account":"1","amount":101})",
        R"(insufficient-funds {"account":"1","balance":100})");
    row("transfer too much", "transfer-money", R"({"from_account":"1","to_account":"2","amount":101})",
        R"(insufficient-funds {"account":"1","balance":100})");
    row("deposit too large", "deposit-money", R"({"account":"1","amount":9007199254740991})",
        R"(amount-too-large {"account":"1"})");
    row("transfer too large", "transfer-money", R"({"from_account":"1","to_account":"full","amount":1})",
        R"(amount-too-large {"account":"full"})");
    row("flag unknown", "flag-large-transfer", R"({"transfer":"t","from_account":"9","to_account":"1","amount":1})",
        R"(unknown-account {"account":"9"})");
    row("zero", "deposit-money", R"({"account":"1","amount":0})", "invalid /amount must be at least 1");
    row("negative", "withdraw-money", R"({"account":"1","amount":-5})", "invalid /amount must be at least 1");
    row("fraction", "deposit-money", R"({"account":"1","amount":1.0})",
        "invalid /amount expected an integer, got a number that is no integer");
    row("huge", "deposit-money", R"({"account":"1","amount":23958446825181076828})",
        "invalid /amount must be at most 9007199254740991");
    row("no account", "deposit-money", R"({"account":"","amount":1})", "invalid /account must not be empty");
    row("long account", "deposit-money",
        R"({"account":"123456789012345678901234567890123456789012345678901","amount":1})",
        "invalid /account must have at most 50 characters");
}

void TestSampleDomains::bankRejections()
{
    QFETCH(QByteArray, action);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, said);
    World world(makeBankDomain());
    (void)world.run("open-account", R"({"account":"1","owner":"A","opening_balance":100})");
    (void)world.run("open-account", R"({"account":"2","owner":"B"})");
    (void)world.run("open-account", R"({"account":"full","owner":"C","opening_balance":9007199254740991})");
    const auto before = world.document("accounts", "1");
    QCOMPARE(QByteArray::fromStdString(world.run(action.toStdString(), data.toStdString())), said);
    COMPARE_TEXT(world.document("accounts", "1"), before);
}

void TestSampleDomains::balancesStayExact()
{
    World world(makeBankDomain());
    (void)world.run("open-account", R"({"account":"1","owner":"A","opening_balance":9007199254740990})");
    COMPARE_TEXT(world.run("deposit-money", R"({"account":"1","amount":1})"),
                 R"(money-deposited 1 {"account":"1","amount":1})");
    QVERIFY(world.document("accounts", "1").find(R"("balance":9007199254740991)") != std::string::npos);
    COMPARE_TEXT(world.run("withdraw-money", R"({"account":"1","amount":9007199254740991})"),
                 R"(money-withdrawn 1 {"account":"1","amount":9007199254740991})");
    QVERIFY(world.document("accounts", "1").find(R"("balance":0)") != std::string::npos);
}

void TestSampleDomains::largeTransfers()
{
    World world(makeBankDomain());
    (void)world.run("open-account", R"({"account":"1","owner":"A","opening_balance":9000000})");
    (void)world.run("open-account", R"({"account":"2","owner":"B"})");
    const auto small = world.run("transfer-money", R"({"from_account":"1","to_account":"2","amount":999999})");
    QVERIFY(small.find("flag-large-transfer") == std::string::npos);
    const auto large = world.run("transfer-money", R"({"from_account":"1","to_account":"2","amount":1000000})");
    const auto flag = R"({"transfer":")" + world.newId() + R"(","from_account":"1","to_account":"2","amount":1000000})";
    QVERIFY2(large.ends_with("\nwatch-large-transfers flag-large-transfer " + flag), large.c_str());
    COMPARE_TEXT(world.run("flag-large-transfer", flag), "large-transfer-flagged 1 " + flag);
    const auto document = world.document("accounts", "1");
    QVERIFY2(document.find(R"("movements":3,"flagged":1,"last_flag":")") != std::string::npos, document.c_str());
    (void)world.run("flag-large-transfer", flag);
    QVERIFY(world.document("accounts", "1").find(R"("flagged":2)") != std::string::npos);
}

void TestSampleDomains::statements()
{
    World world(makeBankDomain());
    (void)world.run("open-account", R"({"account":"1","owner":"A","opening_balance":100})");
    (void)world.run("open-account", R"({"account":"2","owner":"B"})");
    (void)world.run("transfer-money", R"({"from_account":"1","to_account":"2","amount":30})");
    const auto event = world.eventId();
    COMPARE_TEXT(
        world.document("statements", "1:000002"),
        R"({"account":"1","number":2,"action":"money-transferred","amount":-30,"balance":70,"counterparty":"2","event":")"
            + event + R"(","at":"2016-05-20T14:33:31.902Z"})");
    COMPARE_TEXT(
        world.document("statements", "2:000002"),
        R"({"account":"2","number":2,"action":"money-transferred","amount":30,"balance":30,"counterparty":"1","event":")"
            + event + R"(","at":"2016-05-20T14:33:31.902Z"})");
    COMPARE_TEXT(world.document("statements", "1"), R"({"account":"1","movements":2,"balance":70})");
    (void)world.run("withdraw-money", R"({"account":"1","amount":20})");
    QVERIFY(world.document("statements", "1:000003").find(R"("action":"money-withdrawn","amount":-20,"balance":50)")
            != std::string::npos);
    COMPARE_TEXT(world.document("statements", "1:000004"), "none");
}

// A record from before a schema was tightened must not make the engine fold nonsense.
void TestSampleDomains::dataOfAnotherSchemaIsAnError()
{
    const auto bank = makeBankDomain();
    World world(bank);
    Record command;
    HandlerContext context({}, {});
    const auto data = *parseJson(R"({"account":"1","amount":"ten"})");
    for (const char *action : {"deposit-money", "withdraw-money", "transfer-money", "open-money"}) {
        command.action = action;
        const auto decision = bank->decide({command, data}, world, context);
        QVERIFY(!decision);
        QCOMPARE(decision.error().code, ErrorCode::DomainFault);
    }
}

QTEST_APPLESS_MAIN(TestSampleDomains)
#include "tst_sample_domains.moc"
