// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain_tests.h>

#include <optional>
#include <string>
#include <vector>

namespace commander::domaintests {

/// An event or a command of a test.
struct TestStep {
    bool isEvent = false;
    std::string action;
    Json data;
    std::optional<std::uint32_t> version; ///< of an event's schema; nothing: the newest
    std::optional<Timestamp> at;          ///< nothing: a second after the step before
};

struct TestCase {
    std::string file;
    std::string name;
    std::string pointer; ///< of the test in its file; empty = the file is the test
    std::vector<TestStep> given;
    TestStep when;
    bool settle = false; ///< commands that the command causes and that are due are decided, too
    Json then;
    std::vector<TestDifference> mistakes; ///< of the test itself: it cannot run
};

/// The tests of one file: one object, or {"tests": [ … ]}.
[[nodiscard]] std::vector<TestCase> readTestCases(const std::string &file, const std::string &bytes);

} // namespace commander::domaintests
