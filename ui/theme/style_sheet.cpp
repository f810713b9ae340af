// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/palettes.h"

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

// Item views get no ::item rules on purpose: those make every cell go through the style sheet engine.
constexpr QStringView sheet = uR"(
QToolTip { background: @surface; color: @text; border: 1px solid @border; padding: 4px 6px; }

QLabel[role="muted"] { color: @muted; }
QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="heading"] { font-size: 11.5pt; font-weight: 600; }
QLabel[role="caption"] { color: @muted; font-size: 8.5pt; font-weight: 600; }
QLabel[role="value"] { font-size: 18pt; font-weight: 600; }
QLabel[role="small"] { color: @muted; font-size: 9pt; }
QLabel[role="problem"] { color: @failed; font-size: 9pt; }

QFrame[card="true"] { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame[bar="true"] { background: @surface; border: 0; border-bottom: 1px solid @border; }
QFrame[inset="true"] { background: @alt; border: 1px solid @border; border-radius: 6px; }
QFrame[line="true"] { background: @border; border: 0; min-height: 1px; max-height: 1px; }
QWidget[surface="true"] { background: @surface; }

QPushButton { background: @surface; color: @text; border: 1px solid @border; border-radius: 6px; padding: 5px 12px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @pressed; }
QPushButton:checked { background: @checked; border-color: @accentsoft; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @disabled; background: @window; }
QPushButton[primary="true"] { background: @accent; color: @accenttext; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @accenthover; }
QPushButton[primary="true"]:pressed { background: @accentpressed; }
QPushButton[primary="true"]:focus { border-color: @text; }
QPushButton[primary="true"]:disabled { background: @alt; color: @disabled; border-color: @border; }
QPushButton::menu-indicator { image: url(:/icons/sheet-down-@mode.svg); width: 10px; height: 10px; subcontrol-position: right center; right: 7px; }
QPushButton[menuButton="true"] { padding-right: 22px; }

QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 4px; background: transparent; color: @text; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @pressed; }
QToolButton:checked { background: @checked; border-color: @accentsoft; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @disabled; }
QToolButton[segment="true"] { border: 1px solid @border; border-radius: 0; padding: 4px 10px; background: @surface; }
QToolButton[segment="true"]:hover { background: @hover; }
QToolButton[segment="true"]:checked { background: @checked; border-color: @accentsoft; }
QToolButton[segment="true"]:focus { border-color: @accent; }
QToolButton[segment="true"][end="first"] { border-top-left-radius: 6px; border-bottom-left-radius: 6px; }
QToolButton[segment="true"][end="last"] { border-top-right-radius: 6px; border-bottom-right-radius: 6px; }
QToolButton[rail="true"] { border: 0; border-radius: 8px; padding: 8px 2px; color: @muted; font-size: 8.5pt; }
QToolButton[rail="true"]:hover { background: @hover; color: @text; }
QToolButton[rail="true"]:checked { background: @checked; color: @text; font-weight: 600; }
QToolButton[rail="true"]:focus { border: 1px solid @accent; }
QToolButton[chip="true"] { background: @checked; border: 1px solid @accentsoft; border-radius: 11px; padding: 1px 8px; font-size: 9pt; }
QToolButton[chip="true"]:hover { background: @hover; }
QToolButton[chip="true"]:focus { border-color: @accent; }
QToolButton[link="true"] { border: 0; padding: 2px 0; color: @accent; }
QToolButton[link="true"]:hover { background: transparent; text-decoration: underline; }
QToolButton[link="true"]:focus { border: 0; text-decoration: underline; }
QToolButton[link="true"]:disabled { color: @muted; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QAbstractSpinBox, QComboBox {
    background: @surface; color: @text; border: 1px solid @border; border-radius: 6px; padding: 4px 8px;
    selection-background-color: @selection; selection-color: @text; min-height: 18px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: @accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @disabled; background: @window; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QFrame[invalid="true"] { border-color: @failed; }
QLineEdit[validity="good"] { border-color: @succeeded; background: @goodsoft; }
QLineEdit[validity="wrong"] { border-color: @failed; background: @wrongsoft; }
QLabel[problem="true"] { color: @failed; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow { image: url(:/icons/sheet-down-@mode.svg); width: 11px; height: 11px; }
QSpinBox::up-button, QSpinBox::down-button { border: 0; width: 16px; background: transparent; }
QSpinBox::up-arrow { image: url(:/icons/sheet-up-@mode.svg); width: 9px; height: 9px; }
QSpinBox::down-arrow { image: url(:/icons/sheet-down-@mode.svg); width: 9px; height: 9px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; selection-background-color: @selection; }

QCheckBox { spacing: 7px; }
QCheckBox::indicator, QTreeView[legend="true"]::indicator { width: 14px; height: 14px; border: 1px solid @strongborder; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked, QTreeView[legend="true"]::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/sheet-check-@mode.svg); }
QCheckBox::indicator:focus { border-color: @accent; }

QPlainTextEdit, QTextEdit, QTextBrowser { background: @surface; color: @text; border: 1px solid @border; border-radius: 6px;
    selection-background-color: @textselection; selection-color: @text; }
QPlainTextEdit:focus, QTextEdit:focus { border-color: @accentsoft; }
QPlainTextEdit[plain="true"] { border: 0; background: transparent; }

QAbstractItemView { background: @surface; alternate-background-color: @alt; border: 1px solid @border; border-radius: 6px; outline: 0; }
QTableView[flat="true"], QTreeView[flat="true"], QListView[flat="true"] { border: 0; border-radius: 0; }
QHeaderView { background: @alt; border: 0; }
QHeaderView::section { background: @alt; color: @muted; border: 0; border-bottom: 1px solid @border; padding: 6px 8px; font-weight: 600; font-size: 9pt; }
QTableCornerButton::section { background: @alt; border: 0; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: @scrollhover; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: @border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: @accentsoft; }

QMenu { background: @surface; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @border; margin: 5px 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; border: 1px solid @strongborder; border-radius: 4px; background: @surface; }
QMenu::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/sheet-check-@mode.svg); }
QMenu[checkable="true"]::item { padding-left: 32px; }

