// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/world_model.h"

#include "model/world_domains.h"

#include <commander/limits.h>

#include <algorithm>

namespace commander::model {

namespace {

Expected ended(CommandStatus status, std::string code = {})
{
    Expected expected;
    expected.status = status;
    expected.code = std::move(code);
    return expected;
}

std::string sequenceOf(const Record &command)
{
    return (command.action == "add" ? "tally/" : "bank/") + command.key;
}

std::string resumeOf(const std::string &sequence)
{
    return R"({"sequence":")" + sequence + R"(","domain":")" + sequence.substr(0, sequence.find('/')) + "\"}";
}

std::string noteOf(std::string_view action, const Uuid &command)
{
    return std::string(action) + ' ' + command.text();
}

} // namespace

WorldModel::Step WorldModel::take(const Record &command)
{
    Step step;
    if (command.recordedAt != m_now)
        m_leftNow.clear();
    m_now = command.recordedAt;
    for (const auto *const action :
         {"release-command", "expire-command", "cancel-command", "replay-dead-letter", "discard-dead-letter"}) {
        if (command.action == action)
            return takeSystem(command);
    }
    if (command.action == "resume-sequence")
        return takeResume(command);
    if (command.action == "install-domain") {
        step.ended.push_back({command.id, ended(CommandStatus::Succeeded)});
        return step;
    }
    const auto terms = parseTerms(command.headers).value_or(CommandTerms{});
    if (terms.expiresAt && command.recordedAt >= *terms.expiresAt) {
        step.ended.push_back({command.id, ended(CommandStatus::Expired, "expired")});
    } else if (terms.notBefore && command.recordedAt < *terms.notBefore) {
        m_waiting[command.id] = {command, terms, {}, 0, false};
        step.notes.push_back(noteOf("command-deferred", command.id));
    } else if (m_sequences.contains(sequenceOf(command))) {
        park(command, {}, false, step);
    } else {
        decideOrPark(command, command.recordedAt, {}, step);
    }
    return step;
}

WorldModel::Step WorldModel::takeResume(const Record &command)
{
    Step step;
    const std::string sequence(parseJson(command.data).value_or(Json()).stringAt("sequence"));
    const auto found = m_sequences.find(sequence);
    if (found == m_sequences.end() || m_waiting.at(found->second.commands.begin()->second).faulted) {
        step.ended.push_back({command.id, ended(CommandStatus::Rejected, "nothing-to-resume")});
        return step;
    }
    step.ended.push_back({command.id, ended(CommandStatus::Succeeded)});
    step.notes.push_back("sequence-resumed " + sequence);
    drain(sequence, command.recordedAt, step);
    return step;
}

WorldModel::Step WorldModel::takeSystem(const Record &command)
{
    Step step;
    const auto data = parseJson(command.data).value_or(Json());
    const auto target = Uuid::parse(data.stringAt("command")).value_or(Uuid{});
    const auto found = m_waiting.find(target);
    const auto answer = [&](std::string code) {
        step.ended.push_back(
            {command.id, ended(code.empty() ? CommandStatus::Succeeded : CommandStatus::Rejected, code)});
        return step;
    };
    if (found == m_waiting.end())
        return answer("not-waiting");
    const auto &waiting = found->second;
    const auto &action = command.action;
    if (action == "release-command" && !waiting.sequence.empty())
        return answer("parked");
    if (action == "expire-command" && (!waiting.terms.expiresAt || command.recordedAt < *waiting.terms.expiresAt))
        return answer("not-expired");
    if (action.ends_with("dead-letter") && !waiting.faulted)
        return answer("not-a-dead-letter");
    answer({});
    const std::string_view note = action == "release-command" ? "command-released"
        : action == "expire-command"                          ? "command-expired"
        : action == "cancel-command"                          ? "command-cancelled"
        : action == "replay-dead-letter"                      ? "dead-letter-replayed"
                                                              : "dead-letter-discarded";
    const auto left = leave(target, note, step);
    if (action == "expire-command")
        step.ended.push_back({target, ended(CommandStatus::Expired, "expired")});
    else if (action == "cancel-command")
        step.ended.push_back({target, ended(CommandStatus::Cancelled, "cancelled")});
    else if (action == "discard-dead-letter")
        step.ended.push_back({target, ended(CommandStatus::Failed, "domain-fault")});
    else
        decideReleased(left.command, command.recordedAt,
                       left.sequence.empty() ? std::nullopt : std::optional(left.number), step);
    if (!left.sequence.empty())
        drain(left.sequence, command.recordedAt, step);
    return step;
}

void WorldModel::decideOrPark(const Record &command, Timestamp now, std::optional<std::int64_t> head, Step &step)
{
    if (command.action != "add") {
        step.ended.push_back({command.id, decideBank(command, now)});
        return;
    }
    const auto data = parseJson(command.data).value_or(Json());
    if (tallyThrows(m_version, data.stringAt("key")))
        park(command, head, true, step);
    else
        step.ended.push_back({command.id, decideTally(data)});
}

