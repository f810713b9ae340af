// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

namespace commander {

/// Id number n of a test: distinct for distinct n.
[[nodiscard]] inline Uuid testId(std::uint64_t n)
{
    return uuid5(Uuid{}, "test/" + std::to_string(n));
}

/// A command in the commands topic with id testId(n) and data that names n.
[[nodiscard]] inline RecordDraft testCommand(std::uint64_t n)
{
    RecordDraft draft;
    draft.kind = RecordKind::Command;
    draft.id = testId(n);
    draft.correlation = draft.id;
    draft.topic = commandsTopic;
    draft.key = "account-" + std::to_string(n % 10);
    draft.action = "transfer-money";
    draft.actor = "test";
    draft.data = R"({"amount": 1.0, "number": )" + std::to_string(n) + "}";
    return draft;
}

/// An event that followed from testCommand(n).
[[nodiscard]] inline RecordDraft testEvent(std::uint64_t n, const std::string &topic = "bank-events")
{
    auto draft = testCommand(n);
    draft.kind = RecordKind::Event;
    draft.parent = draft.id;
    draft.id = uuid5(draft.id, "event/1");
    draft.topic = topic;
    draft.action = "money-transferred";
    draft.actor = "domain:bank";
    draft.domainVersion.fill(7);
    return draft;
}

} // namespace commander
