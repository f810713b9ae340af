// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/outcome_comparer.h"

#include "views/field_changes.h"

#include <algorithm>

namespace commander {

namespace {

bool sameEffect(const RecordDraft &left, const RecordDraft &right)
{
    return left.action == right.action && left.key == right.key && left.data == right.data;
}

bool sameEffects(const std::vector<const RecordDraft *> &left, const std::vector<const RecordDraft *> &right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const auto *a, const auto *b) { return sameEffect(*a, *b); });
}

bool identicalRecord(const RecordDraft &left, const RecordDraft &right)
{
    return left.id == right.id && left.headers == right.headers && sameEffect(left, right);
}

bool identicalRecords(const std::vector<const RecordDraft *> &left, const std::vector<const RecordDraft *> &right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const auto *a, const auto *b) { return identicalRecord(*a, *b); });
}

CommandOutcome parsedResult(const Outcome &outcome)
{
    return outcome.result ? parseOutcome(outcome.result->data).value_or(CommandOutcome{}) : CommandOutcome{};
}

/// "events" of "/events/0/data/x", then "0", then "data".
std::string_view tokenAt(std::string_view pointer, std::size_t index)
{
    for (std::size_t i = 0;; ++i) {
        if (pointer.empty())
            return {};
        pointer.remove_prefix(1);
        const auto end = std::min(pointer.find('/'), pointer.size());
        if (i == index)
            return pointer.substr(0, end);
        pointer.remove_prefix(end);
    }
}

/// Nothing: words for people, which are no difference.
std::optional<DifferenceKind> kindOf(std::string_view pointer)
{
    const auto first = tokenAt(pointer, 0);
    if (first == "status")
        return DifferenceKind::Status;
    if (first == "code")
        return DifferenceKind::Code;
    if (first == "commands")
        return DifferenceKind::Commands;
    if (first == "events")
        return tokenAt(pointer, 2) == "data" ? DifferenceKind::EventData : DifferenceKind::Events;
    return std::nullopt;
}

std::optional<DifferenceKind> kindFromName(std::string_view name)
{
    for (std::size_t i = 0; i < static_cast<std::size_t>(DifferenceKind::Count); ++i) {
        if (differenceKindName(static_cast<DifferenceKind>(i)) == name)
            return static_cast<DifferenceKind>(i);
    }
    return std::nullopt;
}

} // namespace

std::string_view differenceKindName(DifferenceKind kind) noexcept
{
    constexpr std::string_view names[] = {"status", "code", "events", "event-data", "commands", "gone", "added"};
    static_assert(std::size(names) == static_cast<std::size_t>(DifferenceKind::Count));
    return kind < DifferenceKind::Count ? names[static_cast<std::size_t>(kind)] : std::string_view();
}

Outcome outcomeOf(std::span<const RecordDraft> records)
{
    Outcome outcome;
    for (const auto &record : records) {
        if (record.kind == RecordKind::Event)
            outcome.events.push_back(&record);
        else if (record.kind == RecordKind::Result)
            outcome.result = &record;
        else
            outcome.followUps.push_back(&record);
    }
    return outcome;
}

bool identical(const Outcome &left, const Outcome &right)
{
    return left.result && right.result && identicalRecord(*left.result, *right.result)
        && identicalRecords(left.events, right.events) && identicalRecords(left.followUps, right.followUps);
}

void erasePointer(Json &root, std::string_view pointer)
{
    const auto cut = pointer.rfind('/');
    if (cut == std::string_view::npos)
        return;
    // Look-up does not change anything; the root is ours to change.
    auto *const parent = const_cast<Json *>(resolvePointer(root, pointer.substr(0, cut)));
    const auto *const target = resolvePointer(root, pointer);
    if (!parent || !target)
        return;
    if (auto *const object = parent->asObject()) {
        std::erase_if(*object, [target](const Json::Member &member) { return &member.second == target; });
    } else if (auto *const array = parent->asArray()) {
        array->erase(array->begin() + (target - array->data()));
    }
}

Json OutcomeComparer::shownJson(const Outcome &outcome, bool withIgnored) const
{
    const auto parsed = parsedResult(outcome);
    Json json = Json::object();
    if (outcome.result)
        json.set("status", Json(outcome.result->action));
    if (!parsed.errorCode.empty())
        json.set("code", Json(parsed.errorCode));
    if (!parsed.errorMessage.empty())
        json.set("message", Json(parsed.errorMessage));
    const auto list = [&](const std::vector<const RecordDraft *> &records) {
        Json::Array out;
        for (const auto *record : records) {
            Json one;
            one.set("action", Json(record->action));
            one.set("key", Json(record->key));
            auto data = parseJson(record->data).value_or(Json(record->data));
            if (!withIgnored) {
                for (const auto &pointer : m_rules.ignore)
                    erasePointer(data, pointer);
            }
            one.set("data", std::move(data));
            out.push_back(std::move(one));
        }
        return Json(std::move(out));
    };
    json.set("events", list(outcome.events));
    json.set("commands", list(outcome.followUps));
    return json;
}

