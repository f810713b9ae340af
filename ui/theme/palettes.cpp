// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/palettes.h"

#include <array>

namespace commander::ui {

namespace {

using Tone = Theme::Tone;

constexpr std::size_t toneCount = std::size_t(Tone::Removed) + 1;

// Every text tone has a contrast of at least 4.5 on Window, Surface and SurfaceAlt (checked by a test).
constexpr std::array<QRgb, toneCount> lightTones = {
    0xfff3f4f7, // Window
    0xffffffff, // Surface
    0xfff7f8fa, // SurfaceAlt
    0xffd8dce3, // Border
    0xff1a2029, // Text
    0xff586373, // TextMuted
    0xff2456d6, // Accent
    0xffffffff, // AccentText
    0xff2f55c4, // Command
    0xff0a7068, // Event
    0xff1b7339, // Succeeded
    0xff9a5200, // Rejected
    0xffbd2530, // Failed
    0xff7639ad, // Change
    0xff586373, // Pending
    0xff935700, // Warning
    0xff1b7339, // Added
    0xffbd2530, // Removed
};

constexpr std::array<QRgb, toneCount> darkTones = {
    0xff13161b, // Window
    0xff1a1e25, // Surface
    0xff20252d, // SurfaceAlt
    0xff333b47, // Border
    0xffe3e7ed, // Text
    0xff9aa5b4, // TextMuted
    0xff7aa5ff, // Accent
    0xff0c1322, // AccentText
    0xff86abff, // Command
    0xff45c4b3, // Event
    0xff62cb8d, // Succeeded
    0xffe7a550, // Rejected
    0xfff47f82, // Failed
    0xffc5a0f6, // Change
    0xff9aa5b4, // Pending
    0xfff0b44a, // Warning
    0xff62cb8d, // Added
    0xfff47f82, // Removed
};

} // namespace

QColor toneColor(Theme::Mode mode, Theme::Tone tone)
{
    const auto index = std::size_t(tone);
    return QColor::fromRgb(mode == Theme::Mode::Light ? lightTones[index] : darkTones[index]);
}

QColor mixColors(const QColor &over, const QColor &under, double share)
{
    const auto part = [share](int a, int b) { return int(a * share + b * (1.0 - share) + 0.5); };
    return {part(over.red(), under.red()), part(over.green(), under.green()), part(over.blue(), under.blue())};
}

QPalette modePalette(Theme::Mode mode)
{
    const auto tone = [mode](Tone t) { return toneColor(mode, t); };
    const QColor text = tone(Tone::Text);
    const QColor muted = tone(Tone::TextMuted);
    const QColor disabled = mixColors(muted, tone(Tone::Window), 0.6);

    QPalette p;
    p.setColor(QPalette::Window, tone(Tone::Window));
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, tone(Tone::Surface));
    p.setColor(QPalette::AlternateBase, tone(Tone::SurfaceAlt));
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, tone(Tone::Surface));
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, tone(Tone::Failed));
    p.setColor(QPalette::ToolTipBase, tone(Tone::Surface));
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::PlaceholderText, mixColors(muted, tone(Tone::Surface), 0.9));
    p.setColor(QPalette::Link, tone(Tone::Accent));
    p.setColor(QPalette::LinkVisited, tone(Tone::Change));
    // A quiet selection keeps the meaning colours inside a selected row readable.
    p.setColor(QPalette::Highlight,
               mixColors(tone(Tone::Accent), tone(Tone::Surface), mode == Theme::Mode::Light ? 0.16 : 0.26));
    p.setColor(QPalette::HighlightedText, text);
    p.setColor(QPalette::Light, mixColors(tone(Tone::Surface), tone(Tone::Border), 0.7));
    p.setColor(QPalette::Midlight, tone(Tone::SurfaceAlt));
    p.setColor(QPalette::Mid, tone(Tone::Border));
    p.setColor(QPalette::Dark, mixColors(tone(Tone::Border), muted, 0.7));
    p.setColor(QPalette::Shadow, mode == Theme::Mode::Light ? QColor(0x9a, 0xa2, 0xae) : QColor(0x08, 0x0a, 0x0d));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    return p;
}

} // namespace commander::ui
