// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite_ledger_support.h"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>

namespace commander {

void LedgerBench::fill(Ledger &ledger, std::uint64_t from, std::uint64_t to) const
{
    for (auto n = from; n <= to;) {
        LedgerTransaction transaction;
        for (; n <= to && transaction.records.size() < 500; ++n)
            transaction.records.push_back(testCommand(n));
        if (n > to) {
            const auto appended = ledger.appendAndWait(std::move(transaction));
            QVERIFY2(appended.has_value(), appended ? "" : appended.error().text().c_str());
        } else {
            ledger.append(std::move(transaction), [](const Result<Appended> &) {});
        }
    }
}

std::map<std::string, std::string> filesOf(const std::string &folder)
{
    std::map<std::string, std::string> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() != ".lock")
            files[entry.path().filename().string()] = readFile(entry.path().string());
    }
    return files;
}

std::string readFile(const std::string &path)
{
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    std::string bytes(in ? static_cast<std::size_t>(in.tellg()) : 0, '\0');
    in.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

void writeFile(const std::string &path, const std::string &bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void copyFile(const std::string &from, const std::string &to)
{
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

namespace {

void appendPairs(Ledger &ledger, std::uint64_t from, std::uint64_t to)
{
    for (auto n = from; n <= to; ++n) {
        const auto appended
            = ledger.appendAndWait({{testCommand(n), testEvent(n)}, {{"processor", {"commands", 0}, {n}}}});
        QVERIFY2(appended.has_value(), appended ? "" : appended.error().text().c_str());
    }
}

} // namespace

void makeLedger(LedgerBench &bench, std::uint64_t transactions)
{
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY2(ledger.has_value(), ledger ? "" : ledger.error().text().c_str());
    appendPairs(**ledger, 1, transactions);
}

void makeCrashedLedger(LedgerBench &bench, std::uint64_t transactions)
{
    makeLedger(bench, transactions / 2);
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY2(ledger.has_value(), ledger ? "" : ledger.error().text().c_str());
    appendPairs(**ledger, transactions / 2 + 1, transactions);
    for (const std::string suffix : {"", "-wal", ".head"})
        copyFile(bench.path() + suffix, bench.file("crashed") + suffix);
}

} // namespace commander
