// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/waiting_words.h"

#include "system/system_words.h"

#include <commander/command_terms.h>

namespace commander::system {

namespace {

constexpr std::size_t numberDigits = 12;

} // namespace

std::string sequenceOf(std::string_view domain, const Record &command)
{
    std::string sequence(domain);
    if (command.key.empty())
        return sequence.append("#").append(command.id.text());
    return sequence.append("/").append(command.key);
}

std::string parkedKey(std::string_view sequence, std::int64_t number)
{
    const auto digits = std::to_string(number);
    std::string key(sequence);
    key += ':';
    if (digits.size() < numberDigits)
        key.append(numberDigits - digits.size(), '0');
    return key += digits;
}

Json waitingData(std::string_view domain, const Record &command, std::string_view reason)
{
    Json data;
    data.set("command", Json(command.id.text()));
    data.set("action", Json(command.action));
    data.set("domain", Json(domain));
    data.set("key", Json(command.key));
    data.set("reason", Json(reason));
    // What cannot be read is refused when the command is decided.
    const auto terms = parseTerms(command.headers).value_or(CommandTerms{});
    if (terms.notBefore)
        data.set("not_before", Json(terms.notBefore->text()));
    if (terms.expiresAt)
        data.set("expires_at", Json(terms.expiresAt->text()));
    return data;
}

Json leavingData(const Json &waiting, DocumentSource &views)
{
    Json data;
    for (const auto *member : {"command", "action", "domain", "key", "sequence", "number"}) {
        if (const auto *value = waiting.find(member))
            data.set(member, *value);
    }
    const auto sequence = waiting.stringAt("sequence");
    const auto *head = sequence.empty() ? nullptr : views.get(deadLettersView, sequence);
    const auto number = waiting.integerAt("number").value_or(0);
    if (!head || head->integerAt("first").value_or(0) != number)
        return data;
    const auto last = head->integerAt("last").value_or(0);
    for (auto next = number + 1; next <= last; ++next) {
        if (const auto *entry = views.get(parkedView, parkedKey(sequence, next))) {
            data.set("next", Json(next));
            data.set("next_command", Json(entry->stringAt("command")));
            break;
        }
    }
    return data;
}

} // namespace commander::system
