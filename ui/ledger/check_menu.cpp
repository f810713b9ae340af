// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/check_menu.h"

#include "models/format.h"

#include <algorithm>
#include <QKeyEvent>
#include <QMouseEvent>

namespace commander::ui {

CheckMenu::CheckMenu(QWidget *parent) : QMenu(parent)
{
    setProperty("checkable", true);
}

void CheckMenu::setEntries(const std::vector<Entry> &entries, const std::vector<std::string> &chosen)
{
    clear();
    const auto add = [this](const Entry &entry, bool checked) {
        QString text = entry.text;
        text.replace(u'&', QStringLiteral("&&"));
        QAction *action = addAction(entry.note.isEmpty() ? text : text + u'\t' + entry.note);
        action->setCheckable(true);
        action->setChecked(checked);
        action->setData(QByteArray::fromStdString(entry.value));
        connect(action, &QAction::toggled, this, &CheckMenu::report);
    };
    for (const Entry &entry : entries)
        add(entry, std::find(chosen.begin(), chosen.end(), entry.value) != chosen.end());
    for (const std::string &value : chosen) {
        if (std::none_of(entries.begin(), entries.end(), [&](const Entry &entry) { return entry.value == value; }))
            add(Entry{value, toText(value), {}}, true);
    }
    if (isEmpty())
        showMessage(tr("Nothing to choose from yet"));
}

void CheckMenu::showMessage(const QString &message)
{
    clear();
    addAction(message)->setEnabled(false);
}

void CheckMenu::mouseReleaseEvent(QMouseEvent *event)
{
    QAction *action = actionAt(event->pos());
    if (action && action->isCheckable() && action->isEnabled()) {
        action->trigger();
        return;
    }
    QMenu::mouseReleaseEvent(event);
}

void CheckMenu::keyPressEvent(QKeyEvent *event)
{
    QAction *action = activeAction();
    if (event->key() == Qt::Key_Space && action && action->isCheckable()) {
        action->trigger();
        return;
    }
    QMenu::keyPressEvent(event);
}

void CheckMenu::report()
{
    std::vector<std::string> chosen;
    for (const QAction *action : actions()) {
        if (action->isChecked())
            chosen.push_back(action->data().toByteArray().toStdString());
    }
    Q_EMIT chosenChanged(chosen);
}

} // namespace commander::ui
