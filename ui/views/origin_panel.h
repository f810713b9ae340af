// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <optional>
#include <QFrame>

class QLabel;

namespace commander::ui {

class ElidedLabel;
class IconButton;

/// Who set a field: the event and the command that caused it, each with the way to its record and its lineage. GUI
/// thread only.
class OriginPanel final : public QFrame {
    Q_OBJECT
public:
    OriginPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    /// `field` is what people call it; no origin shows how to get one.
    void setOrigin(const QString &field, const std::optional<FieldOrigin> &origin);

private:
    struct Line {
        QWidget *box = nullptr;
        QLabel *name = nullptr;
        ElidedLabel *facts = nullptr;
    };
    [[nodiscard]] Line makeLine(Theme &theme, const QString &icon, Theme::Tone tone, const QString &kind,
                                const QString &ledger, const QString &lineage, Uuid FieldOrigin::*id);
    void tellCommand(const Result<RecordPtr> &command);

    EngineLink &m_link;
    Selection &m_selection;
    ElidedLabel *m_head;
    QLabel *m_hint;
    Line m_event;
    Line m_command;
    std::optional<FieldOrigin> m_origin;
    Ask m_ask;
};

} // namespace commander::ui
