// SPDX-License-Identifier: GPL-3.0-or-later
#include "testcase/case_json.h"

#include <commander/derived_id.h>

namespace commander::ui {

namespace {

constexpr int idsMax = 64; ///< that one handler makes

/// Every line after the first one that much further in.
std::string indented(const std::string &text, std::size_t spaces)
{
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '\n')
            out.append(spaces, ' ');
    }
    return out;
}

} // namespace

std::string CaseText::text() const
{
    std::string out = "{\n  \"name\": ";
    appendJsonString(out, m_name);
    out += ",\n  \"given\": [";
    for (std::size_t i = 0; i < m_given.size(); ++i)
        out += (i == 0 ? "\n    " : ",\n    ") + m_given[i];
    out += m_given.empty() ? "],\n" : "\n  ],\n";
    out += "  \"when\": " + m_when + ",\n";
    out += "  \"then\": " + indented(prettyJson(m_then), 2) + "\n}\n";
    return out;
}

CasePlaceholders::CasePlaceholders(const Record &command, const std::vector<RecordPtr> &events,
                                   const std::vector<DomainDescription> &domains)
{
    m_placeholders[command.id.text()] = "{id}";
    for (int i = 1; i <= idsMax; ++i) {
        const auto number = std::to_string(i);
        m_placeholders[uuid5(command.id, "data/" + number).text()] = "{newId " + number + "}";
        m_placeholders[derivedId(command.id, "event/" + number).text()] = "{event " + number + "}";
    }
    // What a reaction made has no name in a test.
    for (const RecordPtr &event : events) {
        for (const auto &domain : domains) {
            const Uuid source = uuid5(event->id, "reaction/" + domain.name);
            for (int i = 1; i <= idsMax; ++i)
                m_placeholders[uuid5(source, "data/" + std::to_string(i)).text()] = "{any}";
        }
    }
}

Json CasePlaceholders::apply(const Json &value) const
{
    if (const auto *text = value.asString()) {
        const auto found = m_placeholders.find(*text);
        return found == m_placeholders.end() ? value : Json(found->second);
    }
    Json out = value;
    if (auto *members = out.asObject()) {
        for (auto &[name, member] : *members)
            member = apply(member);
    }
    if (auto *elements = out.asArray()) {
        for (auto &element : *elements)
            element = apply(element);
    }
    return out;
}

} // namespace commander::ui
