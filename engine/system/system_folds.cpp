// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/system_folds.h"

#include "system/system_words.h"
#include "system/waiting_words.h"

#include <algorithm>
#include <string>

namespace commander::system {

namespace {

bool beginsToWait(const Record &event)
{
    return event.action == commandDeferred || event.action == commandParked;
}

void copy(const Json &from, std::string_view member, Json &to)
{
    if (const auto *value = from.find(member))
        to.set(member, *value);
    else
        to.erase(member);
}

/// Another command is the head now.
void setHead(Json &sequence, std::int64_t number, std::string_view command)
{
    sequence.set("first", Json(number));
    sequence.set("command", Json(command));
    sequence.erase("fault");
    sequence.erase("parked_at");
}

void addToSequence(const ParsedRecord &event, DocumentFold &documents)
{
    const auto key = event.data.stringAt("sequence");
    const auto number = event.data.integerAt("number").value_or(0);
    const auto *before = documents.get(key);
    Json sequence = before ? *before : Json();
    if (!before) {
        sequence.set("sequence", Json(key));
        copy(event.data, "domain", sequence);
        copy(event.data, "key", sequence);
        sequence.set("last", Json(number));
        sequence.set("waiting", Json(0));
    }
    if (!before || number < before->integerAt("first").value_or(0)) {
        setHead(sequence, number, event.data.stringAt("command"));
        copy(event.data, "fault", sequence);
        if (sequence.find("fault"))
            sequence.set("parked_at", Json(event.record.time().text()));
    }
    sequence.set("last", Json(std::max(number, sequence.integerAt("last").value_or(0))));
    sequence.set("waiting", Json(sequence.integerAt("waiting").value_or(0) + 1));
    documents.put(key, std::move(sequence));
}

void takeFromSequence(const Json &data, DocumentFold &documents)
{
    const auto key = data.stringAt("sequence");
    const auto *before = documents.get(key);
    if (!before)
        return;
    const bool head = before->integerAt("first") == data.integerAt("number");
    const auto next = data.integerAt("next");
    if (head && !next) {
        documents.remove(key);
        return;
    }
    Json sequence = *before;
    if (head)
        setHead(sequence, *next, data.stringAt("next_command"));
    sequence.set("waiting", Json(sequence.integerAt("waiting").value_or(0) - 1));
    documents.put(key, std::move(sequence));
}

} // namespace

void foldWaiting(const ParsedRecord &event, DocumentFold &documents)
{
    const auto key = event.data.stringAt("command");
    if (beginsToWait(event.record)) {
        Json waiting = event.data;
        waiting.set("since", Json(event.record.time().text()));
        documents.put(key, std::move(waiting));
    } else if (!key.empty()) {
        documents.remove(key);
    }
}

void foldParked(const ParsedRecord &event, DocumentFold &documents)
{
    const auto number = event.data.integerAt("number");
    if (!number)
        return;
    const auto key = parkedKey(event.data.stringAt("sequence"), *number);
    if (event.record.action != commandParked) {
        documents.remove(key);
        return;
    }
    Json entry;
    copy(event.data, "command", entry);
    copy(event.data, "action", entry);
    copy(event.data, "sequence", entry);
    copy(event.data, "number", entry);
    documents.put(key, std::move(entry));
}

void foldDeadLetters(const ParsedRecord &event, DocumentFold &documents)
{
    if (!event.data.find("number"))
        return;
    if (event.record.action == commandParked)
        addToSequence(event, documents);
    else
        takeFromSequence(event.data, documents);
}

} // namespace commander::system
