// SPDX-License-Identifier: GPL-3.0-or-later
#include "help/help_window.h"

#include "help/about_dialog.h"
#include "help/help_topics.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QTextBlock>
#include <QTextBrowser>
#include <QTextDocument>
#include <QTextTable>
#include <QUrl>
#include <vector>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int nameRole = Qt::UserRole;
constexpr int markdownRole = Qt::UserRole + 1;
constexpr int topicsWidth = 220;
constexpr qreal textMargin = 22;
constexpr qreal cellPadding = 6;
constexpr int lineHeight = 130; ///< per cent

/// Changes the format of every stretch of text in a block.
template <class Change> void restyle(const QTextBlock &block, Change change)
{
    struct Stretch {
        int from;
        int length;
        QTextCharFormat format;
    };
    std::vector<Stretch> stretches; // gathered first: setting a format ends the iteration
    for (auto at = block.begin(); !at.atEnd(); ++at)
        stretches.push_back({at.fragment().position(), at.fragment().length(), at.fragment().charFormat()});
    for (auto &stretch : stretches) {
        if (!change(stretch.format))
            continue;
        QTextCursor cursor(block);
        cursor.setPosition(stretch.from);
        cursor.setPosition(stretch.from + stretch.length, QTextCursor::KeepAnchor);
        cursor.setCharFormat(stretch.format);
    }
}

void dressHeading(const QTextBlock &block, int level)
{
    restyle(block, [level](QTextCharFormat &format) {
        format.clearProperty(QTextFormat::FontSizeAdjustment); // it would win over the size
        format.setFontPointSize(level == 1 ? 18 : level == 2 ? 13.5 : 11.5);
        format.setFontWeight(QFont::DemiBold);
        return true;
    });
}

void dressCode(const QTextBlock &block, const Theme &theme)
{
    restyle(block, [&theme](QTextCharFormat &format) {
        if (!format.fontFixedPitch())
            return false;
        format.setFontFamilies(theme.monospace().families());
        format.setFontPointSize(9.5);
        format.setBackground(theme.color(Theme::Tone::SurfaceAlt));
        return true;
    });
}

void dressTable(QTextTable &table, const Theme &theme)
{
    QTextTableFormat format = table.format();
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderCollapse(true);
    format.setBorder(1);
    format.setBorderBrush(theme.color(Theme::Tone::Border));
    format.setCellPadding(cellPadding);
    format.setCellSpacing(0);
    format.setTopMargin(8);
    format.setBottomMargin(8);
    table.setFormat(format);
}

/// Qt gives Markdown no style of its own: code without ground, tables with double frames.
void dress(QTextDocument &document, const Theme &theme)
{
    document.setDocumentMargin(textMargin);
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextBlockFormat format = block.blockFormat();
        format.setLineHeight(lineHeight, QTextBlockFormat::ProportionalHeight);
        if (const int level = format.headingLevel(); level > 0) {
            dressHeading(block, level);
            format.setTopMargin(level == 1 ? 0 : 18);
            format.setBottomMargin(6);
        } else {
            dressCode(block, theme);
            if (format.hasProperty(QTextFormat::BlockCodeFence) || format.nonBreakableLines())
                format.setBackground(theme.color(Theme::Tone::SurfaceAlt));
        }
        QTextCursor(block).setBlockFormat(format);
    }
    for (auto *frame : document.rootFrame()->childFrames()) {
        if (auto *table = qobject_cast<QTextTable *>(frame))
            dressTable(*table, theme);
    }
}

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
    m_text->setMarkdown(item ? item->data(markdownRole).toString() : QString());
    dress(*m_text->document(), m_theme);
    m_text->moveCursor(QTextCursor::Start);
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
