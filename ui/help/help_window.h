// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QDialog>

class QListWidget;
class QTextBrowser;

namespace commander::ui {

/// The documentation beside the window that it explains. Not modal. The theme must outlive it.
class HelpWindow final : public QDialog {
    Q_OBJECT
public:
    explicit HelpWindow(Theme &theme, QWidget *parent = nullptr);
    /// By the name of its file, e.g. "writing-a-domain"; nothing happens when there is no such topic.
    void showTopic(const QString &name);

private:
    void render();
    void follow(const QUrl &link);
    void showAbout();

    Theme &m_theme;
    QListWidget *m_topics;
    QTextBrowser *m_text;
};

} // namespace commander::ui
