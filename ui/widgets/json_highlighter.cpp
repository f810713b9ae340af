// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/json_highlighter.h"

#include "models/json_tokens.h"

namespace commander::ui {

JsonHighlighter::JsonHighlighter(Theme &theme, QTextDocument *document) : QSyntaxHighlighter(document), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void JsonHighlighter::highlightBlock(const QString &text)
{
    const auto tone = [](JsonToken::Kind kind) {
        switch (kind) {
        case JsonToken::Kind::Key:
            return Theme::Tone::Command;
        case JsonToken::Kind::String:
            return Theme::Tone::Event;
        case JsonToken::Kind::Number:
            return Theme::Tone::Rejected;
        case JsonToken::Kind::Literal:
            return Theme::Tone::Change;
        case JsonToken::Kind::Punctuation:
            return Theme::Tone::TextMuted;
        case JsonToken::Kind::Other:
            break;
        }
        return Theme::Tone::Text;
    };
    for (const JsonToken &token : tokenizeJsonLine(text))
        setFormat(int(token.start), int(token.length), m_theme.color(tone(token.kind)));
}

} // namespace commander::ui
