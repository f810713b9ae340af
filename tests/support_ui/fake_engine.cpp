// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"

namespace commander::test {

FakeEngine::FakeEngine(FakeOptions options) : m_store(std::move(options)) { }

EngineStatus FakeEngine::status()
{
    EngineStatus status;
    status.ledgerPath = "/home/ada/bank/sandbox.ledger";
    status.readOnly = m_store.options().readOnly;
    status.progress = m_store.progress();
    status.processedTo = status.progress.ledger;
    const std::uint64_t generated = m_store.options().generated / 3;
    status.commands = generated + m_bank.commands;
    status.events = generated + m_bank.events;
    status.succeeded = generated - generated / 7 + m_bank.succeeded;
    status.rejected = generated / 7 + m_bank.rejected;
    status.commits = generated / 12 + m_bank.commands;
    status.documents = m_store.documents("accounts").size();
    status.faults = m_store.options().faults;
    return status;
}

void FakeEngine::appendSome(std::uint64_t commands)
{
    for (std::uint64_t i = 0; i < commands; ++i) {
        RecordDraft draft;
        draft.kind = RecordKind::Command;
        draft.id = uuid5(Uuid{{1}}, std::to_string(m_store.head().value));
        draft.correlation = draft.id;
        draft.topic = commandsTopic;
        draft.action = "deposit-money";
        draft.key = std::to_string(i);
        draft.actor = "test";
        draft.data = R"({"account":"1","amount":1})";
        m_store.append(std::move(draft));
    }
    m_store.notify();
}

} // namespace commander::test
