// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/domain_registry.h"

#include <QTest>

#include <functional>

using namespace commander;

namespace {

/// A domain that is only described.
class PaperDomain final : public Domain {
public:
    explicit PaperDomain(DomainDescription description) : m_description(std::move(description)) { }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return std::vector<EventDraft>();
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &, DocumentFold &) const override
    {
        return {};
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }

private:
    DomainDescription m_description;
};

DomainDescription described(const std::string &name)
{
    DomainDescription domain;
    domain.name = name;
    domain.eventsTopic = name + "-events";
    domain.commands = {{"do-" + name, "Do it", R"({"type":"object"})", "", "{}"}};
    domain.events = {{name + "-done", R"({"type":"object"})"}};
    domain.views = {{.name = name + "s", .path = "/" + name + "s", .events = {name + "-done"}}};
    return domain;
}

std::shared_ptr<const Domain> paper(DomainDescription description)
{
    return std::make_shared<const PaperDomain>(std::move(description));
}

using Change = std::function<void(DomainDescription &)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class TestDomainRegistry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatDomainsOffer();
    void refuses_data();
    void refuses();
    void validates();
    void eventsOfOtherDomains();
};

void TestDomainRegistry::findsWhatDomainsOffer()
{
    const auto registry = DomainRegistry::create({makeCustomersDomain(), makeBankDomain()});
    QVERIFY2(registry, registry ? "" : registry.error().text().c_str());
    const auto &all = **registry;
    QVERIFY(all.findCommand("transfer-money"));
    QCOMPARE(all.findCommand("transfer-money")->spec->keyField, std::string("from_account"));
    QCOMPARE(all.findCommand("transfer-money")->domain->description().name, std::string("bank"));
    QVERIFY(!all.findCommand("money-transferred"));
    QVERIFY(all.findEvent("money-transferred"));
    QVERIFY(!all.findEvent("transfer-money"));
    QCOMPARE(all.views().size(), std::size_t(3));
    for (std::size_t i = 0; i < all.views().size(); ++i)
        QCOMPARE(all.views()[i].index, i);
    QCOMPARE(all.findView("accounts")->spec->path, std::string("/accounts"));
    QVERIFY(!all.findView("nothing"));
    const auto folding = all.viewsFolding("money-transferred");
    QCOMPARE(folding.size(), std::size_t(2));
    QCOMPARE(folding[0].spec->name, std::string("accounts"));
    QVERIFY(all.viewsFolding("nothing").empty());
    QCOMPARE(all.reactorsTo("money-transferred").size(), std::size_t(1));
    QVERIFY(all.reactorsTo("account-opened").empty());
    QCOMPARE(all.descriptions().size(), std::size_t(2));
    QCOMPARE(all.eventsTopics(), (std::vector<std::string>{"customer-events", "bank-events"}));
    const auto none = DomainRegistry::create({});
    QVERIFY(none);
    QVERIFY(!(*none)->findCommand("x"));
}

