// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/frame_lines.h"
#include "exchange/record_line.h"
#include "exchange_support.h"
#include "support/faulty_vfs.h"
#include "support/result_macros.h"

#include <commander/verify.h>

#include <filesystem>
#include <QRandomGenerator>

using namespace commander;

/// An import makes the ledger that was exported, or nothing that anybody could take for one.
class TestLedgerImport : public QObject {
    Q_OBJECT

    static std::string randomExport(LedgerBench &bench, std::uint64_t records)
    {
        const auto ledger = SqliteLedger::open(bench.options());
        if (!ledger)
            return {};
        fillRandomly(**ledger, bench.random(), records);
        return exported(**ledger);
    }
    static void verifySame(LedgerBench &bench, const std::string &path, const std::string &text)
    {
        const auto report = verifyLedger(path, bench.fileSystem());
        QVERIFY_RESULT(report);
        QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());
        QVERIFY(exportedFrom(bench, path) == text);
    }
    /// Makes a crafted text agree with itself again, as somebody would who changes records on purpose.
    static std::string sealed(const std::string &text)
    {
        const auto end = text.rfind('\n', text.size() - 2) + 1;
        auto trailer = *parseTrailerLine(std::string_view(text).substr(end));
        trailer.sha256 = sha256(std::string_view(text).substr(0, end));
        return text.substr(0, end) + trailerLine(trailer);
    }
    static std::vector<std::string> linesOf(const std::string &text)
    {
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at) + 1;
            lines.push_back(text.substr(at, end - at));
            at = end;
        }
        return lines;
    }
    static std::string joined(const std::vector<std::string> &lines)
    {
        std::string text;
        for (const auto &line : lines)
            text += line;
        return text;
    }
    static bool nothingAt(const std::string &path)
    {
        return !std::filesystem::exists(path) && !std::filesystem::exists(path + ".head")
            && !std::filesystem::exists(path + "-wal");
    }

