// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/json_tokens.h"

namespace commander::ui {

namespace {

bool isSpace(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
}

qsizetype stringEnd(QStringView line, qsizetype start)
{
    for (qsizetype i = start + 1; i < line.size(); ++i) {
        if (line[i] == u'\\')
            ++i;
        else if (line[i] == u'"')
            return i + 1;
    }
    return line.size();
}

template <class Accepts> qsizetype runEnd(QStringView line, qsizetype start, Accepts accepts)
{
    qsizetype i = start;
    while (i < line.size() && accepts(line[i]))
        ++i;
    return i;
}

bool isNumberPart(QChar c)
{
    return (c >= u'0' && c <= u'9') || c == u'-' || c == u'+' || c == u'.' || c == u'e' || c == u'E';
}

} // namespace

std::vector<JsonToken> tokenizeJsonLine(QStringView line)
{
    std::vector<JsonToken> tokens;
    qsizetype at = 0;
    while (at < line.size()) {
        const QChar c = line[at];
        if (isSpace(c)) {
            ++at;
            continue;
        }
        JsonToken token{JsonToken::Kind::Other, at, 1};
        if (c == u'"') {
            const qsizetype end = stringEnd(line, at);
            const qsizetype after = runEnd(line, end, isSpace);
            token.length = end - at;
            token.kind = after < line.size() && line[after] == u':' ? JsonToken::Kind::Key : JsonToken::Kind::String;
        } else if (c == u'-' || (c >= u'0' && c <= u'9')) {
            token.length = runEnd(line, at, isNumberPart) - at;
            token.kind = JsonToken::Kind::Number;
        } else if (c.isLetter()) {
            token.length = runEnd(line, at, [](QChar l) { return l.isLetter(); }) - at;
            const QStringView word = line.sliced(at, token.length);
            if (word == u"true" || word == u"false" || word == u"null")
                token.kind = JsonToken::Kind::Literal;
        } else if (c == u'{' || c == u'}' || c == u'[' || c == u']' || c == u',' || c == u':') {
            token.kind = JsonToken::Kind::Punctuation;
        }
        at += token.length;
        tokens.push_back(token);
    }
    return tokens;
}

} // namespace commander::ui
