// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/experiment_json.h>

#include <commander/record_json.h>

#include <charconv>

namespace commander {

namespace {

/// Appends a member; the first one needs no comma.
class Members {
public:
    explicit Members(std::string &out) : m_out(out) { m_out += '{'; }
    ~Members() { m_out += '}'; }
    Members(const Members &) = delete;
    Members &operator=(const Members &) = delete;

    std::string &name(std::string_view name)
    {
        if (!m_first)
            m_out += ',';
        m_first = false;
        m_out += '"';
        m_out += name;
        return m_out += "\":";
    }
    void text(std::string_view member, std::string_view value) { appendJsonString(name(member), value); }
    void number(std::string_view member, std::uint64_t value) { name(member) += std::to_string(value); }
    void flag(std::string_view member, bool value) { name(member) += value ? "true" : "false"; }

private:
    std::string &m_out;
    bool m_first = true;
};

template <class List, class Append> void appendList(std::string &out, const List &list, Append append)
{
    out += '[';
    bool first = true;
    for (const auto &element : list) {
        if (!first)
            out += ',';
        first = false;
        append(element);
    }
    out += ']';
}

void appendTexts(std::string &out, const std::vector<std::string> &texts)
{
    appendList(out, texts, [&out](const std::string &text) { appendJsonString(out, text); });
}

/// With three digits after the point, whatever the locale.
std::string decimal(double value)
{
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 3).ptr;
    return {digits, end};
}

void appendFields(std::string &out, const std::vector<FieldChange> &fields)
{
    appendList(out, fields, [&out](const FieldChange &field) {
        Members members(out);
        members.text("pointer", field.pointer);
        if (field.before)
            members.name("before") += *field.before;
        if (field.after)
            members.name("after") += *field.after;
    });
}

void appendChange(std::string &out, const DocumentChange &change)
{
    Members members(out);
    members.text("view", change.view);
    members.number("version", change.version);
    members.text("key", change.key);
    members.number("position", change.position.value);
    members.text("event", change.event.text());
    members.flag("created", change.created);
    members.flag("removed", change.removed);
    appendFields(members.name("fields"), change.fields);
}

void appendCommand(std::string &out, const PreviewedCommand &command)
{
    Members members(out);
    members.name("command") += recordJson(command.command);
    members.text("status", commandStatusName(command.outcome.status));
    if (command.result)
        members.name("result") += recordJson(*command.result);
    appendList(members.name("events"), command.events, [&out](const Record &event) { out += recordJson(event); });
    appendList(members.name("followUps"), command.followUps,
               [&out](const Uuid &id) { appendJsonString(out, id.text()); });
    appendList(members.name("changes"), command.changes,
               [&out](const DocumentChange &change) { appendChange(out, change); });
}

} // namespace

std::string previewJson(const Preview &preview)
{
    std::string out;
    {
        Members members(out);
        members.number("position", preview.at.value);
        appendList(members.name("commands"), preview.commands,
                   [&out](const PreviewedCommand &command) { appendCommand(out, command); });
        members.number("undecided", preview.undecided);
        appendTexts(members.name("viewFaults"), preview.viewFaults);
    }
    return out;
}

std::string comparisonJson(const Comparison &comparison)
{
    std::string out;
    {
        Members members(out);
        members.number("commands", comparison.commands);
        members.number("same", comparison.same);
        {
            Members kinds(members.name("different"));
            for (std::size_t i = 0; i < comparison.kinds.size(); ++i) {
                if (comparison.kinds[i] > 0)
                    kinds.number(differenceKindName(static_cast<DifferenceKind>(i)), comparison.kinds[i]);
            }
        }
        members.number("faults", comparison.faults);
    }
    return out;
}

std::string reportJson(const ReplayReport &report)
{
    std::string out;
    {
        Members members(out);
        members.number("from", report.from.value);
        members.number("to", report.to.value);
        members.name("comparison") += comparisonJson(report.comparison);
        appendTexts(members.name("viewFaults"), report.viewFaults);
        members.name("seconds") += decimal(report.seconds);
    }
    return out;
}

std::string summaryJson(const WhatIfSummary &summary)
{
    std::string out;
    {
        Members members(out);
        members.number("from", summary.from.value);
        members.number("to", summary.to.value);
        members.number("records", summary.records);
        members.text("chain", toHex(summary.chain));
        members.name("outcomes") += comparisonJson(summary.outcomes);
        {
            Members documents(members.name("documents"));
            documents.number("compared", summary.documentsCompared);
            documents.number("different", summary.documentsDifferent);
        }
        appendTexts(members.name("viewFaults"), summary.viewFaults);
    }
    return out;
}

std::string differenceJson(const OutcomeDifference &difference)
{
    std::string out;
    {
        Members members(out);
        members.text("command", difference.command.text());
        members.number("position", difference.position.value);
        members.text("action", difference.action);
        appendList(members.name("kinds"), difference.kinds,
                   [&out](DifferenceKind kind) { appendJsonString(out, differenceKindName(kind)); });
        if (!difference.recorded.empty())
            members.name("recorded") += difference.recorded;
        if (!difference.other.empty())
            members.name("other") += difference.other;
        appendFields(members.name("fields"), difference.fields);
    }
    return out;
}

std::string differenceJson(const DocumentDifference &difference)
{
    std::string out;
    {
        Members members(out);
        members.text("view", difference.view);
        members.text("key", difference.key);
        appendFields(members.name("fields"), difference.fields);
    }
    return out;
}

} // namespace commander
