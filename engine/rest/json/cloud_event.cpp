// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/cloud_event.h"

#include <commander/command_terms.h>

namespace commander::rest {

namespace {

/// Attribute values are texts: integers of CloudEvents have 32 bits only.
void appendTerms(ObjectWriter &json, std::string_view headers)
{
    const auto terms = parseTerms(headers);
    if (!terms)
        return;
    if (terms->notBefore)
        json.plain("notbefore", terms->notBefore->text());
    if (terms->expiresAt)
        json.plain("expiresat", terms->expiresAt->text());
    if (terms->expectedRevision.isStated())
        json.plain("expectedrevision", terms->expectedRevision.text());
}

} // namespace

void appendCloudEvent(std::string &out, const Record &record, const Uuid &ledger, std::optional<CommandStatus> status)
{
    out.reserve(out.size() + record.data.size() + 768);
    ObjectWriter json(out);
    json.plain("specversion", "1.0");
    json.plain("id", record.id.text());
    json.plain("source", "urn:uuid:" + ledger.text());
    json.text("type", record.kind == RecordKind::Result ? "command-" + record.action : record.action);
    if (!record.key.empty())
        json.text("subject", record.key);
    json.plain("time", record.time().text());
    json.plain("datacontenttype", "application/json");
    json.plain("kind", recordKindName(record.kind));
    json.plain("sequence", std::to_string(record.position.value));
    json.text("topic", record.topic);
    if (!record.parent.isNull())
        json.plain("parent", record.parent.text());
    json.plain("correlation", record.correlation.text());
    if (!record.actor.empty())
        json.text("actor", record.actor);
    if (record.kind == RecordKind::Command && !record.headers.empty())
        appendTerms(json, record.headers);
    if (status)
        json.plain("status", commandStatusName(*status));
    json.raw("data", record.data);
}

} // namespace commander::rest
