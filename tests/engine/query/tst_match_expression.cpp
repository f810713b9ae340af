// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filter/random_filter.h"
#include "engine/query/index_fixture.h"

#include <commander/filter.h>

#include <QtTest>

#include <map>

using namespace commander;

namespace {

/// Chains of records whose every field may be there or not.
class Ledgerful {
public:
    explicit Ledgerful(unsigned seed) : fixture(seed) { }

    void fill(std::uint64_t count)
    {
        auto &make = fixture.make;
        while (fixture.records.size() < count) {
            LedgerTransaction transaction;
            for (auto chains = 1 + make.below(4); chains > 0; --chains)
                std::ranges::move(make.chain(), std::back_inserter(transaction.records));
            for (auto &record : transaction.records)
                decorate(record);
            fixture.clock.advance(std::chrono::microseconds(make.below(700'000)));
            auto appended = fixture.ledger.appendAndWait(std::move(transaction));
            QVERIFY_RESULT(appended);
            std::ranges::copy(appended->records, std::back_inserter(fixture.records));
        }
        fixture.openIndex();
        fixture.waitForIndex();
        for (const auto &record : fixture.records) {
            if (record->kind == RecordKind::Result)
                m_status[record->parent] = *commandStatusFromName(record->action);
        }
    }

    [[nodiscard]] StatusOf statusOf() const
    {
        return [this](const Record &record) -> std::optional<CommandStatus> {
            if (record.kind != RecordKind::Command)
                return std::nullopt;
            const auto found = m_status.find(record.id);
            return found == m_status.end() ? CommandStatus::Accepted : found->second;
        };
    }

    [[nodiscard]] std::vector<Position> answer(const RecordFilter &filter, ScanDirection direction) const
    {
        std::vector<Position> positions;
        for (const auto &record : fixture.records) {
            if (filter.matches(*record, statusOf()))
                positions.push_back(record->position);
        }
        if (direction == ScanDirection::NewestFirst)
            std::ranges::reverse(positions);
        return positions;
    }

    RandomFilter::Stock stock()
    {
        using Type = FilterValue::Type;
        RandomFilter::Stock stock;
        stock.texts = {"key-1",          "key-",      "actor-2", "a", "commands", "bank-events",
                       "transfer-money", "succeeded", "person",  "e", "sku-3",    "engine"};
        stock.times = {"now", "now-1m", "now-10s", "now+1h", "2016-05-20"};
        for (int i = 0; i < 12; ++i) {
            const auto &record = *fixture.records[fixture.make.below(fixture.records.size())];
            for (const auto &id : {record.id, record.parent, record.correlation}) {
                if (!id.isNull())
                    stock.ids.push_back(id.text());
            }
            stock.times.push_back(record.recordedAt.text());
        }
        stock.ids.push_back(fixture.make.newId().text());
        stock.paths = {{},
                       {FilterStep("amount")},
                       {FilterStep("Owner")},
                       {FilterStep("items"), FilterStep(FilterAnyElement{}), FilterStep("sku")},
                       {FilterStep("items"), FilterStep(std::uint64_t{1}), FilterStep("sku")},
                       {FilterStep("trace")},
                       {FilterStep("gone")}};
        stock.payload = {{Type::Number, "7", 0},
                         {Type::Number, "5.0", 0},
                         {Type::Text, "sku-3", 0},
                         {Type::Text, "Person 7", 0},
                         {Type::Null, "null", 0},
                         {Type::Boolean, "true", 0},
                         {Type::Number, "23958446825181076829", 0}};
        stock.numberMax = static_cast<std::int64_t>(fixture.records.size());
        return stock;
    }

    IndexFixture fixture;

private:
    void decorate(RecordDraft &record)
    {
        auto &make = fixture.make;
        const auto one = [&make](std::uint64_t of) { return make.below(of) == 0; };
        if (one(5))
            record.key.clear();
        if (one(9))
            record.actor.clear();
        if (one(3))
            record.timestamp
                = Timestamp{fixture.clock.now().micros - static_cast<std::int64_t>(make.below(90'000'000))};
        if (one(3))
            record.headers = R"({"trace":)" + std::to_string(make.below(9)) + "}";
        record.depth = static_cast<std::uint16_t>(make.below(3));
        switch (make.below(4)) {
        case 0:
            record.data = R"({"items":[{"sku":"sku-)" + std::to_string(make.below(5)) + R"("},{"sku":"sku-)"
                + std::to_string(make.below(5)) + R"("}],"gone":null})";
            break;
        case 1:
            record.data = R"({"amount":2395844682518107682)" + std::to_string(make.below(10)) + "}";
            break;
        case 2:
            record.data = R"({"amount":)" + std::to_string(make.below(9)) + R"(.0,"Owner":"Person )"
                + std::to_string(make.below(9)) + "\"}";
            break;
        default:
            break; // as it was
        }
    }

    std::map<Uuid, CommandStatus> m_status;
};

std::vector<Position> scanned(RecordIndex &index, const RecordFilter &filter, ScanDirection direction,
                              std::size_t limit, std::size_t &calls)
{
    std::vector<Position> positions;
    auto start = direction == ScanDirection::OldestFirst ? Position{1} : index.position();
    for (calls = 1;; ++calls) {
        const auto page = index.match(filter, start, direction, limit, {});
        if (!page)
            qFatal("%s", page.error().text().c_str());
        std::ranges::copy(page->positions, std::back_inserter(positions));
        if (page->complete)
            return positions;
        start = page->next;
    }
}

} // namespace

