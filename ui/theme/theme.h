// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

namespace commander::ui {

/// Colours by meaning, fonts and icons, for light and dark. State is never shown by colour alone. GUI thread only; one per
/// window, handed to whoever paints.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { Light, Dark };
    Q_ENUM(Mode)
    enum class Tone {
        Window,      ///< behind everything
        Surface,     ///< cards, tables, panels
        SurfaceAlt,  ///< alternate rows, headers
        Border,
        Text,
        TextMuted,   ///< labels, secondary text (contrast >= 4.5 on Surface)
        Accent,      ///< selection, primary button, links
        AccentText,  ///< on Accent
        Command,
        Event,
        Succeeded,
        Rejected,
        Failed,
        Change,      ///< document changes
        Pending,
        Warning,     ///< time travel banner, stale
        Added,
        Removed
    };

    explicit Theme(QObject *parent = nullptr);

    [[nodiscard]] Mode mode() const { return m_mode; }
    void setMode(Mode mode); ///< applies palette and style sheet to the application
    [[nodiscard]] QColor color(Tone tone) const;
    [[nodiscard]] QColor kindColor(RecordKind kind) const;
    [[nodiscard]] QColor statusColor(CommandStatus status) const;
    /// Well-separated colours for chart series, by index; stable between modes.
    [[nodiscard]] QColor seriesColor(int index) const;
    [[nodiscard]] QFont monospace() const;
    /// Icons by meaning: home, ledger, timeline, lineage, views, command, event, result, change, play, pause, copy, search,
    /// close, light, dark, send, follow, zoom-in, zoom-out, fit, previous, next, filter, warning, check, cross, clock
    [[nodiscard]] QIcon icon(const QString &name) const;

Q_SIGNALS:
    void changed();

private:
    Mode m_mode = Mode::Light;
};

} // namespace commander::ui
