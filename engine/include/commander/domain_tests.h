// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/script_domain.h>

#include <string>
#include <vector>

namespace commander {

/// One spot where a test expected something else.
struct TestDifference {
    std::string pointer;  ///< into the test, e.g. "/then/events/0/data/amount"
    std::string expected; ///< JSON, or words
    std::string actual;   ///< JSON, or words
};

struct DomainTestResult {
    std::string file; ///< name inside the folder, e.g. "tests/transfer.json"
    std::string name;
    std::vector<TestDifference> differences; ///< empty: passed
    [[nodiscard]] bool passed() const noexcept { return differences.empty(); }
};

struct DomainTestReport {
    std::string domain;
    std::vector<DomainTestResult> results;
    [[nodiscard]] std::size_t failed() const noexcept;
    /// What a person reads: each failed test with its differences, then the counts.
    [[nodiscard]] std::string text() const;
};

/// Runs the given/when/then tests of a domain folder (its tests/*.json; resources/docs/writing-a-domain.md), each on
/// documents of its own, with the engine's own decisions. Every test runs a second time in other company: a domain that
/// keeps state between calls fails. Nothing is recorded. Errors as loadDomainFolder(); NotFound when there is no test.
[[nodiscard]] Result<DomainTestReport> runDomainTests(const std::string &path, const ScriptOptions &options = {});

/// Loads and tests domains as their folders are loaded and tested; for OpenOptions::loader.
[[nodiscard]] std::unique_ptr<DomainLoader> makeScriptLoader(const ScriptOptions &options = {});

} // namespace commander
