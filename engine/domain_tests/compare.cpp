// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain_tests/compare.h"

#include "values/decimal.h"

#include <commander/command_terms.h>

namespace commander::domaintests {

namespace {

constexpr const char *nothing = "nothing";
constexpr const char *anything = "{any}";

class Comparison {
public:
    Comparison(const Outcome &outcome, const Rehearsal &rehearsal) : m_outcome(outcome), m_rehearsal(rehearsal) { }

    std::vector<TestDifference> run(const Json &then)
    {
        for (const auto &[name, expected] : *then.asObject()) {
            const auto at = "/then/" + name;
            if (name == "events")
                list(at, expected, eventsOf());
            else if (name == "commands")
                list(at, expected, commandsOf());
            else if (name == "documents")
                documents(at, expected);
        }
        status(then);
        return std::move(m_differences);
    }

private:
    void differ(std::string pointer, std::string expected, std::string actual)
    {
        m_differences.push_back({std::move(pointer), std::move(expected), std::move(actual)});
    }

    void status(const Json &then)
    {
        const auto &result = m_outcome.result;
        Json error;
        if (m_outcome.refusal) {
            error.set("code", Json(errorCodeName(m_outcome.refusal->code)));
            error.set("message", Json(m_outcome.refusal->text()));
        } else if (result.status != CommandStatus::Succeeded) {
            error.set("code", Json(result.errorCode));
            error.set("message", Json(result.errorMessage));
            if (const auto details = parseJson(result.errorDetails); details)
                error.set("details", *details);
        }
        const bool rejected = !m_outcome.refusal && result.status == CommandStatus::Rejected;
        const bool failed = m_outcome.refusal || result.status == CommandStatus::Failed;
        stated("/then/rejection", then.find("rejection"), rejected ? error : Json());
        stated("/then/fails", then.find("fails"), failed ? error : Json());
    }

    /// What is stated of a rejection or failure must be so; what is not stated may be anything.
    void stated(const std::string &at, const Json *expected, const Json &actual)
    {
        if (!expected && !actual.isNull())
            return differ(at, nothing, writeJson(actual));
        if (!expected)
            return;
        if (actual.isNull())
            return differ(at, writeJson(*expected), nothing);
        if (const auto *code = expected->asString())
            return same(at, Json(*code), *actual.find("code"));
        const auto *members = expected->asObject();
        if (!members)
            return differ(at, "a code, or an object with code, message and details", writeJson(*expected));
        for (const auto &[name, value] : *members) {
            const auto *found = actual.find(name);
            same(at + '/' + escapePointerToken(name), value, found ? *found : Json());
        }
    }

    [[nodiscard]] Json::Array eventsOf() const
    {
        Json::Array out;
        for (const auto &event : m_outcome.events) {
            Json one;
            one.set("event", Json(event.action));
            one.set("key", Json(event.key));
            one.set("id", Json(event.id.text()));
            one.set("data", *parseJson(event.data));
            out.push_back(std::move(one));
        }
        return out;
    }

    [[nodiscard]] Json::Array commandsOf() const
    {
        Json::Array out;
        for (const auto &command : m_outcome.commands) {
            Json one;
            one.set("command", Json(command.action));
            one.set("key", Json(command.key));
            one.set("reaction", Json(command.actor.substr(command.actor.find(':') + 1)));
            one.set("data", *parseJson(command.data));
            const auto terms = parseTerms(command.headers);
            if (terms && terms->notBefore)
                one.set("notBefore", Json(terms->notBefore->text()));
            if (terms && terms->expiresAt)
                one.set("expiresAt", Json(terms->expiresAt->text()));
            out.push_back(std::move(one));
        }
        return out;
    }