class tst_MatchExpression : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The index answers what asking every record answers.
    void randomExpressions()
    {
        const unsigned seed
            = qEnvironmentVariableIsSet("SEED") ? qEnvironmentVariableIntValue("SEED") : std::random_device{}();
        qInfo("seed %u", seed);
        Ledgerful ledger(seed);
        ledger.fill(1500);
        auto &make = ledger.fixture.make;
        RandomFilter random([&make](std::uint64_t n) { return make.below(n); }, ledger.stock());
        std::size_t selective = 0;
        for (int round = 0; round < 500; ++round) {
            RecordFilter filter;
            const auto text = formatFilter(random.tree(static_cast<int>(make.below(4))));
            const auto expression = FilterExpression::parse(text, ledger.fixture.clock.now());
            QVERIFY2(expression, text.c_str());
            filter.expression = *expression;
            if (make.below(6) == 0)
                filter.kinds = {RecordKind::Command, RecordKind::Event};
            if (make.below(6) == 0)
                filter.text = "person";
            if (make.below(6) == 0)
                filter.first = Position{1 + make.below(1500)};
            const auto direction = make.below(2) ? ScanDirection::OldestFirst : ScanDirection::NewestFirst;
            const std::size_t limits[] = {1, 7, 100, 5000};
            std::size_t calls = 0;
            const auto expected = ledger.answer(filter, direction);
            const auto found = scanned(*ledger.fixture.index, filter, direction, limits[make.below(4)], calls);
            QVERIFY2(found == expected,
                     (text + ": " + std::to_string(found.size()) + " instead of " + std::to_string(expected.size()))
                         .c_str());
            if (!expected.empty() && expected.size() < ledger.fixture.records.size())
                ++selective;
        }
        QVERIFY2(selective > 100, "nearly all filters found all or nothing");
    }

    void selectiveConditionsAreWalked()
    {
        Ledgerful ledger(11);
        ledger.fill(3000);
        std::size_t place = 1230;
        while (ledger.fixture.records[place]->parent.isNull())
            ++place;
        const auto &record = *ledger.fixture.records[place];
        const auto id = record.id.text();
        const auto time = record.recordedAt.text();
        // Each finds little in one call although a body must be asked for the rest: the walk is short.
        const std::vector<std::string> texts = {"id = " + id + " and data exists",
                                                "correlation = " + record.correlation.text() + " and data exists",
                                                "parent = " + record.parent.text() + " and data exists",
                                                "#1230..#1240 data exists",
                                                "recorded in " + time + ".." + time + " and data exists",
                                                "#5 and (data exists or key = x)"};
        for (const auto &text : texts) {
            RecordFilter filter;
            const auto expression = FilterExpression::parse(text, {});
            QVERIFY2(expression, text.c_str());
            filter.expression = *expression;
            std::size_t calls = 0;
            const auto found = scanned(*ledger.fixture.index, filter, ScanDirection::OldestFirst, 1000, calls);
            QVERIFY2(found == ledger.answer(filter, ScanDirection::OldestFirst), text.c_str());
            QVERIFY2(!found.empty() && calls == 1, text.c_str());
        }
    }

    /// As many values as fit into a filter; SQLite takes no expression that nests so deep.
    void longListsAreAnswered()
    {
        Ledgerful ledger(12);
        ledger.fill(300);
        const auto list = [](const std::string &field, const std::string &value) {
            std::string text = field + " in (" + value;
            while (text.size() + value.size() + 2 < 8192)
                text += "," + value;
            return text + ")";
        };
        std::string conditions = "key = a";
        for (int i = 1; i < 500; ++i)
            conditions += i % 2 ? " or actor ='b'" : " or key = a";
        for (const auto &text :
             {list("key", "key-1"), list("position", "#7"), list("recorded", "2016-05-20"), list("recorded", "now"),
              list("kind", "event"), list("data.amount", "7"), conditions}) {
            RecordFilter filter;
            const auto expression = FilterExpression::parse(text, ledger.fixture.clock.now());
            QVERIFY_RESULT(expression);
            filter.expression = *expression;
            const auto page = ledger.fixture.index->match(filter, {1}, ScanDirection::OldestFirst, 1000, {});
            QVERIFY_RESULT(page);
            QVERIFY2(page->positions == ledger.answer(filter, ScanDirection::OldestFirst), text.substr(0, 40).c_str());
        }
    }

    void callsAreBounded()
    {
        // No record matches, and every one must be asked: no call may ask all of them.
        IndexFixture fixture(5);
        fixture.appendUpTo(12'000, 10'000, 500);
        fixture.openIndex();
        fixture.waitForIndex();
        RecordFilter filter;
        filter.expression = *FilterExpression::parse("data.amount = 1e99 or data.Owner ~ 'nobody$'", {});
        for (const auto direction : {ScanDirection::OldestFirst, ScanDirection::NewestFirst}) {
            std::size_t calls = 0;
            QVERIFY(scanned(*fixture.index, filter, direction, 100, calls).empty());
            QVERIFY(calls >= 3);
        }
        // What the index knows for certain asks no record.
        filter.expression = *FilterExpression::parse("kind = event or kind = command and data.amount = 1e99", {});
        std::size_t calls = 0;
        const auto found = scanned(*fixture.index, filter, ScanDirection::OldestFirst, 100'000, calls);
        QVERIFY(!found.empty());
    }
};

QTEST_GUILESS_MAIN(tst_MatchExpression)
#include "tst_match_expression.moc"
