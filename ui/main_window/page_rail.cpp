// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/page_rail.h"

#include "main_window/page.h"

#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int railWidth = 88;
constexpr int iconPixels = 24;
} // namespace

PageRail::PageRail(Theme &theme, const std::vector<Page *> &pages, QWidget *parent)
    : QFrame(parent), m_theme(theme), m_pages(pages), m_help(makeButton(tr("Help"), QKeySequence::HelpContents))
{
    setObjectName(u"rail"_s);
    setFixedWidth(railWidth);
    setAccessibleName(tr("Pages"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 12, 8, 12);
    column->setSpacing(4);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const QKeySequence keys(int(Qt::CTRL) | (int(Qt::Key_1) + int(i)));
        auto *button = makeButton(pages[i]->title(), keys);
        button->setCheckable(true);
        m_buttons.addButton(button, int(i));
        column->addWidget(button);
        auto *shortcut = new QShortcut(keys, this);
        connect(shortcut, &QShortcut::activated, this, [this, i] { Q_EMIT chosen(int(i)); });
    }
    column->addStretch(1);
    column->addWidget(m_help);
    connect(m_help, &QToolButton::clicked, this, &PageRail::helpWanted);
    auto *help = new QShortcut(QKeySequence::HelpContents, this);
    connect(help, &QShortcut::activated, this, &PageRail::helpWanted);
    connect(&m_buttons, &QButtonGroup::idClicked, this, &PageRail::chosen);
    connect(&m_buttons, &QButtonGroup::idToggled, this, &PageRail::redraw);
    connect(&theme, &Theme::changed, this, &PageRail::redraw);
    redraw();
}

QToolButton *PageRail::makeButton(const QString &text, const QKeySequence &keys)
{
    auto *button = new QToolButton;
    button->setProperty("rail", true);
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(u"%1 (%2)"_s.arg(text, keys.toString(QKeySequence::NativeText)));
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setIconSize({iconPixels, iconPixels});
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return button;
}

void PageRail::setCurrent(int index)
{
    if (QAbstractButton *button = m_buttons.button(index))
        button->setChecked(true);
}

void PageRail::redraw()
{
    setStyleSheet(u"#rail { background: %1; border: 0; border-right: 1px solid %2; }"_s.arg(
        m_theme.color(Theme::Tone::Surface).name(), m_theme.color(Theme::Tone::Border).name()));
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        QAbstractButton *button = m_buttons.button(int(i));
        const auto tone = button->isChecked() ? Theme::Tone::Accent : Theme::Tone::TextMuted;
        button->setIcon(m_theme.icon(m_pages[i]->iconName(), m_theme.color(tone)));
    }
    m_help->setIcon(m_theme.icon(u"help"_s, m_theme.color(Theme::Tone::TextMuted)));
}

} // namespace commander::ui
