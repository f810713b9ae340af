// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "notes_domain.h"

#include <commander/engine.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>

namespace commander::notes {

using namespace std::chrono_literals;

[[nodiscard]] inline OpenOptions options(const std::string &ledger)
{
    OpenOptions options;
    options.ledgerPath = ledger;
    options.domains = {makeBankDomain(), makeNotesDomain()};
    return options;
}

[[nodiscard]] inline Result<Uuid> send(Engine &engine, const std::string &action, const std::string &data)
{
    CommandDraft draft;
    draft.action = action;
    draft.data = data;
    draft.actor = "test";
    const auto receipt = engine.commands().submitAndWait(std::move(draft));
    if (!receipt)
        return fail(receipt.error());
    return receipt->command->id;
}

[[nodiscard]] inline Result<Uuid> note(Engine &engine, const std::string &key, const std::string &text)
{
    return send(engine, "take-note", R"({"key":")" + key + R"(","text":")" + text + R"("})");
}

/// "succeeded", or the code of its result; "" when there is none in time.
[[nodiscard]] inline std::string said(Engine &engine, const Result<Uuid> &command, std::chrono::milliseconds wait = 20s)
{
    if (!command)
        return command.error().text();
    const auto result = engine.commands().waitForResult(*command, wait);
    if (!result)
        return {};
    const auto outcome = parseOutcome((*result)->data);
    return outcome->status == CommandStatus::Succeeded ? "succeeded" : outcome->errorCode;
}

[[nodiscard]] inline ConsumerStatus statusOf(Engine &engine, const std::string &name)
{
    for (auto &one : engine.consumers().list()) {
        if (one.name == name || one.name.starts_with(name + '@'))
            return one;
    }
    return {};
}

/// Waits until the consumer has taken everything that is in the ledger now.
[[nodiscard]] inline bool reaches(Engine &engine, const std::string &name, std::chrono::milliseconds wait = 20s)
{
    const auto head = engine.ledger().head()->position;
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
        const auto status = statusOf(engine, name);
        if (status.position >= head && !status.rebuilt)
            return true;
        if (std::chrono::steady_clock::now() >= until)
            return false;
        (void)engine.views().waitFor({~std::uint64_t{0}}, 20ms); // nothing to wait for but time
    }
}

/// Every document of a view with everything that is known of it.
[[nodiscard]] inline std::map<std::string, std::string> documents(Engine &engine, const std::string &view)
{
    std::map<std::string, std::string> all;
    DocumentListRequest request;
    for (;;) {
        const auto list = engine.views().list(view, request);
        if (!list)
            return {{"error", list.error().text()}};
        for (const auto &document : list->documents) {
            auto &text = all[document.key];
            text = document.json + " set by " + document.event.text();
            const auto history = engine.views().history(view, document.key, {}, 1000);
            for (const auto &change : *history)
                text += " " + std::to_string(change.position.value);
            const auto blame = engine.views().blame(view, document.key);
            for (const auto &origin : *blame)
                text += " " + origin.pointer + "=" + origin.command.text();
        }
        if (!list->nextKey)
            return all;
        request.afterKey = list->nextKey;
    }
}

} // namespace commander::notes
