// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/domain_tests.h>

#include "domain_tests/compare.h"
#include "script/domain_folder.h"

#include <algorithm>
#include <ranges>

namespace commander {

using namespace domaintests;

namespace {

std::vector<TestDifference> runTest(const TestCase &test, const DomainRegistry &domains)
{
    if (!test.mistakes.empty())
        return test.mistakes;
    Rehearsal rehearsal(domains);
    for (std::size_t i = 0; i < test.given.size(); ++i) {
        const auto &step = test.given[i];
        const auto at = "/given/" + std::to_string(i);
        if (step.isEvent) {
            if (const auto happened = rehearsal.happen(step); !happened)
                return {{at, "an event that can be folded", happened.error().text()}};
            continue;
        }
        const auto outcome = rehearsal.send(step, true);
        if (!outcome)
            return {{at, "a command that can be decided", outcome.error().text()}};
        if (outcome->refusal)
            return {{at, "a command that succeeds", outcome->refusal->text()}};
        if (outcome->result.status != CommandStatus::Succeeded)
            return {{at, "a command that succeeds", outcome->result.errorCode + ": " + outcome->result.errorMessage}};
    }
    const auto outcome = rehearsal.send(test.when, test.settle);
    if (!outcome)
        return {{"/when", "events that can be folded", outcome.error().text()}};
    return compare(test, *outcome, rehearsal);
}

Result<std::unique_ptr<DomainRegistry>> registryOf(const std::string &path, const ScriptOptions &options)
{
    auto domain = loadDomainFolder(path, options);
    if (!domain)
        return fail(domain.error());
    return DomainRegistry::create({std::move(*domain)});
}

bool same(const std::vector<TestDifference> &a, const std::vector<TestDifference> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto &x, const auto &y) {
        return x.pointer == y.pointer && x.expected == y.expected && x.actual == y.actual;
    });
}

/// The last test first, on a domain loaded anew: what a call leaves behind shows.
void runReversed(const std::vector<TestCase> &tests, const DomainRegistry &domains,
                 std::vector<DomainTestResult> &results)
{
    for (auto i = tests.size(); i-- > 0;) {
        const auto again = runTest(tests[i], domains);
        if (!same(again, results[i].differences)) {
            results[i].differences.push_back(
                {{}, "the same outcome whatever ran before", "another one: the domain keeps state between calls"});
        }
    }
}

} // namespace

std::size_t DomainTestReport::failed() const noexcept
{
    return static_cast<std::size_t>(
        std::count_if(results.begin(), results.end(), [](const auto &result) { return !result.passed(); }));
}

std::string DomainTestReport::text() const
{
    std::string out;
    for (const auto &result : results) {
        if (result.passed())
            continue;
        out += "FAILED  " + result.file + ": " + result.name + '\n';
        for (const auto &difference : result.differences) {
            out += "  " + (difference.pointer.empty() ? std::string("/") : difference.pointer) + '\n';
            out += "    expected  " + difference.expected + "\n    got       " + difference.actual + '\n';
        }
    }
    const auto wrong = failed();
    return out + domain + ": " + std::to_string(results.size() - wrong) + " passed, " + std::to_string(wrong)
        + " failed\n";
}

Result<DomainTestReport> runDomainTests(const std::string &path, const ScriptOptions &options)
{
    const auto domains = registryOf(path, options);
    if (!domains)
        return fail(domains.error());
    const auto files = script::readTestFiles(path);
    if (!files)
        return fail(files.error());
    std::vector<TestCase> tests;
    for (const auto &file : *files)
        std::ranges::move(readTestCases(file.name, file.bytes), std::back_inserter(tests));
    if (tests.empty()) {
        return fail(ErrorCode::NotFound, "the domain has no tests", path,
                    "Add one as tests/NAME.json; the guide shows how.");
    }
    DomainTestReport report{(*domains)->descriptions().front().name, {}};
    for (const auto &test : tests)
        report.results.push_back({test.file, test.name, runTest(test, **domains)});
    const auto anew = registryOf(path, options);
    if (!anew)
        return fail(anew.error());
    runReversed(tests, **anew, report.results);
    return report;
}

} // namespace commander
