// SPDX-License-Identifier: GPL-3.0-or-later
#include "help/markdown_text.h"

#include "theme/theme.h"

#include <QTextBlock>
#include <QTextBrowser>
#include <QTextCursor>
#include <QTextTable>
#include <vector>

namespace commander::ui {

namespace {

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

void showMarkdown(QTextBrowser &browser, const QString &markdown, const Theme &theme)
{
    browser.setMarkdown(markdown);
    dress(*browser.document(), theme);
    browser.moveCursor(QTextCursor::Start);
}

} // namespace commander::ui
