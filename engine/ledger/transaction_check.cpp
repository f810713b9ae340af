// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/transaction_check.h"

#include <commander/limits.h>

#include <unordered_set>

namespace commander {

namespace {

Result<void> checkName(std::string_view what, const std::string &name, const std::string &where)
{
    if (name.size() <= limits::nameBytesMax)
        return {};
    return fail(ErrorCode::LimitExceeded,
                std::string(what) + " is longer than " + std::to_string(limits::nameBytesMax) + " bytes", where);
}

Result<void> checkBytes(std::string_view what, const std::string &bytes, const std::string &where)
{
    if (bytes.size() <= limits::payloadBytesMax)
        return {};
    return fail(ErrorCode::LimitExceeded,
                std::string(what) + " is larger than " + std::to_string(limits::payloadBytesMax) + " bytes", where);
}

} // namespace

Result<void> checkRecord(const RecordDraft &record)
{
    if (record.id.isNull())
        return fail(ErrorCode::InvalidArgument, "a record has no id", record.topic);
    const bool fits = record.topic.size() <= limits::nameBytesMax && record.key.size() <= limits::nameBytesMax
        && record.action.size() <= limits::nameBytesMax && record.actor.size() <= limits::nameBytesMax
        && record.data.size() <= limits::payloadBytesMax && record.headers.size() <= limits::payloadBytesMax;
    if (fits && !record.topic.empty() && !recordKindName(record.kind).empty())
        return {};

    const auto where = record.id.text();
    if (record.topic.empty())
        return fail(ErrorCode::InvalidArgument, "a record has no topic", where);
    if (recordKindName(record.kind).empty())
        return fail(ErrorCode::InvalidArgument, "a record is neither command nor event nor result", where);
    for (const auto &checked :
         {checkName("the topic", record.topic, where), checkName("the key", record.key, where),
          checkName("the action", record.action, where), checkName("the actor", record.actor, where),
          checkBytes("the data", record.data, where), checkBytes("the headers", record.headers, where)}) {
        if (!checked)
            return checked;
    }
    return {};
}

Result<void> checkTransaction(const LedgerTransaction &transaction)
{
    for (const auto &record : transaction.records) {
        if (auto checked = checkRecord(record); !checked)
            return checked;
    }
    for (const auto &progress : transaction.progress) {
        if (progress.consumer.empty() || progress.source.topic.empty())
            return fail(ErrorCode::InvalidArgument, "progress names no consumer or no topic", progress.consumer);
        for (const auto *name : {&progress.consumer, &progress.source.topic}) {
            if (auto checked = checkName("a name in the progress", *name, progress.consumer); !checked)
                return checked;
        }
    }
    if (transaction.records.size() > 1) {
        std::unordered_set<Uuid> seen;
        seen.reserve(transaction.records.size());
        for (const auto &record : transaction.records) {
            if (!seen.insert(record.id).second)
                return fail(ErrorCode::DuplicateId, "an id is used twice in one transaction", record.id.text());
        }
    }
    return {};
}

} // namespace commander
