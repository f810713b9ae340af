// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/api/api_text.h"
#include "rest/rest_fixture.h"
#include "rest/routes/document_query.h"

#include <QTest>

#include <set>

using namespace commander;

namespace {

const Json *at(const Json &document, const std::string &pointer)
{
    return resolvePointer(document, pointer);
}

std::string tokenOf(std::string_view path)
{
    return escapePointerToken(path);
}

/// Every "$ref" of a document.
void collectReferences(const Json &json, std::set<std::string> &out)
{
    if (const auto *members = json.asObject()) {
        for (const auto &[name, value] : *members) {
            if (name == "$ref" && value.asString())
                out.insert(*value.asString());
            collectReferences(value, out);
        }
    } else if (const auto *elements = json.asArray()) {
        for (const auto &element : *elements)
            collectReferences(element, out);
    }
}

void compareReferences(const Json &document)
{
    std::set<std::string> references;
    collectReferences(document, references);
    QVERIFY(!references.empty());
    for (const auto &reference : references) {
        QVERIFY2(reference.starts_with("#/"), reference.c_str());
        QVERIFY2(at(document, reference.substr(1)), reference.c_str());
    }
}

/// The bank, with fields of its accounts indexed.
class IndexedBank final : public Domain {
public:
    IndexedBank() : m_bank(makeBankDomain()), m_description(m_bank->description())
    {
        for (auto &view : m_description.views) {
            if (view.name == "accounts")
                view.indexes = {"/balance", "/owner"};
        }
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

private:
    std::shared_ptr<const Domain> m_bank;
    DomainDescription m_description;
};

} // namespace

class RestDocumentsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServedEngine> m_served;

private Q_SLOTS:
    void initTestCase()
    {
        m_served = std::make_unique<ServedEngine>(
            RestOptions{}, std::vector<std::shared_ptr<const Domain>>{std::make_shared<IndexedBank>()});
        for (const auto *account : {R"({"account":"a","owner":"Ann","opening_balance":500})",
                                    R"({"account":"b","owner":"Bob","opening_balance":20})",
                                    R"({"account":"c","owner":"Cleo","opening_balance":3000})"})
            m_served->run("open-account", account);
    }
    void cleanupTestCase() { m_served.reset(); }

    void describesEveryRouteAndNothingElse()
    {
        RawClient client(m_served->port());
        const auto answer = client.get("/openapi.json");
        QVERIFY2(answer.status == 200, answer.body.c_str());
        const auto document = answer.json();
        QVERIFY(document.stringAt("openapi") == "3.1.0");
        compareReferences(document);
        const auto text = parseJson(rest::apiText());
        QVERIFY(text.has_value());
        for (const auto &[path, item] : *text->find("paths")->asObject()) {
            for (const auto &[verb, operation] : *item.asObject()) {
                const auto pointer = "/paths/" + tokenOf(path) + '/' + verb;
                QVERIFY2(at(document, pointer), ("described, but not there: " + pointer).c_str());
            }
        }
        std::set<std::string> ids;
        for (const auto &[path, item] : *document.find("paths")->asObject()) {
            for (const auto &[verb, operation] : *item.asObject()) {
                if (verb == "parameters")
                    continue;
                QVERIFY2(ids.emplace(operation.stringAt("operationId")).second, path.c_str());
                QVERIFY2(!operation.stringAt("summary").empty(), path.c_str());
            }
        }
        QVERIFY2(client.get("/docs").status == 200, "the page that shows it");
    }

    void speaksOfTheDomainsThatRun()
    {
        RawClient client(m_served->port());
        const auto document = client.get("/openapi.json").json();
        const auto *transfer = at(document, "/components/schemas/transfer-money");
        QVERIFY(transfer);
        QVERIFY(at(*transfer, "/properties/action/const")->asString()
                && *at(*transfer, "/properties/action/const")->asString() == "transfer-money");
        QVERIFY(at(document, "/components/schemas/transfer-money.data/properties/amount"));
        QVERIFY(at(document, "/components/schemas/CommandDraft/oneOf")->asArray()->size() >= 7);
        QVERIFY(at(document, "/paths/~1accounts~1{key}/get"));
        // The examples are commands that the server takes.
        const auto *example = at(*transfer, "/examples/0");
        QVERIFY(example);
        QCOMPARE(client.post("/commands", writeJson(*example)).status, 202);

        const auto pushed = client.get("/asyncapi.json").json();
        QVERIFY(pushed.stringAt("asyncapi") == "3.0.0");
        compareReferences(pushed);
        QVERIFY(at(pushed, "/channels/updates/messages/event.money-transferred"));
        QVERIFY(*at(pushed, "/servers/here/host")->asString() == "127.0.0.1:" + std::to_string(m_served->port()));
    }

