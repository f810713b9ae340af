// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QTextBrowser;

namespace commander::ui {

class Theme;

/// Shows Markdown in the theme's style, from its beginning. Call it again when the theme has changed.
void showMarkdown(QTextBrowser &browser, const QString &markdown, const Theme &theme);

} // namespace commander::ui
