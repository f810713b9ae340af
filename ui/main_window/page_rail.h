// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QButtonGroup>
#include <QFrame>
#include <vector>

class QKeySequence;
class QToolButton;

namespace commander::ui {

class Page;

/// The pages at the left edge, icon over name. Ctrl+1 … Ctrl+9 choose them.
class PageRail final : public QFrame {
    Q_OBJECT
public:
    PageRail(Theme &theme, const std::vector<Page *> &pages, QWidget *parent = nullptr);
    void setCurrent(int index);

Q_SIGNALS:
    void chosen(int index);
    void helpWanted();

private:
    [[nodiscard]] static QToolButton *makeButton(const QString &text, const QKeySequence &keys);
    void redraw();

    Theme &m_theme;
    std::vector<Page *> m_pages;
    QButtonGroup m_buttons;
    QToolButton *m_help;
};

} // namespace commander::ui
