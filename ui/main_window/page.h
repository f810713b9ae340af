// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QSettings;

namespace commander::ui {

class EngineLink;
class Selection;

/// One page of the window. It asks the engine only while it is shown: activate() and deactivate() say when.
class Page : public QWidget {
    Q_OBJECT
public:
    Page(EngineLink &link, Selection &selection, QWidget *parent = nullptr)
        : QWidget(parent), m_link(link), m_selection(selection)
    {
    }
    [[nodiscard]] virtual QString title() const = 0;
    [[nodiscard]] virtual QString iconName() const = 0; ///< as Theme::icon() takes it
    virtual void activate() { }                         ///< now visible: catch up and follow
    virtual void deactivate() { }                       ///< hidden: stop asking
    virtual void saveState(QSettings &) const { }       ///< splitters, columns: what the user arranged
    virtual void restoreState(const QSettings &) { }

protected:
    EngineLink &m_link;
    Selection &m_selection;
};

} // namespace commander::ui