    void knowsConditions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<int>("op");
        QTest::addColumn<QString>("value");
        using Operator = FieldCondition::Operator;
        const auto row = [](const char *text, const char *pointer, Operator op, const char *value) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(pointer) << static_cast<int>(op)
                                << QString::fromLatin1(value);
        };
        row("balance>=1000", "/balance", Operator::GreaterOrEqual, "1000");
        row("balance > 1.50", "/balance", Operator::Greater, "1.50");
        row("balance<1", "/balance", Operator::Less, "1");
        row("balance<=1", "/balance", Operator::LessOrEqual, "1");
        row("owner=Ada", "/owner", Operator::Equal, "\"Ada\"");
        row("owner!=Ada Lovelace", "/owner", Operator::NotEqual, "\"Ada Lovelace\"");
        row("owner^=A", "/owner", Operator::StartsWith, "\"A\"");
        row("zip=\"01\"", "/zip", Operator::Equal, "\"01\"");
        row("address.zip=12345", "/address/zip", Operator::Equal, "12345");
        row("/a.b=true", "/a.b", Operator::Equal, "true");
        row("note=a=b", "/note", Operator::Equal, "\"a=b\"");
        row("note=", "/note", Operator::Equal, "\"\"");
    }
    void knowsConditions()
    {
        QFETCH(QString, text);
        QFETCH(QString, pointer);
        QFETCH(int, op);
        QFETCH(QString, value);
        const auto condition = rest::parseCondition(text.toStdString());
        QVERIFY(condition.has_value());
        QCOMPARE(QString::fromStdString(condition->pointer), pointer);
        QCOMPARE(static_cast<int>(condition->op), op);
        QCOMPARE(QString::fromStdString(condition->value), value);
    }

    void refusesConditions()
    {
        for (const auto *text : {"", "balance", "=3", "!", "balance!3", ">"})
            QVERIFY2(!rest::parseCondition(text), text);
        QVERIFY(!rest::parseSort(""));
        QVERIFY(!rest::parseSort("-"));
    }

    void filtersDocuments()
    {
        RawClient client(m_served->port());
        const auto keys = [&](const std::string &query) {
            const auto answer = client.get("/views/accounts?" + query);
            std::string found;
            if (answer.status != 200)
                return answer.body;
            const auto page = answer.json();
            for (const auto &document : *page.find("documents")->asArray())
                found += document.stringAt("key");
            return found;
        };
        QCOMPARE(keys("where=balance>=500"), std::string("ac"));
        QCOMPARE(keys("where=balance%3E%3D500&where=owner!=Ann"), std::string("c"));
        QCOMPARE(keys("where=owner^=B"), std::string("b"));
        QCOMPARE(keys("where=balance<100&at=" + std::to_string(m_served->engine().ledger().head()->position.value)),
                 std::string("b"));
        QCOMPARE(client.get("/accounts?where=balance").status, 400);
        QCOMPARE(client.get("/views/accounts?where=nonsense").code(), std::string("invalid-argument"));
    }

    void turnsSortedPages()
    {
        RawClient client(m_served->port());
        std::string seen;
        std::string path = "/views/accounts?sort=-balance&limit=1";
        for (int pages = 0; pages < 6 && !path.empty(); ++pages) {
            const auto answer = client.get(path);
            QVERIFY2(answer.status == 200, answer.body.c_str());
            const auto page = answer.json();
            for (const auto &document : *page.find("documents")->asArray())
                seen += document.stringAt("key");
            const auto link = answer.field("link");
            path = link.empty() ? std::string() : link.substr(1, link.find('>') - 1);
        }
        QCOMPARE(seen, std::string("cab"));
        QCOMPARE(client.get("/views/accounts?sort=-balance&cursor=c7b7d").status, 400);
        QCOMPARE(client.get("/views/accounts?sort=nothing-indexed").status, 400);
    }
};

QTEST_GUILESS_MAIN(RestDocumentsTest)
#include "tst_rest_documents.moc"
