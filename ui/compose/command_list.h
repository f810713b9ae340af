// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/domain.h>

#include <QWidget>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace commander::ui {

/// Every command that the domains of this workspace offer, by domain, with a field to find one.
class CommandList final : public QWidget {
    Q_OBJECT
public:
    explicit CommandList(Theme &theme, QWidget *parent = nullptr);
    void setDomains(const std::vector<DomainDescription> &domains);
    [[nodiscard]] QString current() const; ///< action; empty when none is chosen
    void setCurrent(const QString &action);

Q_SIGNALS:
    void chosen(const QString &action);

private:
    void filter(const QString &text);
    void redraw();

    Theme &m_theme;
    QLineEdit *m_search;
    QTreeWidget *m_tree;
};

} // namespace commander::ui
