// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QSyntaxHighlighter>

namespace commander::ui {

/// Colours JSON in a document; follows the theme.
class JsonHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT
public:
    JsonHighlighter(Theme &theme, QTextDocument *document);

protected:
    void highlightBlock(const QString &text) override;

private:
    Theme &m_theme;
};

} // namespace commander::ui
