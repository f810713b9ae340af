// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain_tests/test_case.h"

#include <algorithm>
#include <initializer_list>
#include <limits>

namespace commander::domaintests {

namespace {

class Reader {
public:
    Reader(TestCase &out, std::string pointer) : m_out(out), m_pointer(std::move(pointer)) { }

    void read(const Json &test)
    {
        known(test, {}, {"name", "description", "given", "when", "settle", "then"});
        m_out.name = test.stringAt("name");
        if (m_out.name.empty())
            mistake("/name", "a text that names the test", "nothing");
        if (const auto *given = test.find("given")) {
            const auto *steps = given->asArray();
            if (!steps)
                mistake("/given", "a list of events and commands", writeJson(*given));
            for (std::size_t i = 0; steps && i < steps->size(); ++i)
                m_out.given.push_back(step((*steps)[i], "/given/" + std::to_string(i)));
        }
        if (const auto *when = test.find("when"))
            m_out.when = step(*when, "/when");
        if (m_out.when.isEvent || m_out.when.action.empty())
            mistake("/when", R"(a command, as in {"command": "transfer-money", "data": {…}})", "none");
        if (const auto *settle = test.find("settle")) {
            if (!settle->asBool())
                mistake("/settle", "true or false", writeJson(*settle));
            m_out.settle = settle->asBool().value_or(false);
        }
        const auto *then = test.find("then");
        const auto *members = then ? then->asObject() : nullptr;
        if (!members || members->empty())
            return mistake("/then", "events, commands, rejection, fails or documents",
                           then ? writeJson(*then) : "nothing");
        known(*then, "/then", {"events", "commands", "rejection", "fails", "documents"});
        m_out.then = *then;
    }

private:
    void mistake(const std::string &at, std::string expected, std::string actual)
    {
        m_out.mistakes.push_back({m_pointer + at, std::move(expected), std::move(actual)});
    }

    void known(const Json &object, const std::string &at, std::initializer_list<std::string_view> names)
    {
        const auto *members = object.asObject();
        if (!members)
            return mistake(at, "an object", writeJson(object));
        for (const auto &[name, value] : *members) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                std::string all;
                for (const auto one : names)
                    all += (all.empty() ? "" : ", ") + std::string(one);
                mistake(at + '/' + escapePointerToken(name), "one of " + all, "an unknown member");
            }
        }
    }

    TestStep step(const Json &source, const std::string &at)
    {
        TestStep out;
        known(source, at, {"event", "command", "version", "data", "at"});
        out.isEvent = source.find("event") != nullptr;
        if (const auto *version = source.find("version")) {
            const auto number = version->asInteger();
            if (out.isEvent && number && *number >= 1 && *number <= std::numeric_limits<std::uint32_t>::max())
                out.version = static_cast<std::uint32_t>(*number);
            else
                mistake(at + "/version", "the version of an event's schema, from 1 on", writeJson(*version));
        }
        out.action = source.stringAt(out.isEvent ? "event" : "command");
        if (out.action.empty())
            mistake(at, R"("event" or "command" with a name)", writeJson(source));
        const auto *data = source.find("data");
        out.data = data ? *data : Json::object();
        if (source.find("at")) {
            const auto time = Timestamp::parse(source.stringAt("at"));
            if (time)
                out.at = *time;
            else
                mistake(at + "/at", "an RFC 3339 time", writeJson(*source.find("at")));
        }
        return out;
    }

    TestCase &m_out;
    const std::string m_pointer;
};

} // namespace

std::vector<TestCase> readTestCases(const std::string &file, const std::string &bytes)
{
    std::vector<TestCase> out;
    const auto parsed = parseJson(bytes);
    if (!parsed) {
        out.push_back(
            {.file = file, .name = "(the file)", .pointer = {}, .given = {}, .when = {}, .then = {}, .mistakes = {}});
        out.back().mistakes.push_back({{}, "JSON", parsed.error().text()});
        return out;
    }
    const auto *all = parsed->find("tests");
    const auto *list = all ? all->asArray() : nullptr;
    for (std::size_t i = 0; i < (list ? list->size() : 1); ++i) {
        TestCase test{.file = file, .name = {}, .pointer = {}, .given = {}, .when = {}, .then = {}, .mistakes = {}};
        if (list)
            test.pointer = "/tests/" + std::to_string(i);
        Reader(test, test.pointer).read(list ? (*list)[i] : *parsed);
        if (test.name.empty())
            test.name = "(without name)";
        out.push_back(std::move(test));
    }
    return out;
}

} // namespace commander::domaintests
