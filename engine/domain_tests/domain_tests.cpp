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

Result<std::unique_ptr<DomainRegistry>> registryOf(Result<std::shared_ptr<const Domain>> domain)
{
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

namespace {

std::vector<TestCase> testsAmong(const std::vector<DomainFile> &files)
{
    std::vector<TestCase> tests;
    for (const auto &file : files) {
        if (script::isTest(file.name))
            std::ranges::move(readTestCases(file.name, file.bytes), std::back_inserter(tests));
    }
    return tests;
}

/// `load` gives the domain anew each time.
template <class Load> Result<DomainTestReport> runTests(const std::vector<TestCase> &tests, Load load)
{
    const auto domains = registryOf(load());
    if (!domains)
        return fail(domains.error());
    DomainTestReport report{(*domains)->descriptions().front().name, {}};
    for (const auto &test : tests)
        report.results.push_back({test.file, test.name, runTest(test, **domains)});
    const auto anew = registryOf(load());
    if (!anew)
        return fail(anew.error());
    runReversed(tests, **anew, report.results);
    return report;
}

class ScriptLoader final : public DomainLoader {
public:
    explicit ScriptLoader(const ScriptOptions &options) : m_options(options) { }

    [[nodiscard]] LoadedDomain load(const std::vector<DomainFile> &files) const override
    {
        return loadDomainFiles(files, m_options);
    }

    [[nodiscard]] std::vector<DomainProblem> test(const std::vector<DomainFile> &files) const override
    {
        const auto tests = testsAmong(files);
        if (tests.empty())
            return {};
        const auto report = runTests(tests, [&]() -> Result<std::shared_ptr<const Domain>> {
            auto loaded = loadDomainFiles(files, m_options);
            if (!loaded.problems.empty())
                return fail(ErrorCode::InvalidArgument, loaded.problems.front().text());
            return std::move(loaded.domain);
        });
        if (!report)
            return {{{}, 0, 0, {}, report.error().text(), {}}};
        std::vector<DomainProblem> problems;
        for (std::size_t i = 0; i < tests.size(); ++i) {
            const auto &result = report->results[i];
            const auto file = std::ranges::find(files, result.file, &DomainFile::name);
            for (const auto &difference : result.differences) {
                // Mistakes of a test name their place in the file, differences the one in the test.
                const bool whole = (difference.pointer + '/').starts_with(tests[i].pointer + '/');
                const auto pointer = whole ? difference.pointer : tests[i].pointer + difference.pointer;
                const auto place = script::locatePointer(file->bytes, pointer);
                problems.push_back({result.file,
                                    place.line,
                                    place.column,
                                    pointer,
                                    "the test \"" + result.name + "\" expected " + difference.expected + " and got "
                                        + difference.actual,
                                    {}});
            }
        }
        return problems;
    }

private:
    const ScriptOptions m_options;
};

} // namespace

Result<DomainTestReport> runDomainTests(const std::string &path, const ScriptOptions &options)
{
    // What is wrong with the domain is told before what is wrong with its tests.
    if (const auto domain = loadDomainFolder(path, options); !domain)
        return fail(domain.error());
    const auto files = script::readTestFiles(path);
    if (!files)
        return fail(files.error());
    const auto tests = testsAmong(*files);
    if (tests.empty()) {
        return fail(ErrorCode::NotFound, "the domain has no tests", path,
                    "Add one as tests/NAME.json; the guide shows how.");
    }
    return runTests(tests, [&] { return loadDomainFolder(path, options); });
}

std::unique_ptr<DomainLoader> makeScriptLoader(const ScriptOptions &options)
{
    return std::make_unique<ScriptLoader>(options);
}

} // namespace commander
