// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange_support.h"

#include "support/result_macros.h"

#include <limits>

namespace commander {

namespace {

std::string randomText(SeededRandom &random)
{
    static const std::vector<std::string> texts{"",
                                                "transfer-money",
                                                "=1+1",
                                                "Köln ☃ 💶",
                                                "a\"b\\c",
                                                "line\nline",
                                                std::string("nul\0nul", 7),
                                                "\xff\xfe not UTF-8",
                                                "\xed\xa0\x80",
                                                "\r\n\t",
                                                "tail ",
                                                "\x7f\x01"};
    return texts[random.below(texts.size())];
}

std::string randomData(SeededRandom &random, std::uint64_t n)
{
    const auto number = std::to_string(n);
    const std::vector<std::string> texts{R"({"amount":10000,"n":)" + number + "}",
                                         R"({"big": 23958446825181076828, "one": 1.0, "e": 1e3, "text": "\u0041\n"})",
                                         "{\n  \"lines\": true,\r\n\t\"n\": " + number + "\n}",
                                         " {\"space\":\"around\"} ",
                                         "\n",
                                         "",
                                         "not json " + number,
                                         "{\"a\":1,\"a\":2}",
                                         "\"\xff\"",
                                         "[[[[1]]]]",
                                         std::string(64, '[') + std::string(64, ']'),
                                         std::string(63, '[') + std::string(63, ']'),
                                         "\"💶 \\ud83d\\udcb6\"",
                                         R"({"from":"12345","to":"54321"})"};
    return texts[random.below(texts.size())];
}

std::int64_t randomMicros(SeededRandom &random)
{
    static const std::vector<std::int64_t> edges{0,
                                                 -1,
                                                 999,
                                                 -62'167'219'200'000'000, // year 0
                                                 -62'167'219'200'000'001,
                                                 253'402'300'799'999'999, // end of year 9999
                                                 253'402'300'800'000'000,
                                                 std::numeric_limits<std::int64_t>::min(),
                                                 std::numeric_limits<std::int64_t>::max()};
    const auto at = random.below(edges.size() * 2);
    return at < edges.size() ? edges[at] : static_cast<std::int64_t>(random.below(2'000'000'000'000'000));
}

} // namespace

RecordDraft randomDraft(SeededRandom &random, std::uint64_t n)
{
    auto draft = random.below(2) ? testCommand(n) : testEvent(n, "topic-" + std::to_string(random.below(3)));
    draft.id = testId(n);
    draft.kind = static_cast<RecordKind>(1 + random.below(3));
    draft.key = randomText(random);
    draft.action = randomText(random);
    draft.actor = randomText(random);
    draft.partition = random.below(4) ? 0 : static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
    draft.depth = static_cast<std::uint16_t>(random.below(65'536));
    draft.schemaVersion = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
    if (random.below(2))
        draft.parent = testId(n + 1);
    if (random.below(4) == 0)
        draft.correlation = {};
    if (random.below(2))
        draft.timestamp = Timestamp{randomMicros(random)};
    if (random.below(3) == 0)
        draft.headers = random.below(2) ? R"({"trace":"a1"})" : randomText(random);
    draft.data = randomData(random, n);
    return draft;
}

void fillRandomly(Ledger &ledger, SeededRandom &random, std::uint64_t count)
{
    for (std::uint64_t n = 1; n <= count;) {
        LedgerTransaction transaction;
        std::uint64_t commands = 0;
        for (auto left = 1 + random.below(20); left > 0 && n <= count; --left) {
            transaction.records.push_back(randomDraft(random, n++));
            commands += transaction.records.back().topic == commandsTopic && transaction.records.back().partition == 0;
        }
        if (commands > 0)
            transaction.progress
                = {{"processor", {"commands", 0}, {commands}}, {"zweiter \"☃\"", {"commands", 0}, {1}}};
        QVERIFY_RESULT(ledger.appendAndWait(std::move(transaction)));
    }
}

std::string exported(Ledger &ledger, ExportOptions options)
{
    std::string bytes;
    options.program = "test";
    const auto begun = LedgerExport::begin(ledger, std::move(options));
    const auto written = begun ? (*begun)->write([&bytes](std::string_view piece) -> Result<void> {
        bytes += piece;
        return {};
    })
                               : Result<ExportReport>(fail(begun.error()));
    if (!written)
        QTest::qFail(written.error().text().c_str(), __FILE__, __LINE__);
    else if (written->bytes != bytes.size())
        QTest::qFail("the report counts other bytes", __FILE__, __LINE__);
    return bytes;
}

std::string exportedFrom(LedgerBench &bench, const std::string &path)
{
    auto options = bench.options();
    options.path = path;
    options.readOnly = true;
    const auto ledger = SqliteLedger::open(options);
    if (!ledger) {
        QTest::qFail(ledger.error().text().c_str(), __FILE__, __LINE__);
        return {};
    }
    return exported(**ledger);
}

std::vector<std::vector<std::string>> readCsv(const std::string &text)
{
    std::vector<std::vector<std::string>> rows{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
            rows.back().back() += text[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == ',')
            rows.back().emplace_back();
        else if (!quoted && text.compare(i, 2, "\r\n") == 0)
            rows.push_back({""}), ++i;
        else
            rows.back().back() += c;
    }
    rows.pop_back();
    return rows;
}

Result<ImportReport> importText(LedgerBench &bench, const std::string &text, const std::string &to,
                                std::stop_token stop, const ExchangeProgress &progress)
{
    const auto file = bench.file("in.ndjson");
    writeFile(file, text);
    return importLedger({.file = file, .ledgerPath = to, .clock = &bench.clock(), .fileSystem = &bench.fileSystem()},
                        std::move(stop), progress);
}

} // namespace commander
