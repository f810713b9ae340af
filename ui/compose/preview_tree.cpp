// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/preview_tree.h"

#include "models/format.h"
#include "models/words.h"

#include <QHeaderView>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int rowsMax = 400; // as many as are made within a frame
constexpr int previewCharacters = 300;

QString jsonOrNone(const std::optional<std::string> &json)
{
    return json ? previewText(*json, previewCharacters) : u"–"_s;
}
} // namespace

PreviewTree::PreviewTree(Theme &theme, QWidget *parent) : QTreeWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("What the command would record and change"));
    setHeaderLabels({tr("Record or field"), tr("Before"), tr("After or data")});
    setProperty("flat", true);
    setUniformRowHeights(true);
    setIndentation(14);
    setTextElideMode(Qt::ElideRight);
    header()->setSectionResizeMode(0, QHeaderView::Interactive);
    header()->setSectionResizeMode(1, QHeaderView::Interactive);
    header()->setStretchLastSection(true);
    header()->resizeSection(0, 220);
    header()->resizeSection(1, 90);
}

QTreeWidgetItem *PreviewTree::add(QTreeWidgetItem *parent, const QStringList &texts)
{
    if (m_room == 0) {
        ++m_left;
        return nullptr;
    }
    --m_room;
    auto *item = parent ? new QTreeWidgetItem(parent, texts) : new QTreeWidgetItem(this, texts);
    for (int column = 0; column < 3; ++column)
        item->setToolTip(column, texts.value(column));
    return item;
}

void PreviewTree::setPreview(const Preview &preview)
{
    clear();
    m_room = rowsMax;
    m_left = 0;
    for (std::size_t i = 0; i < preview.commands.size(); ++i)
        addCommand(preview.commands[i], i == 0);
    if (preview.undecided > 0) {
        ++m_room;
        add(nullptr, {tr("%Ln more command(s) would be decided later", nullptr, int(preview.undecided)), {}, {}});
    }
    if (m_left > 0) {
        ++m_room;
        add(nullptr, {tr("%Ln more row(s) are not shown", nullptr, m_left), {}, {}});
    }
    expandAll();
    if (topLevelItemCount() > 0)
        setCurrentItem(topLevelItem(0));
}

void PreviewTree::addCommand(const PreviewedCommand &command, bool first)
{
    const QString action = toText(command.command.action);
    const QString status = command.outcome.status == CommandStatus::Accepted ? tr("would be decided later")
                                                                             : statusWord(command.outcome.status);
    auto *top = add(nullptr,
                    {first ? u"%1 · %2"_s.arg(action, status) : tr("causes %1 · %2").arg(action, status),
                     {},
                     command.outcome.errorMessage.empty() ? previewText(command.command.data, previewCharacters)
                                                          : toText(command.outcome.errorMessage)});
    if (!top)
        return;
    top->setIcon(0,
                 m_theme.icon(Theme::statusIcon(command.outcome.status), m_theme.statusColor(command.outcome.status)));
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    top->setFont(0, bold);
    for (const auto &event : command.events) {
        if (auto *item = add(top, {toText(event.action), {}, previewText(event.data, previewCharacters)}))
            item->setIcon(0, m_theme.icon(Theme::kindIcon(RecordKind::Event), m_theme.kindColor(RecordKind::Event)));
    }
    for (const auto &change : command.changes)
        addChange(top, change);
}

void PreviewTree::addChange(QTreeWidgetItem *parent, const DocumentChange &change)
{
    const QString name = u"%1 · %2"_s.arg(toText(change.view), toText(change.key));
    auto *item = add(parent,
                     {change.created       ? tr("%1 (new)").arg(name)
                          : change.removed ? tr("%1 (removed)").arg(name)
                                           : name,
                      {},
                      {}});
    if (!item)
        return;
    item->setIcon(0, m_theme.icon(u"change"_s, m_theme.color(Theme::Tone::Change)));
    for (const auto &field : change.fields) {
        auto *row = add(item,
                        {field.pointer.empty() ? tr("the whole document") : toText(field.pointer),
                         jsonOrNone(field.before), jsonOrNone(field.after)});
        if (!row)
            continue;
        for (int column = 1; column < 3; ++column)
            row->setFont(column, m_theme.monospace());
    }
}

} // namespace commander::ui