std::optional<OutcomeDifference> OutcomeComparer::compare(const RecordDraft &command, Position position,
                                                          const Outcome *recorded, const Outcome *other)
{
    ++m_comparison.commands;
    OutcomeDifference difference{command.id, position, command.action, {}, {}, {}, {}};
    if (!recorded || !other) {
        difference.kinds.push_back(recorded ? DifferenceKind::Gone : DifferenceKind::Added);
    } else {
        const auto before = parsedResult(*recorded);
        const auto after = parsedResult(*other);
        if (isDomainFault(after.errorCode) && !isDomainFault(before.errorCode))
            ++m_comparison.faults;
        if (before.status == after.status && before.errorCode == after.errorCode
            && recorded->result->action == other->result->action && sameEffects(recorded->events, other->events)
            && sameEffects(recorded->followUps, other->followUps)) {
            ++m_comparison.same;
            return std::nullopt;
        }
        const auto left = shownJson(*recorded, false);
        const auto right = shownJson(*other, false);
        difference.fields = fieldChanges(&left, &right);
        for (const auto &field : difference.fields) {
            const auto kind = kindOf(field.pointer);
            if (kind && std::find(difference.kinds.begin(), difference.kinds.end(), *kind) == difference.kinds.end())
                difference.kinds.push_back(*kind);
        }
        if (difference.kinds.empty()) {
            ++m_comparison.same;
            return std::nullopt;
        }
        std::sort(difference.kinds.begin(), difference.kinds.end());
    }
    if (recorded)
        difference.recorded = writeJson(shownJson(*recorded, true));
    if (other)
        difference.other = writeJson(shownJson(*other, true));
    take(difference);
    return difference;
}

void OutcomeComparer::take(OutcomeDifference &difference)
{
    for (const auto kind : difference.kinds)
        ++m_comparison.kinds[static_cast<std::size_t>(kind)];
    if (m_comparison.examples.size() < m_rules.examplesMax)
        m_comparison.examples.push_back(difference);
}

std::string writeDifference(const OutcomeDifference &difference)
{
    Json json;
    json.set("command", Json(difference.command.text()));
    json.set("position", Json(static_cast<std::int64_t>(difference.position.value)));
    json.set("action", Json(difference.action));
    Json::Array kinds;
    for (const auto kind : difference.kinds)
        kinds.emplace_back(differenceKindName(kind));
    json.set("kinds", Json(std::move(kinds)));
    json.set("recorded", Json(difference.recorded));
    json.set("other", Json(difference.other));
    Json::Array fields;
    for (const auto &field : difference.fields) {
        Json one;
        one.set("pointer", Json(field.pointer));
        if (field.before)
            one.set("before", Json(*field.before));
        if (field.after)
            one.set("after", Json(*field.after));
        fields.push_back(std::move(one));
    }
    json.set("fields", Json(std::move(fields)));
    return writeJson(json);
}

Result<OutcomeDifference> readDifference(std::string_view text)
{
    const auto json = parseJson(text);
    if (!json)
        return fail(json.error());
    const auto id = Uuid::parse(json->stringAt("command"));
    if (!id)
        return fail(id.error());
    OutcomeDifference difference;
    difference.command = *id;
    difference.position.value = static_cast<std::uint64_t>(json->integerAt("position").value_or(0));
    difference.action = json->stringAt("action");
    difference.recorded = json->stringAt("recorded");
    difference.other = json->stringAt("other");
    const auto *kinds = json->find("kinds");
    const auto *fields = json->find("fields");
    if (!kinds || !kinds->asArray() || !fields || !fields->asArray())
        return fail(ErrorCode::InvalidJson, "not a difference of outcomes");
    for (const auto &kind : *kinds->asArray()) {
        if (const auto known = kind.asString() ? kindFromName(*kind.asString()) : std::nullopt)
            difference.kinds.push_back(*known);
    }
    const auto side = [](const Json &field, std::string_view name) -> std::optional<std::string> {
        const auto *found = field.find(name);
        return found && found->asString() ? std::optional(*found->asString()) : std::nullopt;
    };
    for (const auto &field : *fields->asArray())
        difference.fields.push_back(
            {std::string(field.stringAt("pointer")), side(field, "before"), side(field, "after")});
    return difference;
}

} // namespace commander
