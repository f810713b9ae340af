// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <QColor>
#include <QFont>
#include <QHash>
#include <QIcon>
#include <QObject>
#include <QString>

class QSettings;

namespace commander::ui {

/// Colours by meaning, fonts and icons, for light and dark. State is never shown by colour alone. GUI thread only; one
/// per window, handed to whoever paints.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { Light, Dark };
    Q_ENUM(Mode)
    enum class Tone {
        Window,     ///< behind everything
        Surface,    ///< cards, tables, panels
        SurfaceAlt, ///< alternate rows, headers
        Border,
        Text,
        TextMuted,  ///< labels, secondary text (contrast >= 4.5 on Surface)
        Accent,     ///< selection, primary button, links
        AccentText, ///< on Accent
        Command,
        Event,
        Succeeded,
        Rejected,
        Failed,
        Change, ///< document changes
        Pending,
        Warning, ///< time travel banner, stale; as a background it takes Surface as its text
        Added,
        Removed
    };

    explicit Theme(QObject *parent = nullptr);

    [[nodiscard]] Mode mode() const { return m_mode; }
    void setMode(Mode mode); ///< applies palette and style sheet to the application
    void toggle() { setMode(m_mode == Mode::Light ? Mode::Dark : Mode::Light); }
    /// What the desktop's own palette was at the start.
    [[nodiscard]] Mode desktopMode() const { return m_desktopMode; }
    /// Takes the remembered mode (the desktop's when there is none) and remembers every later choice. The settings must
    /// outlive the theme.
    void remember(QSettings &settings);

    [[nodiscard]] QColor color(Tone tone) const;
    [[nodiscard]] QColor kindColor(RecordKind kind) const;
    [[nodiscard]] QColor statusColor(CommandStatus status) const;
    /// `share` (0 to 1) of a tone on top of Surface: quiet backgrounds for badges and rows.
    [[nodiscard]] QColor tint(const QColor &color, double share) const;
    /// Well-separated colours for chart series, by index; stable between modes.
    [[nodiscard]] QColor seriesColor(int index) const;
    [[nodiscard]] QFont monospace() const;
    /// Icons by meaning: home, ledger, timeline, lineage, views, command, event, result, change, play, pause, copy,
    /// search, close, light, dark, send, follow, zoom-in, zoom-out, fit, previous, next, filter, warning, check, cross,
    /// clock; also succeeded, rejected, failed, stop, first, last, up, down, info, terminal, code, link, bank, disk,
    /// gear, history, user, more, key, document, goto. Fetch again after changed(), or use IconButton and IconLabel,
    /// which do.
    [[nodiscard]] QIcon icon(const QString &name) const;
    [[nodiscard]] QIcon icon(const QString &name, const QColor &color) const;
    /// Names for icon().
    [[nodiscard]] static QString kindIcon(RecordKind kind);
    [[nodiscard]] static QString statusIcon(CommandStatus status);

Q_SIGNALS:
    void changed();

private:
    void apply();

    Mode m_mode = Mode::Light;
    Mode m_desktopMode = Mode::Light;
    QString m_monospaceFamily;
    mutable QHash<QString, QIcon> m_icons; ///< of the present mode, by name and colour
};

} // namespace commander::ui
