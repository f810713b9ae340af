// SPDX-License-Identifier: GPL-3.0-or-later
#include "help/help_window.h"

#include "help/about_dialog.h"
#include "help/help_topics.h"
#include "help/markdown_text.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int nameRole = Qt::UserRole;
constexpr int markdownRole = Qt::UserRole + 1;
constexpr int topicsWidth = 220;

} // namespace

HelpWindow::HelpWindow(Theme &theme, QWidget *parent)
    : QDialog(parent), m_theme(theme), m_topics(new QListWidget), m_text(new QTextBrowser)
{
    setWindowTitle(tr("Commander help"));
    resize(1020, 720);
    m_topics->setAccessibleName(tr("Topics"));
    m_topics->setFixedWidth(topicsWidth);
    m_topics->setSpacing(2);
    m_text->setAccessibleName(tr("Text of the topic"));
    m_text->setOpenLinks(false);
    for (const auto &topic : helpTopics()) {
        auto *item = new QListWidgetItem(topic.title, m_topics);
        item->setData(nameRole, topic.name);
        item->setData(markdownRole, topic.markdown);
    }
    auto *about = new QPushButton(tr("About Commander"));

    auto *left = new QVBoxLayout;
    left->setSpacing(10);
    left->addWidget(m_topics, 1);
    left->addWidget(about);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(14, 14, 14, 14);
    row->setSpacing(12);
    row->addLayout(left);
    row->addWidget(m_text, 1);

    connect(m_topics, &QListWidget::currentRowChanged, this, &HelpWindow::render);
    connect(m_text, &QTextBrowser::anchorClicked, this, &HelpWindow::follow);
    connect(&theme, &Theme::changed, this, &HelpWindow::render);
    connect(about, &QPushButton::clicked, this, &HelpWindow::showAbout);
    m_topics->setCurrentRow(0);
}

void HelpWindow::showTopic(const QString &name)
{
    for (int row = 0; row < m_topics->count(); ++row) {
        if (m_topics->item(row)->data(nameRole).toString() == name)
            m_topics->setCurrentRow(row);
    }
}

void HelpWindow::render()
{
    const auto *item = m_topics->currentItem();
    showMarkdown(*m_text, item ? item->data(markdownRole).toString() : QString(), m_theme);
}

void HelpWindow::follow(const QUrl &link)
{
    if (link.scheme().isEmpty())
        showTopic(QFileInfo(link.path()).completeBaseName());
    else if (link.scheme() == u"https")
        QDesktopServices::openUrl(link);
}

void HelpWindow::showAbout()
{
    AboutDialog(m_theme, this).exec();
}

} // namespace commander::ui
