// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command_edits.h"

#include <commander/limits.h>

#include <algorithm>
#include <unordered_set>

namespace commander {

namespace {

class EditCheck {
public:
    EditCheck(Ledger &ledger, const DomainRegistry &domains, Position from, Position to)
        : m_ledger(ledger), m_domains(domains), m_from(from), m_to(to)
    {
    }

    [[nodiscard]] Result<void> take(const CommandEdit &edit, std::size_t number, CheckedEdits &out)
    {
        return edit.kind == CommandEdit::Kind::Add ? add(edit, number, out) : change(edit, out);
    }

private:
    [[nodiscard]] Result<void> change(const CommandEdit &edit, CheckedEdits &out)
    {
        const auto recorded = m_ledger.find(edit.command);
        if (!recorded)
            return fail(recorded.error());
        if ((*recorded)->kind != RecordKind::Command)
            return fail(ErrorCode::InvalidArgument, "the record is no command", edit.command.text());
        if (!m_seen.insert(edit.command).second)
            return fail(ErrorCode::InvalidArgument, "a command is edited twice", edit.command.text());
        const auto result = m_ledger.find(usualResultId(edit.command));
        if ((*recorded)->position > m_to || (result && (*result)->position <= m_from)) {
            return fail(ErrorCode::InvalidArgument, "the command was not decided between the branch's ends",
                        edit.command.text(), "Let the branch start before it.");
        }
        if (edit.kind == CommandEdit::Kind::Remove) {
            out.changed.emplace(edit.command, std::nullopt);
            return {};
        }
        auto command = **recorded;
        if (!edit.action.empty())
            command.action = edit.action;
        command.data = edit.data;
        if (auto admitted = admit(command); !admitted)
            return admitted;
        out.changed.emplace(edit.command, std::move(command));
        return {};
    }

    [[nodiscard]] Result<void> add(const CommandEdit &edit, std::size_t number, CheckedEdits &out)
    {
        if (edit.after < m_from || edit.after > m_to) {
            return fail(ErrorCode::InvalidArgument, "the place is not between the branch's ends",
                        "position " + std::to_string(edit.after.value));
        }
        Record command;
        command.kind = RecordKind::Command;
        command.id
            = edit.command.isNull() ? uuid5(m_ledger.ledgerId(), "what-if/" + std::to_string(number)) : edit.command;
        command.correlation = command.id;
        command.topic = commandsTopic;
        command.action = edit.action;
        command.actor = edit.actor;
        command.data = edit.data;
        command.position = edit.after;
        const auto existing = m_ledger.find(command.id);
        if (existing || !m_seen.insert(command.id).second)
            return fail(ErrorCode::DuplicateId, "the id of an added command is taken", command.id.text());
        if (existing.error().code != ErrorCode::NotFound)
            return fail(existing.error());
        // As if it had come right after that record.
        const auto before = m_ledger.readAt(std::max(edit.after, Position{1}), 1);
        if (!before)
            return fail(before.error());
        if (!before->empty())
            command.recordedAt = before->front()->recordedAt;
        if (auto admitted = admit(command); !admitted)
            return admitted;
        out.added.push_back(std::move(command));
        return {};
    }

    [[nodiscard]] Result<void> admit(Record &command) const
    {
        const auto data = parseJson(command.data);
        if (!data)
            return fail(data.error());
        const auto *entry = m_domains.findCommand(command.action);
        if (!entry)
            return fail(ErrorCode::UnknownAction, "no domain offers the command '" + command.action + "'");
        if (auto valid = m_domains.validateCommand(*entry, *data); !valid)
            return valid;
        command.key = commandKey(*entry->spec, *data);
        command.schemaVersion = entry->domain->description().version;
        if (command.data.size() > limits::payloadBytesMax || command.key.size() > limits::nameBytesMax
            || command.actor.size() > limits::nameBytesMax)
            return fail(ErrorCode::LimitExceeded, "the data, the key or the actor is too long");
        return {};
    }

    Ledger &m_ledger;
    const DomainRegistry &m_domains;
    const Position m_from;
    const Position m_to;
    std::unordered_set<Uuid> m_seen;
};

} // namespace

Result<CheckedEdits> checkEdits(const std::vector<CommandEdit> &edits, Ledger &ledger, const DomainRegistry &domains,
                                Position from, Position to)
{
    CheckedEdits out;
    EditCheck check(ledger, domains, from, to);
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (auto taken = check.take(edits[i], i + 1, out); !taken) {
            auto error = std::move(taken.error());
            error.where = "edit " + std::to_string(i + 1) + (error.where.empty() ? "" : ", " + error.where);
            return fail(std::move(error));
        }
    }
    std::stable_sort(out.added.begin(), out.added.end(),
                     [](const Record &a, const Record &b) { return a.position < b.position; });
    return out;
}

} // namespace commander
