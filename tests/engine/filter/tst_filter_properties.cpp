// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filter/random_filter.h"
#include "support/result_macros.h"
#include "support/seeded_random.h"

#include <QtTest>

using namespace commander;

namespace {

RandomFilter::Stock oddities()
{
    using Type = FilterValue::Type;
    RandomFilter::Stock stock;
    stock.texts = {"a",      "and", "not",      "(", "\"", "'",    "\\", "..",     "#1",
                   "data.x", "é ü", "\t\n\x01", " ", "12", "true", "=",  "now-1h", "\xF0\x9F\x98\x80",
                   "\x7f"};
    stock.ids = {"33bb75db-6e13-48ee-8a54-b3976d3d065b", "00000000-0000-0000-0000-000000000001"};
    stock.times = {"2016-05-20", "now", "now-5m", "now+2w", "2016-05-20T14:33:28.902-00:00", "2016-05-20T14:33:28Z"};
    stock.paths = {{},
                   {FilterStep("amount")},
                   {FilterStep("odd name"), FilterStep(std::uint64_t{0})},
                   {FilterStep(""), FilterStep(FilterAnyElement{}), FilterStep("a.b[0]\"\\")},
                   {FilterStep(std::uint64_t{18446744073709551615ULL})},
                   {FilterStep("é-_9")}};
    stock.payload = {{Type::Text, "x", 0},       {Type::Text, "5", 0},    {Type::Number, "-1.50e+3", 0},
                     {Type::Boolean, "true", 0}, {Type::Null, "null", 0}, {Type::Number, "0", 0}};
    stock.numberMax = 9223372036854775807;
    return stock;
}

std::uint64_t seedOfThisRun()
{
    const auto seed = qEnvironmentVariableIsSet("COMMANDER_SEED") ? qEnvironmentVariable("COMMANDER_SEED").toULongLong()
                                                                  : std::random_device{}();
    qInfo("COMMANDER_SEED=%llu", static_cast<unsigned long long>(seed));
    return seed;
}

} // namespace

class tst_FilterProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void canonicalTextGivesTheSameTree()
    {
        SeededRandom random(seedOfThisRun());
        RandomFilter make([&random](std::uint64_t n) { return random.below(n); }, oddities());
        for (int round = 0; round < 20'000; ++round) {
            const auto node = make.tree(4);
            const auto text = formatFilter(node);
            if (text.size() > 8192)
                continue;
            const auto parsed = parseFilter(text);
            QVERIFY2(parsed, (text + "\n" + (parsed ? "" : parsed.error().text())).c_str());
            QVERIFY2(*parsed == node, (text + "\nbecame\n" + formatFilter(*parsed)).c_str());
            QCOMPARE(formatFilter(*parsed), text);
        }
    }

    /// Whatever is typed gives a tree or an error at a column of the text; nothing else happens.
    void anyTextIsATreeOrAnError()
    {
        SeededRandom random(seedOfThisRun());
        const std::string pieces[]
            = {"action", "data.",  "[*]",         "[0]",      "\"",         "'",
               "(",      ")",      ",",           "=",        "!=",         "<",
               "~",      " in ",   "..",          "#12",      " and ",      " or ",
               "not ",   "exists", "starts with", "now-1h",   "2016-05-20", "x",
               "\\",     "é",      "\xff",        " ",        "recorded",   "kind",
               "event",  "1.5e3",  "status",      "position", "contains ",  std::string(1, '\0')};
        int trees = 0;
        for (int round = 0; round < 100'000; ++round) {
            std::string text;
            for (auto count = random.below(14); count > 0; --count)
                text += pieces[random.below(std::size(pieces))];
            const auto node = parseFilter(text);
            if (node) {
                ++trees;
                const auto canonical = formatFilter(*node);
                const auto again = parseFilter(canonical);
                QVERIFY2(again && *again == *node, (text + "\n" + canonical).c_str());
                if (const auto filter = FilterExpression::compile(*node, {}))
                    (void)(*filter)->matches(Record{});
            } else {
                QCOMPARE(node.error().code, ErrorCode::InvalidFilter);
                QCOMPARE(node.error().details.size(), std::size_t{1});
                const auto column = node.error().details[0].column;
                QVERIFY2(column >= 1 && column <= text.size() + 1, text.c_str());
            }
        }
        QVERIFY(trees > 1000);
    }
};

QTEST_GUILESS_MAIN(tst_FilterProperties)
#include "tst_filter_properties.moc"
