// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/command_list.h"

#include "models/format.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace commander::ui {

namespace {
constexpr int actionRole = Qt::UserRole;
constexpr int rowHeight = 26;
} // namespace

CommandList::CommandList(Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_search(new QLineEdit), m_tree(new QTreeWidget)
{
    m_search->setPlaceholderText(tr("Find a command"));
    m_search->setAccessibleName(tr("Find a command"));
    m_search->setClearButtonEnabled(true);
    m_tree->setAccessibleName(tr("Commands"));
    m_tree->setHeaderHidden(true);
    m_tree->setProperty("flat", true);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(10);
    m_tree->setTextElideMode(Qt::ElideRight);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_search);
    column->addWidget(m_tree, 1);
    connect(m_search, &QLineEdit::textChanged, this, &CommandList::filter);
    connect(m_search, &QLineEdit::returnPressed, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem *item) {
        if (const QString action = item ? item->data(0, actionRole).toString() : QString(); !action.isEmpty())
            Q_EMIT chosen(action);
    });
    connect(&theme, &Theme::changed, this, &CommandList::redraw);
}

void CommandList::setDomains(const std::vector<DomainDescription> &domains)
{
    m_tree->clear();
    for (const auto &domain : domains) {
        auto *group = new QTreeWidgetItem(m_tree, {toText(domain.name)});
        group->setSizeHint(0, {0, rowHeight});
        group->setFlags(Qt::ItemIsEnabled);
        QFont bold = m_tree->font();
        bold.setWeight(QFont::DemiBold);
        group->setFont(0, bold);
        for (const auto &command : domain.commands) {
            auto *item = new QTreeWidgetItem(group, {toText(command.action)});
            item->setSizeHint(0, {0, rowHeight});
            item->setData(0, actionRole, toText(command.action));
            item->setToolTip(0, toText(command.title.empty() ? command.action : command.title));
        }
        group->setExpanded(true);
    }
    redraw();
}

void CommandList::redraw()
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        auto *group = m_tree->topLevelItem(i);
        for (int j = 0; j < group->childCount(); ++j)
            group->child(j)->setIcon(
                0, m_theme.icon(Theme::kindIcon(RecordKind::Command), m_theme.kindColor(RecordKind::Command)));
    }
}

QString CommandList::current() const
{
    const auto *item = m_tree->currentItem();
    return item ? item->data(0, actionRole).toString() : QString();
}

void CommandList::setCurrent(const QString &action)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        auto *group = m_tree->topLevelItem(i);
        for (int j = 0; j < group->childCount(); ++j) {
            if (group->child(j)->data(0, actionRole) == action) {
                m_search->clear();
                m_tree->setCurrentItem(group->child(j));
                return;
            }
        }
    }
}

void CommandList::filter(const QString &text)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        auto *group = m_tree->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j) {
            auto *item = group->child(j);
            const bool fits = item->text(0).contains(text, Qt::CaseInsensitive)
                || item->toolTip(0).contains(text, Qt::CaseInsensitive);
            item->setHidden(!fits);
            any = any || fits;
        }
        group->setHidden(!any);
    }
}

} // namespace commander::ui