    /// Name and data of each must be the same; key, id and the like only where they are stated.
    void list(const std::string &at, const Json &expected, const Json::Array &actual)
    {
        const auto *wanted = expected.asArray();
        if (!wanted)
            return differ(at, "a list", writeJson(expected));
        for (std::size_t i = 0; i < std::max(wanted->size(), actual.size()); ++i) {
            const auto pointer = at + '/' + std::to_string(i);
            if (i >= actual.size()) {
                differ(pointer, writeJson((*wanted)[i]), nothing);
            } else if (i >= wanted->size()) {
                differ(pointer, nothing, writeJson(brief(actual[i])));
            } else if (const auto *members = (*wanted)[i].asObject()) {
                for (const auto &[name, value] : *members) {
                    const auto *found = actual[i].find(name);
                    const auto place = pointer + '/' + escapePointerToken(name);
                    if (found)
                        same(place, value, *found);
                    else
                        differ(place, writeJson(value), nothing);
                }
                for (const auto *name : {"event", "command", "data", "notBefore", "expiresAt"}) {
                    if (actual[i].find(name) && !(*wanted)[i].find(name))
                        differ(pointer + '/' + name, nothing, writeJson(*actual[i].find(name)));
                }
            } else {
                differ(pointer, "an object", writeJson((*wanted)[i]));
            }
        }
    }

    [[nodiscard]] static Json brief(Json record)
    {
        for (const auto *name : {"key", "id", "reaction"})
            record.erase(name);
        return record;
    }

    void documents(const std::string &at, const Json &expected)
    {
        const auto *views = expected.asObject();
        if (!views)
            return differ(at, R"(documents by view and key, as in {"accounts": {"12345": {…}}})", writeJson(expected));
        for (const auto &[view, byKey] : *views) {
            const auto *keys = byKey.asObject();
            const auto place = at + '/' + escapePointerToken(view);
            if (!keys) {
                differ(place, "documents by key", writeJson(byKey));
                continue;
            }
            for (const auto &[key, wanted] : *keys) {
                const auto resolved = m_rehearsal.resolve(Json(key));
                const auto *found = m_rehearsal.document(view, *resolved.asString());
                same(place + '/' + escapePointerToken(key), wanted, found ? *found : Json());
            }
        }
    }

    /// Members may stand in any order; numbers are compared by value.
    void same(const std::string &at, const Json &expectedSource, const Json &actual)
    {
        if (expectedSource == Json(anything))
            return;
        const auto expected = expectedSource.asString() ? m_rehearsal.resolve(expectedSource) : expectedSource;
        const auto *wantedMembers = expected.asObject();
        const auto *members = actual.asObject();
        const auto *wantedElements = expected.asArray();
        const auto *elements = actual.asArray();
        const auto *wantedNumber = expected.asNumber();
        const auto *number = actual.asNumber();
        if (wantedMembers && members) {
            for (const auto &[name, value] : *wantedMembers) {
                const auto place = at + '/' + escapePointerToken(name);
                if (const auto *found = actual.find(name))
                    same(place, value, *found);
                else
                    differ(place, writeJson(value), nothing);
            }
            for (const auto &[name, value] : *members) {
                if (!expected.find(name))
                    differ(at + '/' + escapePointerToken(name), nothing, writeJson(value));
            }
        } else if (wantedElements && elements) {
            for (std::size_t i = 0; i < std::max(wantedElements->size(), elements->size()); ++i) {
                const auto place = at + '/' + std::to_string(i);
                if (i >= elements->size())
                    differ(place, writeJson((*wantedElements)[i]), nothing);
                else if (i >= wantedElements->size())
                    differ(place, nothing, writeJson((*elements)[i]));
                else
                    same(place, (*wantedElements)[i], (*elements)[i]);
            }
        } else if (wantedNumber && number ? Decimal(wantedNumber->lexeme) != Decimal(number->lexeme)
                                          : expected != actual) {
            differ(at, writeJson(expected), writeJson(actual));
        }
    }

    const Outcome &m_outcome;
    const Rehearsal &m_rehearsal;
    std::vector<TestDifference> m_differences;
};

} // namespace

std::vector<TestDifference> compare(const TestCase &test, const Outcome &outcome, const Rehearsal &rehearsal)
{
    return Comparison(outcome, rehearsal).run(test.then);
}

} // namespace commander::domaintests
