// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/record_filter_options.h"

#include <commander/clock.h>
#include <commander/filter.h>

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
    add("status", "Commands that are accepted, succeeded, rejected, failed, expired or cancelled.", "STATUS");
    add("text", "Substring of data, action, key or id; case ignored.", "TEXT");
    add("from", "Recorded at or after (RFC 3339).", "TIME");
    add("to", "Recorded before (RFC 3339).", "TIME");
    add("filter", "Expression such as: action = transfer-money and data.amount >= 1000000", "EXPRESSION");
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
                    "Use accepted, succeeded, rejected, failed, expired or cancelled.");
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
    if (parser.isSet(QStringLiteral("filter"))) {
        const auto text = parser.value(QStringLiteral("filter")).toStdString();
        auto expression = FilterExpression::parse(text, SystemClock().now());
        if (!expression)
            return fail(ErrorCode::InvalidFilter,
                        "--filter is not valid:\n" + explainFilterError(text, expression.error()));
        filter.expression = std::move(*expression);
    }
    return filter;
}

bool matches(const RecordFilter &filter, const Record &record)
{
    // The results say it themselves; of a command alone it is not known.
    return filter.matches(record, [](const Record &asked) -> std::optional<CommandStatus> {
        return asked.kind == RecordKind::Result ? commandStatusFromName(asked.action) : std::nullopt;
    });
}

} // namespace commander::ctl
