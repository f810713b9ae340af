// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>
#include <commander/json.h>
#include <commander/record.h>

#include <map>
#include <string>
#include <vector>

namespace commander::ui {

/// A test file as people write it: a step a line. Numbers keep their digits.
class CaseText {
public:
    explicit CaseText(std::string name) : m_name(std::move(name)) { }
    void given(const Json &step) { m_given.push_back(writeJson(step)); }
    void when(const Json &step) { m_when = writeJson(step); }
    void then(const Json &expected) { m_then = writeJson(expected); }
    [[nodiscard]] std::string text() const;

private:
    std::string m_name;
    std::vector<std::string> m_given;
    std::string m_when;
    std::string m_then;
};

/// Ids that a decision made are made anew whenever the test runs: their places in what is expected.
class CasePlaceholders {
public:
    CasePlaceholders(const Record &command, const std::vector<RecordPtr> &events,
                     const std::vector<DomainDescription> &domains);
    /// Texts that are such an id become a placeholder.
    [[nodiscard]] Json apply(const Json &value) const;

private:
    std::map<std::string, std::string> m_placeholders; ///< by id
};

} // namespace commander::ui
