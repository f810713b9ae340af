// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/node_text.h"

#include "models/format.h"
#include "models/utc_zone.h"
#include "models/words.h"
#include "timeline/time_ticks.h"

#include <algorithm>
#include <commander/json.h>
#include <QCoreApplication>
#include <QDateTime>

namespace commander::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::NodeText)
};

QString joined(const QString &a, const QString &b)
{
    if (a.isEmpty() || b.isEmpty())
        return a + b;
    return Texts::tr("%1 · %2", "two facts side by side").arg(a, b);
}

void describeResult(const Record &record, NodeText &text)
{
    const auto outcome = parseOutcome(record.data);
    if (!outcome) {
        text.warning = Texts::tr("Outcome cannot be read");
        return;
    }
    text.status = statusWord(outcome->status);
    text.statusIcon = Theme::statusIcon(outcome->status);
    text.title = text.status;
    if (outcome->errorCode.empty())
        text.detail = outcome->events.size() == 1 ? Texts::tr("1 event")
                                                  : Texts::tr("%1 events").arg(formatCount(outcome->events.size()));
    else
        text.detail
            = Texts::tr("%1: %2", "error code: message").arg(toText(outcome->errorCode), toText(outcome->errorMessage));
}

void describeChange(const DocumentChange &change, NodeText &text)
{
    text.icon = QStringLiteral("change");
    text.kind = change.created ? Texts::tr("Document created")
        : change.removed       ? Texts::tr("Document removed")
                               : Texts::tr("Document changed");
    text.title = Texts::tr("%1 / %2", "view / key").arg(toText(change.view), toText(change.key));
    const auto fields = namedFields(change.fields);
    for (const auto &field : fields) {
        if (text.fields.size() == fieldLinesMax)
            break;
        text.fields.push_back(fieldLine(field));
    }
    text.moreFields = fields.size() - text.fields.size();
}

} // namespace

std::vector<FieldChange> namedFields(const std::vector<FieldChange> &changes)
{
    if (changes.size() != 1 || !changes.front().pointer.empty())
        return changes;
    const auto &[pointer, before, after] = changes.front();
    if (before.has_value() == after.has_value())
        return changes;
    const auto members = sliceJsonObject(after ? *after : *before);
    if (!members)
        return changes;
    std::vector<FieldChange> fields;
    for (const auto &member : *members) {
        FieldChange field{'/' + escapePointerToken(member.name), {}, {}};
        (after ? field.after : field.before) = std::string(member.raw);
        fields.push_back(std::move(field));
    }
    return fields;
}

QString pointerText(const std::string &pointer)
{
    if (pointer.empty())
        return Texts::tr("document");
    auto tokens = toText(std::string_view(pointer).substr(1)).split(QLatin1Char('/'));
    for (auto &token : tokens)
        token.replace(QLatin1String("~1"), QLatin1String("/")).replace(QLatin1String("~0"), QLatin1String("~"));
    return tokens.join(QStringLiteral(" › "));
}

FieldLine fieldLine(const FieldChange &change)
{
    FieldLine line;
    line.name = pointerText(change.pointer);
    line.before = change.before ? toText(*change.before) : QString();
    line.after = change.after ? toText(*change.after) : QString();
    line.kind = !change.before ? FieldLine::Kind::Added
        : !change.after        ? FieldLine::Kind::Removed
                               : FieldLine::Kind::Changed;
    return line;
}

QString changeWord(FieldLine::Kind kind)
{
    switch (kind) {
    case FieldLine::Kind::Added:
        return Texts::tr("added");
    case FieldLine::Kind::Removed:
        return Texts::tr("removed");
    case FieldLine::Kind::Changed:
        return Texts::tr("changed");
    }
    return {};
}

CommandStatus resultStatus(const Record &record)
{
    return record.kind == RecordKind::Result ? commandStatusFromName(record.action).value_or(CommandStatus::Accepted)
                                             : CommandStatus::Accepted;
}

QString clockText(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(time.micros / 1000, utcZone).toString(QStringLiteral("HH:mm:ss.zzz"));
}

NodeText nodeText(const LineageNode &node)
{
    NodeText text;
    if (node.change) {
        describeChange(*node.change, text);
        return text;
    }
    if (!node.record)
        return text;
    const auto &record = *node.record;
    text.icon = Theme::kindIcon(record.kind);
    text.kind = kindWord(record.kind);
    text.title = toText(record.action);
    text.detail = joined(toText(record.key), toText(record.actor));
    text.place = joined(QLatin1Char('#') + formatCount(record.position.value), clockText(record.time()));
    if (record.kind == RecordKind::Command) {
        text.status = statusWord(node.status);
        text.statusIcon = Theme::statusIcon(node.status);
    } else if (record.kind == RecordKind::Result) {
        describeResult(record, text);
    }
    if (node.orphan)
        text.warning = Texts::tr("Its cause is not in the ledger");
    return text;
}

QColor nodeColor(const LineageNode &node, const Theme &theme)
{
    if (node.change)
        return theme.color(Theme::Tone::Change);
    if (!node.record)
        return theme.color(Theme::Tone::TextMuted);
    if (node.record->kind == RecordKind::Result)
        return theme.statusColor(resultStatus(*node.record));
    return theme.kindColor(node.record->kind);
}

QString chainText(const LineageGraph &graph)
{
    const auto changes = std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                       [](const auto &node) { return node.change.has_value(); });
    const auto records = static_cast<int>(graph.nodes.size()) - static_cast<int>(changes);
    const auto *root = graph.nodes.empty() ? nullptr : graph.nodes.front().record.get();
    return Texts::tr("Chain of %1 · %2, %3")
        .arg(root ? toText(root->action) : QString(),
             records == 1 ? Texts::tr("1 record") : Texts::tr("%1 records").arg(records),
             changes == 1 ? Texts::tr("1 document change") : Texts::tr("%1 document changes").arg(changes));
}

QString latencyText(const LineageNode &cause, const LineageNode &effect)
{
    if (effect.change || !cause.record || !effect.record)
        return {};
    const auto micros = effect.record->recordedAt.micros - cause.record->recordedAt.micros;
    return micros <= 0 ? QString() : durationText(micros);
}

} // namespace commander::ui