void WorldModel::decideReleased(const Record &command, Timestamp now, std::optional<std::int64_t> head, Step &step)
{
    const auto terms = parseTerms(command.headers).value_or(CommandTerms{});
    if (terms.expiresAt && now >= *terms.expiresAt)
        step.ended.push_back({command.id, ended(CommandStatus::Expired, "expired")});
    else if (!head && m_sequences.contains(sequenceOf(command)))
        park(command, {}, false, step);
    else
        decideOrPark(command, now, head, step);
}

void WorldModel::park(const Record &command, std::optional<std::int64_t> head, bool faulted, Step &step)
{
    const auto name = sequenceOf(command);
    auto &sequence = m_sequences[name];
    const auto number = head.value_or(sequence.last + 1);
    sequence.last = std::max(sequence.last, number);
    sequence.commands[number] = command.id;
    m_waiting[command.id] = {command, parseTerms(command.headers).value_or(CommandTerms{}), name, number, faulted};
    step.notes.push_back(noteOf("command-parked", command.id));
}

WorldModel::Waiting WorldModel::leave(const Uuid &command, std::string_view note, Step &step)
{
    auto left = std::move(m_waiting.at(command));
    m_waiting.erase(command);
    m_leftNow[command] = left;
    step.notes.push_back(noteOf(note, command));
    if (!left.sequence.empty()) {
        auto &sequence = m_sequences.at(left.sequence);
        sequence.commands.erase(left.number);
        if (sequence.commands.empty())
            m_sequences.erase(left.sequence);
    }
    return left;
}

void WorldModel::drain(const std::string &sequence, Timestamp now, Step &step)
{
    for (std::size_t count = 0;; ++count) {
        const auto found = m_sequences.find(sequence);
        if (found == m_sequences.end())
            return;
        const auto head = found->second.commands.begin()->second;
        if (m_waiting.at(head).faulted)
            return;
        if (count == limits::sequenceStepMax) {
            step.resumes = resumeOf(sequence);
            return;
        }
        const auto left = leave(head, "command-released", step);
        decideReleased(left.command, now, left.number, step);
    }
}

Expected WorldModel::decideTally(const Json &data)
{
    const std::string key(data.stringAt("key"));
    const auto n = data.integerAt("n").value_or(0);
    auto &tally = m_tallies[key];
    auto expected = ended(CommandStatus::Succeeded);
    expected.events.push_back({"added",
                               R"({"key":")" + key + R"(","n":)" + std::to_string(n) + R"(,"by":)"
                                   + std::to_string(m_version) + R"(,"seen":)" + std::to_string(tally.sum * m_version)
                                   + "}"});
    tally.sum += n;
    return expected;
}

Expected WorldModel::decideBank(Record command, Timestamp now)
{
    ++m_bankDecisions;
    command.recordedAt = now;
    auto expected = m_bank.take(command);
    for (const auto &event : expected.events) {
        if (event.action == "account-opened" || event.action == "large-transfer-flagged")
            continue;
        const auto data = parseJson(event.data).value_or(Json());
        for (const auto *const member : {"account", "from_account", "to_account"}) {
            if (const auto key = data.stringAt(member); !key.empty()) {
                auto &turnover = m_turnover[std::string(key)];
                ++turnover.movements;
                turnover.moved += data.integerAt("amount").value_or(0) % 1000;
            }
        }
    }
    return expected;
}

std::map<std::string, std::string> WorldModel::tallies() const
{
    std::map<std::string, std::string> documents;
    const auto version = std::to_string(m_version);
    for (const auto &[key, tally] : m_tallies)
        documents[key] = R"({"total":)" + std::to_string(tally.sum * m_version) + R"(,"version":)" + version + "}";
    return documents;
}

std::map<std::string, std::string> WorldModel::turnover(std::uint32_t version) const
{
    std::map<std::string, std::string> documents;
    for (const auto &[key, one] : m_turnover) {
        documents[key] = R"({"movements":)" + std::to_string(one.movements)
            + (version > 1 ? R"(,"moved":)" + std::to_string(one.moved) : std::string()) + "}";
    }
    return documents;
}

std::map<std::string, std::string> WorldModel::waiting() const
{
    std::map<std::string, std::string> reasons;
    for (const auto &[id, waiting] : m_waiting)
        reasons[id.text()] = waiting.sequence.empty() ? "scheduled" : "parked";
    return reasons;
}

std::vector<std::string> WorldModel::parkedSequences() const
{
    std::vector<std::string> names;
    for (const auto &[name, sequence] : m_sequences)
        names.push_back(name);
    return names;
}

bool WorldModel::isDue(const Uuid &command, bool release, Timestamp now) const
{
    const auto found = m_waiting.find(command);
    const auto left = m_leftNow.find(command);
    const bool leftNow = left != m_leftNow.end() && now == m_now;
    if (found == m_waiting.end() && !leftNow)
        return false;
    const auto &waiting = found != m_waiting.end() ? found->second : left->second;
    const auto &time = release ? waiting.terms.notBefore : waiting.terms.expiresAt;
    return waiting.sequence.empty() == release && time && *time <= now;
}

} // namespace commander::model