private Q_SLOTS:
    void randomLedgersComeBack()
    {
        const auto seed = qEnvironmentVariableIntValue("COMMANDER_SEED")
            ? qEnvironmentVariableIntValue("COMMANDER_SEED")
            : static_cast<int>(QRandomGenerator::global()->bounded(1 << 30));
        qInfo("COMMANDER_SEED=%d", seed);
        for (int round = 0; round < 6; ++round) {
            LedgerBench bench(static_cast<std::uint64_t>(seed + round));
            const auto text = randomExport(bench, round == 0 ? 0 : 1 + bench.random().below(round == 1 ? 10'000 : 500));
            QVERIFY(!text.empty());
            const auto report = importText(bench, text, bench.file("copy"));
            QVERIFY_RESULT(report);
            verifySame(bench, bench.file("copy"), text);
            // Both go on alike, where the same is appended at the same time with the same chance.
            std::string went[2];
            for (const auto *const name : {"test.ledger", "copy"}) {
                auto options = bench.options();
                options.path = bench.file(name);
                SeededRandom same(7);
                options.random = &same;
                const auto ledger = SqliteLedger::open(options);
                QVERIFY_RESULT(ledger);
                QCOMPARE((*ledger)->ledgerId().text(), report->ledger.text());
                QVERIFY_RESULT((*ledger)->appendAndWait({{testCommand(1'000'000), testEvent(1'000'000)}, {}}));
                went[*name == 'c'] = exported(**ledger);
            }
            QVERIFY(went[0] == went[1]);
        }
    }

    void againItOnlySaysSo()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 50);
        QVERIFY_RESULT(importText(bench, text, bench.file("copy")));
        const auto again = importText(bench, text, bench.file("copy"));
        QVERIFY_RESULT(again);
        QCOMPARE(again->found, std::uint64_t{50});
        verifySame(bench, bench.file("copy"), text);
        // The source is that ledger as well; once it goes on it is not touched.
        QVERIFY_RESULT(importText(bench, text, bench.path()));
        {
            const auto ledger = SqliteLedger::open(bench.options());
            QVERIFY_RESULT(ledger);
            bench.fill(**ledger, 1'000, 1'000);
        }
        const auto longer = exportedFrom(bench, bench.path());
        QCOMPARE_ERROR(importText(bench, text, bench.path()), ErrorCode::InvalidArgument);
        QCOMPARE_ERROR(importText(bench, longer, bench.file("copy")), ErrorCode::InvalidArgument);
        verifySame(bench, bench.path(), longer);
        verifySame(bench, bench.file("copy"), text);
    }

    void anotherLedgerStays()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 50);
        LedgerBench other(2);
        makeLedger(other, 3);
        const auto before = filesOf(other.file(""));
        const auto file = bench.file("in.ndjson");
        writeFile(file, text);
        QCOMPARE_ERROR(importLedger({.file = file, .ledgerPath = other.path()}), ErrorCode::InvalidArgument);
        QVERIFY(filesOf(other.file("")) == before);
        // One without a record makes room.
        {
            auto options = bench.options();
            options.path = bench.file("empty");
            QVERIFY_RESULT(SqliteLedger::open(options));
        }
        QVERIFY_RESULT(importText(bench, text, bench.file("empty")));
        verifySame(bench, bench.file("empty"), text);
        // So does no foreign file.
        writeFile(bench.file("foreign"), "diary");
        QCOMPARE_ERROR(importText(bench, text, bench.file("foreign")), ErrorCode::LedgerForeign);
        QCOMPARE(readFile(bench.file("foreign")), std::string("diary"));
    }

    void partsOfALedgerAreRefused()
    {
        LedgerBench bench;
        const auto ledger = SqliteLedger::open(bench.options());
        QVERIFY_RESULT(ledger);
        bench.fill(**ledger, 1, 10);
        ExportOptions options;
        options.filterText = "actor=test";
        options.accepts = [](const Record &) { return true; };
        const auto filtered = importText(bench, exported(**ledger, options), bench.file("copy"));
        QCOMPARE_ERROR(filtered, ErrorCode::InvalidArgument);
        QVERIFY(filtered.error().what.find("actor=test") != std::string::npos);
        ExportOptions range;
        range.last = {9};
        QCOMPARE_ERROR(importText(bench, exported(**ledger, range), bench.file("copy")), ErrorCode::InvalidArgument);
        QVERIFY(nothingAt(bench.file("copy")));
    }

    void everyCutIsSeen()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 3);
        for (std::size_t cut = 0; cut < text.size(); ++cut) {
            const auto report = importText(bench, text.substr(0, cut), bench.file("copy"));
            QVERIFY2(!report, std::to_string(cut).c_str());
            QVERIFY2(report.error().where.starts_with("line "), report.error().text().c_str());
        }
        QVERIFY2(!importText(bench, text + "\n", bench.file("copy")), "a line more");
        QVERIFY2(!importText(bench, text + "x", bench.file("copy")), "bytes behind");
        QVERIFY(nothingAt(bench.file("copy")));
    }

    void everyChangedByteIsSeen()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 3);
        for (std::size_t at = 0; at < text.size(); ++at) {
            auto changed = text;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bench.random().below(8)));
            const auto report = importText(bench, changed, bench.file("copy"));
            QVERIFY2(!report, (std::to_string(at) + ": " + changed).c_str());
        }
        QVERIFY(nothingAt(bench.file("copy")));
    }

    void theFirstChangedRecordIsNamed()
    {
        LedgerBench bench;
        const auto ledger = SqliteLedger::open(bench.options());
        QVERIFY_RESULT(ledger);
        bench.fill(**ledger, 1, 9);
        const auto lines = linesOf(exported(**ledger));
        const auto refused = [&](std::vector<std::string> changed, const char *where, bool seal) {
            const auto text = joined(changed);
            const auto report = importText(bench, seal ? sealed(text) : text, bench.file("copy"));
            QVERIFY(!report);
            QVERIFY2(report.error().code == ErrorCode::LedgerDamaged, report.error().text().c_str());
            QCOMPARE(report.error().where, std::string(where));
            QVERIFY(nothingAt(bench.file("copy")));
        };
        for (const bool seal : {false, true}) {
            auto changed = lines;
            changed[4][changed[4].find("1.0") + 2] = '1';
            refused(changed, "line 5, position 4", seal);
            changed = lines;
            std::swap(changed[3], changed[6]);
            refused(changed, "line 4, position 3", seal);
            changed = lines;
            const auto offset = changed[7].find("\"offset\":6");
            QVERIFY(offset != std::string::npos);
            changed[7].replace(offset, 10, "\"offset\":7");
            refused(changed, "line 8, position 7", seal);
        }
    }

    /// Hashes that link up are not all that makes a ledger: offsets, ids and the order of times count too.
    void ledgersThatCannotBeAreRefused()
    {
        LedgerBench bench;
        const auto ledger = SqliteLedger::open(bench.options());
        QVERIFY_RESULT(ledger);
        bench.fill(**ledger, 1, 3);
        const auto text = exported(**ledger);
        const auto crafted = [&text](const std::function<void(std::vector<Record> &)> &change,
                                     const std::function<void(ExportHeader &)> &changeHeader = {}) {
            auto lines = linesOf(text);
            auto header = *parseHeaderLine(lines.front());
            std::vector<Record> records;
            for (std::size_t i = 1; i + 1 < lines.size(); ++i)
                records.push_back(*parseRecordLine(lines[i]));
            change(records);
            Hash256 chain{};
            for (auto &record : records) {
                record.leaf = recordLeaf(record);
                chain = record.chain = chainNext(chain, record.leaf);
            }
            header.state.head = {records.back().position, chain, records.back().recordedAt};
            if (changeHeader)
                changeHeader(header);
            std::string out = headerLine(header);
            for (const auto &record : records)
                appendRecordLine(out, record);
            return out + trailerLine({records.size(), header.state.head.position, chain, sha256(out)});
        };
        QVERIFY_RESULT(importText(bench, crafted([](auto &) {}), bench.file("sound")));
        const std::pair<std::string, std::string> wrong[] = {
            {crafted([](auto &records) { records[1].offset = {7}; }), "line 3, position 2"},
            {crafted([](auto &records) { records[2].id = records[0].id; }), "line 4, position 3"},
            {crafted([](auto &records) { records[2].id = {}; }), "line 4, position 3"},
            {crafted([](auto &records) { records[1].topic.clear(); }), "line 3, position 2"},
            {crafted([](auto &records) { records[1].key.assign(256, 'k'); }), "line 3, position 2"},
            {crafted([](auto &records) { records[2].recordedAt.micros -= 1; }), "line 4, position 3"},
            {crafted([](auto &) {},
                     [](ExportHeader &header) {
                         header.state.progress = {{"processor", {"commands", 0}, {4}}};
                     }),
             "progress"},
        };
        for (const auto &[file, where] : wrong) {
            const auto report = importText(bench, file, bench.file("copy"));
            QVERIFY2(!report, where.c_str());
            QCOMPARE(report.error().where, where);
            QVERIFY(nothingAt(bench.file("copy")));
        }
    }

    void aStoppedImportGoesOn()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 10'000);
        const auto copy = bench.file("copy");
        std::uint64_t found = 0;
        int runs = 0;
        for (;; ++runs) {
            QVERIFY(runs < 100);
            std::stop_source stop;
            const auto report = importText(bench, text, copy, stop.get_token(),
                                           [&](std::string_view step, std::uint64_t done, std::uint64_t) {
                                               if (step == "imported" && done > found + 3000)
                                                   stop.request_stop();
                                           });
            if (report) {
                QCOMPARE(report->found, found);
                break;
            }
            QCOMPARE_ERROR(report, ErrorCode::Cancelled);
            // Nobody can take the half for a ledger.
            auto options = bench.options();
            options.path = copy;
            QCOMPARE_ERROR(SqliteLedger::open(options), ErrorCode::LedgerForeign);
            options.readOnly = true;
            QCOMPARE_ERROR(SqliteLedger::open(options), ErrorCode::LedgerForeign);
            const auto verified = verifyLedger(copy, bench.fileSystem());
            QVERIFY(verified && verified->verdict == VerifyReport::Verdict::Unreadable);
            found = presentIn(bench, copy);
            QVERIFY(found > 0);
        }
        QVERIFY(runs >= 2);
        verifySame(bench, copy, text);
    }

    void anotherImportOrAChangedHalfIsRefused()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 3'000);
        const auto copy = bench.file("copy");
        std::stop_source stop;
        QCOMPARE_ERROR(importText(bench, text, copy, stop.get_token(),
                                  [&stop](std::string_view step, std::uint64_t, std::uint64_t) {
                                      if (step == "imported")
                                          stop.request_stop();
                                  }),
                       ErrorCode::Cancelled);
        LedgerBench other(2);
        const auto foreign = randomExport(other, 10);
        QCOMPARE_ERROR(importText(bench, foreign, copy), ErrorCode::InvalidArgument);

        // A bit of the half rots.
        const auto good = readFile(copy);
        auto bytes = good;
        const auto at = bytes.find(R"({"from":"12345","to":"54321"})");
        QVERIFY(at != std::string::npos);
        bytes[at + 10] = '3';
        writeFile(copy, bytes);
        const auto refused = importText(bench, text, copy);
        QVERIFY(!refused);
        QVERIFY2(refused.error().code == ErrorCode::LedgerDamaged, refused.error().text().c_str());
        writeFile(copy, good);
        QVERIFY_RESULT(importText(bench, text, copy));
        verifySame(bench, copy, text);
    }

    /// The disk dies at every one of the writes of an import: whatever is left then, the next import makes the ledger.
    void aDyingDiskAtEveryWrite()
    {
        LedgerBench bench;
        const auto text = randomExport(bench, 30);
        const auto file = bench.file("in.ndjson");
        writeFile(file, text);
        for (const auto fault : {FaultPlan::Fault::IoError, FaultPlan::Fault::DiskFull}) {
            for (std::uint64_t k = 1;; ++k) {
                const auto copy
                    = bench.file("copy" + std::to_string(k) + (fault == FaultPlan::Fault::IoError ? "i" : "f"));
                FaultPlan plan;
                FaultyFileSystem faulty(bench.fileSystem(), plan);
                plan.failAt(k, fault, true);
                const auto report = importLedger({.file = file, .ledgerPath = copy, .fileSystem = &faulty});
                plan.heal();
                if (report && !plan.struck()) {
                    qInfo("%llu writes", static_cast<unsigned long long>(k - 1));
                    QVERIFY(k > 10);
                    break;
                }
                const auto again = importLedger({.file = file, .ledgerPath = copy, .fileSystem = &bench.fileSystem()});
                QVERIFY2(again.has_value(),
                         again ? "" : ("write " + std::to_string(k) + ": " + again.error().text()).c_str());
                verifySame(bench, copy, text);
            }
        }
    }

private:
    /// Records of an unfinished import, from its own database: nothing else opens it.
    static std::uint64_t presentIn(LedgerBench &bench, const std::string &path)
    {
        auto database = Database::open(path, Database::Mode::ReadOnly, bench.fileSystem().sqliteVfs());
        return database ? static_cast<std::uint64_t>(database->queryInteger("SELECT count(*) FROM records").value_or(0))
                        : 0;
    }
};

QTEST_GUILESS_MAIN(TestLedgerImport)
#include "tst_ledger_import.moc"
