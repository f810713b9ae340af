// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/lineage.h>

#include <QString>
#include <vector>

namespace commander::ui {

/// One changed field: "balance  1000 → 900".
struct FieldLine {
    enum class Kind { Added, Removed, Changed };
    Kind kind = Kind::Changed;
    QString name;
    QString before;
    QString after;
};
[[nodiscard]] FieldLine fieldLine(const FieldChange &change);
/// A document that comes or goes as a whole, told by its fields; other changes as they are.
[[nodiscard]] std::vector<FieldChange> namedFields(const std::vector<FieldChange> &changes);
/// "balance" for "/balance", "owner › name" for "/owner/name", "document" for the whole.
[[nodiscard]] QString pointerText(const std::string &pointer);
[[nodiscard]] QString changeWord(FieldLine::Kind kind);

/// A node in words: what the card, the table and assistive technology say of it.
struct NodeText {
    QString icon;
    QString kind;   ///< "Command", "Event", "Result", "Change"
    QString title;  ///< action, or "accounts / 12345"
    QString detail; ///< key and actor, or why it was rejected
    QString place;  ///< "#1,204 · 14:33:28.902"
    QString status; ///< commands and results
    QString statusIcon;
    QString warning; ///< e.g. a cause that is not there
    std::vector<FieldLine> fields;
    std::size_t moreFields = 0;
};
inline constexpr std::size_t fieldLinesMax = 4;

[[nodiscard]] NodeText nodeText(const LineageNode &node);
[[nodiscard]] QColor nodeColor(const LineageNode &node, const Theme &theme);
/// The status that a result states; Accepted for others.
[[nodiscard]] CommandStatus resultStatus(const Record &record);
/// Between cause and effect; empty for a document change, which has no time of its own.
[[nodiscard]] QString latencyText(const LineageNode &cause, const LineageNode &effect);
/// "Chain of transfer-money · 3 records, 2 document changes"
[[nodiscard]] QString chainText(const LineageGraph &graph);
[[nodiscard]] QString clockText(Timestamp time); ///< 14:33:28.902, UTC

} // namespace commander::ui
