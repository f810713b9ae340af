// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/ledger/sqlite_ledger_support.h"

#include <commander/exchange.h>

#include <string>

namespace commander {

/// A record with anything in it that a ledger takes: every kind of text, JSON of one and of several lines, bytes that
/// are no JSON, times before and after all years. The id is that of testId(n).
[[nodiscard]] RecordDraft randomDraft(SeededRandom &random, std::uint64_t n);
/// Appends `count` random records in random transactions, with progress of two consumers.
void fillRandomly(Ledger &ledger, SeededRandom &random, std::uint64_t count);

/// The bytes of an export; fails the test if there is none.
[[nodiscard]] std::string exported(Ledger &ledger, ExportOptions options = {});
/// The bytes of an export of the ledger at a path.
[[nodiscard]] std::string exportedFrom(LedgerBench &bench, const std::string &path);

/// RFC 4180, read by the letter: the cells of rows that end with CRLF.
[[nodiscard]] std::vector<std::vector<std::string>> readCsv(const std::string &text);

/// Imports text that it first writes to bench.file("in.ndjson").
[[nodiscard]] Result<ImportReport> importText(LedgerBench &bench, const std::string &text, const std::string &to,
                                              std::stop_token stop = {}, const ExchangeProgress &progress = {});

} // namespace commander
