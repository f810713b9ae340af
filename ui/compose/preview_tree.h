// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/preview.h>

#include <QTreeWidget>

namespace commander::ui {

/// What a previewed command would record and change: its events, the commands they cause, and the fields of documents
/// before and after.
class PreviewTree final : public QTreeWidget {
    Q_OBJECT
public:
    explicit PreviewTree(Theme &theme, QWidget *parent = nullptr);
    void setPreview(const Preview &preview);

private:
    void addCommand(const PreviewedCommand &command, bool first);
    void addChange(QTreeWidgetItem *parent, const DocumentChange &change);
    QTreeWidgetItem *add(QTreeWidgetItem *parent, const QStringList &texts);

    Theme &m_theme;
    int m_room = 0; ///< rows that may still be made
    int m_left = 0; ///< … and how many were not
};

} // namespace commander::ui