QTabBar::tab { background: transparent; color: @muted; border: 0; border-bottom: 2px solid transparent; padding: 7px 12px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; font-weight: 600; }
QTabBar { qproperty-drawBase: 0; }
QTabWidget::pane { border: 0; border-top: 1px solid @border; }

QProgressBar { background: @alt; border: 1px solid @border; border-radius: 4px; max-height: 8px; min-height: 8px; text-align: center; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }

QSlider::groove:horizontal { height: 4px; background: @border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { background: @surface; border: 2px solid @accent; width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; }
QSlider::handle:horizontal:focus { background: @accent; }
QSlider::handle:horizontal:disabled { border-color: @border; }

QStatusBar { background: @surface; border-top: 1px solid @border; color: @muted; }
QStatusBar::item { border: 0; }
QScrollArea { border: 0; background: transparent; }
QScrollArea > QWidget > QWidget[page="true"] { background: @window; }
)";

} // namespace

QString modeStyleSheet(Theme::Mode mode)
{
    using Tone = Theme::Tone;
    const auto tone = [mode](Tone t) { return toneColor(mode, t); };
    const bool light = mode == Theme::Mode::Light;
    const QColor surface = tone(Tone::Surface);
    const QColor text = tone(Tone::Text);
    const QColor accent = tone(Tone::Accent);

    // Longer names first where one begins with another.
    const std::pair<QStringView, QString> tokens[] = {
        {u"@accenthover", mixColors(text, accent, light ? 0.14 : 0.22).name()},
        {u"@accentpressed", mixColors(text, accent, light ? 0.26 : 0.36).name()},
        {u"@accenttext", tone(Tone::AccentText).name()},
        {u"@accentsoft", mixColors(accent, surface, 0.45).name()},
        {u"@accent", accent.name()},
        {u"@textselection", mixColors(accent, surface, light ? 0.22 : 0.35).name()},
        {u"@text", text.name()},
        {u"@muted", tone(Tone::TextMuted).name()},
        {u"@disabled", mixColors(tone(Tone::TextMuted), tone(Tone::Window), 0.6).name()},
        {u"@strongborder", mixColors(tone(Tone::TextMuted), tone(Tone::Border), 0.6).name()},
        {u"@border", tone(Tone::Border).name()},
        {u"@surface", surface.name()},
        {u"@window", tone(Tone::Window).name()},
        {u"@alt", tone(Tone::SurfaceAlt).name()},
        {u"@hover", mixColors(text, surface, light ? 0.05 : 0.08).name()},
        {u"@pressed", mixColors(text, surface, light ? 0.10 : 0.14).name()},
        {u"@checked", mixColors(accent, surface, light ? 0.12 : 0.20).name()},
        {u"@selection", mixColors(accent, surface, light ? 0.16 : 0.26).name()},
        {u"@scrollhover", mixColors(tone(Tone::TextMuted), surface, 0.65).name()},
        {u"@scroll", mixColors(tone(Tone::TextMuted), surface, 0.38).name()},
        {u"@failed", tone(Tone::Failed).name()},
        {u"@succeeded", tone(Tone::Succeeded).name()},
        {u"@goodsoft", mixColors(tone(Tone::Succeeded), surface, light ? 0.07 : 0.12).name()},
        {u"@wrongsoft", mixColors(tone(Tone::Failed), surface, light ? 0.07 : 0.14).name()},
        {u"@mode", light ? u"light"_s : u"dark"_s},
    };
    QString filled = sheet.toString();
    for (const auto &[token, value] : tokens)
        filled.replace(token.toString(), value);
    return filled;
}

} // namespace commander::ui