void TestDomainRegistry::refuses_data()
{
    QTest::addColumn<Change>("change"); // of the second of the domains "one" and "two"
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, Change change, const char *expected) {
        QTest::newRow(name) << std::move(change) << QString::fromUtf8(expected);
    };
    using D = DomainDescription;
    row(
        "same domain", [](D &d) { d.name = "one"; }, "the domain one is not unique");
    row(
        "same topic", [](D &d) { d.eventsTopic = "one-events"; }, "the topic one-events is not unique");
    row(
        "engine's topic", [](D &d) { d.eventsTopic = "commands"; }, "the topic commands is the engine's own");
    row(
        "no topic", [](D &d) { d.eventsTopic.clear(); }, "the name of a topic is empty");
    row(
        "same command", [](D &d) { d.commands[0].action = "do-one"; }, "the action do-one is not unique");
    row(
        "same event", [](D &d) { d.events[0].action = "one-done"; }, "the action one-done is not unique");
    row(
        "command is an event", [](D &d) { d.commands[0].action = "one-done"; }, "the action one-done is not unique");
    row(
        "declared twice", [](D &d) { d.events.push_back(d.events[0]); }, "domain two declares it twice");
    row(
        "no action", [](D &d) { d.commands[0].action.clear(); }, "the name of a action is empty");
    row(
        "long action", [](D &d) { d.commands[0].action.assign(256, 'x'); }, "longer than 255 bytes");
    row(
        "same view", [](D &d) { d.views[0].name = "ones"; }, "the view ones is not unique");
    row(
        "same path", [](D &d) { d.views[0].path = "/ones"; }, "the path /ones is not unique");
    row(
        "engine's path", [](D &d) { d.views[0].path = "/commands"; },
        "the path /commands belongs to the engine's own API");
    row(
        "no path", [](D &d) { d.views[0].path = "twos"; }, "is not one segment");
    row(
        "deep path", [](D &d) { d.views[0].path = "/a/b"; }, "is not one segment");
    row(
        "folds nothing known", [](D &d) { d.views[0].events = {"done"}; }, "no domain emits the event done");
    row(
        "folds twice",
        [](D &d) {
            d.views[0].events = {"two-done", "two-done"};
        },
        "is listed twice");
    row(
        "reacts to nothing known", [](D &d) { d.reactsTo = {"done"}; }, "no domain emits the event done");
    row(
        "broken schema", [](D &d) { d.commands[0].schema = "{"; }, "a schema is not JSON");
    row(
        "broken event schema", [](D &d) { d.events[0].schema = R"({"type":3})"; }, "a schema cannot be used");
    row(
        "bad example", [](D &d) { d.commands[0].example = "[]"; }, "the example does not match the schema");
    row(
        "example is no JSON", [](D &d) { d.commands[0].example = "x"; }, "the example is not JSON");
}

void TestDomainRegistry::refuses()
{
    QFETCH(Change, change);
    QFETCH(QString, said);
    auto second = described("two");
    QVERIFY(DomainRegistry::create({paper(described("one")), paper(second)}));
    change(second);
    const auto registry = DomainRegistry::create({paper(described("one")), paper(second)});
    QVERIFY(!registry);
    QCOMPARE(registry.error().code, ErrorCode::InvalidArgument);
    const auto text = QString::fromStdString(registry.error().text());
    QVERIFY2(text.contains(said), qPrintable(text));
    QVERIFY2(text.contains(QString::fromStdString(second.name)), qPrintable(text));
}

void TestDomainRegistry::validates()
{
    const auto created = DomainRegistry::create({makeBankDomain()});
    QVERIFY(created);
    const auto &registry = **created;
    const auto &transfer = *registry.findCommand("transfer-money");
    QVERIFY(registry.validateCommand(transfer, transfer.spec->example));
    QVERIFY(registry.validateCommand(transfer, R"({"from_account":"1","to_account":"2","amount":1,"memo":"extra"})"));

    const auto refused = registry.validateCommand(transfer, R"({"from_account":"1","amount":1.0})");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::SchemaInvalid);
    QCOMPARE(refused.error().what, std::string("the data of transfer-money does not match its schema"));
    const std::vector<ErrorDetail> details{{"", "required member 'to_account' is missing"},
                                           {"/amount", "expected an integer, got a number that is no integer"}};
    QCOMPARE(refused.error().details, details);

    QCOMPARE(registry.validateCommand(transfer, "{").error().code, ErrorCode::InvalidJson);
    QCOMPARE(registry.validateCommand(transfer, R"({"a":1,"a":2})").error().code, ErrorCode::DuplicateKey);
    const auto &event = *registry.findEvent("money-deposited");
    QVERIFY(registry.validateEvent(event, *parseJson(R"({"account":"1","amount":1})")));
    QVERIFY(!registry.validateEvent(event, *parseJson(R"({"account":"1","amount":1,"other":1})")));
}

void TestDomainRegistry::eventsOfOtherDomains()
{
    auto audit = described("audit");
    audit.views[0].events.emplace_back("money-transferred");
    audit.reactsTo = {"money-transferred"};
    const auto registry = DomainRegistry::create({paper(audit), makeBankDomain()});
    QVERIFY2(registry, registry ? "" : registry.error().text().c_str());
    QCOMPARE((*registry)->viewsFolding("money-transferred").size(), std::size_t(3));
    QCOMPARE((*registry)->reactorsTo("money-transferred").size(), std::size_t(2));
}

QTEST_APPLESS_MAIN(TestDomainRegistry)
#include "tst_domain_registry.moc"
