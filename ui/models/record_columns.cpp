// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/record_columns.h"

#include "models/words.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::RecordColumns)
};

constexpr int previewCharacters = 160;
constexpr int detailCharacters = 800;

} // namespace

QString columnTitle(RecordColumn column, TimeStyle style)
{
    switch (column) {
    case RecordColumn::Position:
        return Texts::tr("Position");
    case RecordColumn::Time: {
        const QString zone = zoneName(style, currentTime());
        return zone.isEmpty() ? Texts::tr("Time") : Texts::tr("Time (%1)", "with the zone").arg(zone);
    }
    case RecordColumn::Kind:
        return Texts::tr("Kind");
    case RecordColumn::Action:
        return Texts::tr("Action");
    case RecordColumn::Key:
        return Texts::tr("Key");
    case RecordColumn::Status:
        return Texts::tr("Status");
    case RecordColumn::Data:
        return Texts::tr("Data");
    case RecordColumn::Topic:
        return Texts::tr("Topic");
    case RecordColumn::Actor:
        return Texts::tr("Actor");
    case RecordColumn::Id:
        return Texts::tr("Id");
    case RecordColumn::Size:
        return Texts::tr("Size");
    }
    return {};
}

QString cellText(const RecordRow &row, RecordColumn column, TimeStyle style, Timestamp now)
{
    const Record &record = *row.record;
    switch (column) {
    case RecordColumn::Position:
        return formatCount(record.position.value);
    case RecordColumn::Time:
        return formatTime(record.recordedAt, style, now);
    case RecordColumn::Kind:
        return kindWord(record.kind);
    case RecordColumn::Action:
        return toText(record.action);
    case RecordColumn::Key:
        return toText(record.key);
    case RecordColumn::Status:
        return row.status ? statusWord(*row.status) : QString();
    case RecordColumn::Data:
        return previewText(record.data, previewCharacters);
    case RecordColumn::Topic:
        return toText(record.topic);
    case RecordColumn::Actor:
        return toText(record.actor);
    case RecordColumn::Id:
        return shortId(record.id);
    case RecordColumn::Size:
        return formatBytes(row.dataBytes);
    }
    return {};
}

QString cellDetail(const RecordRow &row, RecordColumn column, TimeStyle style, Timestamp now)
{
    switch (column) {
    case RecordColumn::Time:
        return formatTimeLong(row.record->recordedAt, style, now);
    case RecordColumn::Id:
        return toText(row.record->id.text());
    case RecordColumn::Data:
        return previewText(row.record->data, detailCharacters);
    default:
        return cellText(row, column, style, now);
    }
}

bool isNumericColumn(RecordColumn column)
{
    return column == RecordColumn::Position || column == RecordColumn::Size;
}

bool isMonospaceColumn(RecordColumn column)
{
    return column == RecordColumn::Data || column == RecordColumn::Id;
}

} // namespace commander::ui
