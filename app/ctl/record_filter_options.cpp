// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/record_filter_options.h"

#include <algorithm>

namespace commander::ctl {

namespace {

std::vector<std::string> values(const QCommandLineParser &parser, const QString &name)
{
    std::vector<std::string> all;
    for (const auto &value : parser.values(name))
        all.push_back(value.toStdString());
    return all;
}

Result<RecordKind> kindOf(const std::string &name)
{
    for (const auto kind : {RecordKind::Command, RecordKind::Event, RecordKind::Result}) {
        if (name == recordKindName(kind))
            return kind;
    }
    return fail(ErrorCode::InvalidArgument, "no such kind: " + name, "--kind", "Use command, event or result.");
}

bool anyOf(const std::vector<std::string> &wanted, const std::string &value)
{
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool containsText(std::string_view haystack, std::string_view needle)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end(),
                       [&](char a, char b) { return lower(a) == lower(b); })
        != haystack.end();
}

template <class T, class Parse>
Result<void> take(const QCommandLineParser &parser, const QString &name, std::optional<T> &target, Parse parseValue)
{
    if (!parser.isSet(name))
        return {};
    auto value = parseValue(parser.value(name).toStdString());
    if (!value)
        return fail(value.error());
    target = std::move(*value);
    return {};
}

} // namespace

void addFilterOptions(QCommandLineParser &parser)
{
    const auto add = [&parser](const char *name, const char *what, const char *value) {
        parser.addOption({QLatin1String(name), QLatin1String(what), QLatin1String(value)});
    };
    add("kind", "command, event or result; may be repeated.", "KIND");
    add("topic", "Topic; may be repeated.", "NAME");
    add("action", "Action; may be repeated.", "NAME");
    add("actor", "Actor; may be repeated.", "NAME");
    add("key", "Key of the record.", "KEY");
    add("correlation", "Id of the command at the root of the chain.", "UUID");
    add("status", "Commands that are accepted, succeeded, rejected or failed.", "STATUS");
    add("text", "Substring of data, action, key or id; case ignored.", "TEXT");
    add("from", "Recorded at or after (RFC 3339).", "TIME");
    add("to", "Recorded before (RFC 3339).", "TIME");
}

Result<RecordFilter> filterOf(const QCommandLineParser &parser)
{
    RecordFilter filter;
    for (const auto &name : values(parser, QStringLiteral("kind"))) {
        const auto kind = kindOf(name);
        if (!kind)
            return fail(kind.error());
        filter.kinds.push_back(*kind);
    }
    filter.topics = values(parser, QStringLiteral("topic"));
    filter.actions = values(parser, QStringLiteral("action"));
    filter.actors = values(parser, QStringLiteral("actor"));
    filter.text = parser.value(QStringLiteral("text")).toStdString();
    if (parser.isSet(QStringLiteral("key")))
        filter.key = parser.value(QStringLiteral("key")).toStdString();
    const auto statusOf = [](const std::string &name) -> Result<CommandStatus> {
        if (const auto status = commandStatusFromName(name))
            return *status;
        return fail(ErrorCode::InvalidArgument, "no such status: " + name, "--status",
                    "Use accepted, succeeded, rejected or failed.");
    };
    for (const auto &taken :
         {take(parser, QStringLiteral("correlation"), filter.correlation,
               [](const std::string &text) { return Uuid::parse(text); }),
          take(parser, QStringLiteral("from"), filter.from,
               [](const std::string &text) { return Timestamp::parse(text); }),
          take(parser, QStringLiteral("to"), filter.to, [](const std::string &text) { return Timestamp::parse(text); }),
          take(parser, QStringLiteral("status"), filter.status, statusOf)}) {
        if (!taken)
            return fail(taken.error());
    }
    return filter;
}

bool matches(const RecordFilter &filter, const Record &record)
{
    if (!filter.kinds.empty() && std::find(filter.kinds.begin(), filter.kinds.end(), record.kind) == filter.kinds.end())
        return false;
    if (!anyOf(filter.topics, record.topic) || !anyOf(filter.actions, record.action)
        || !anyOf(filter.actors, record.actor))
        return false;
    if ((filter.key && *filter.key != record.key) || (filter.correlation && *filter.correlation != record.correlation)
        || (filter.parent && *filter.parent != record.parent))
        return false;
    if (filter.status && (record.kind != RecordKind::Result || record.action != commandStatusName(*filter.status)))
        return false;
    if ((filter.from && record.recordedAt < *filter.from) || (filter.to && record.recordedAt >= *filter.to))
        return false;
    return filter.text.empty() || containsText(record.data, filter.text) || containsText(record.action, filter.text)
        || containsText(record.key, filter.text) || containsText(record.id.text(), filter.text);
}

} // namespace commander::ctl
