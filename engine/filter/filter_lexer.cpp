// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_lexer.h"

#include "filter/filter_error.h"

#include <algorithm>
#include <charconv>

namespace commander::filter {

namespace {

constexpr bool isSpace(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr bool endsWord(char c) noexcept
{
    return isSpace(c) || std::string_view("(),=!<>~\"'&|").find(c) != std::string_view::npos;
}

/// The end of a string in double quotes that begins at `begin`, behind its closing quote; npos when it is open.
std::size_t stringEnd(std::string_view text, std::size_t begin) noexcept
{
    for (auto at = begin + 1; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) { }

    [[nodiscard]] Result<std::vector<Token>> run()
    {
        while (true) {
            while (m_at < m_text.size() && isSpace(m_text[m_at]))
                ++m_at;
            if (m_at == m_text.size())
                break;
            if (auto taken = take(); !taken)
                return fail(std::move(taken.error()));
        }
        add(Token::Type::End, {}, m_at);
        return std::move(m_tokens);
    }

private:
    /// Counted on from the last one: offsets only grow.
    [[nodiscard]] std::size_t column(std::size_t offset)
    {
        m_column += columnOf(m_text.substr(m_counted), offset - m_counted) - 1;
        m_counted = offset;
        return m_column;
    }

    void add(Token::Type type, std::string text, std::size_t begin)
    {
        m_tokens.push_back({type, std::move(text), column(begin)});
    }

    [[nodiscard]] Result<void> take()
    {
        const auto begin = m_at;
        switch (m_text[m_at]) {
        case '(':
            return sign(Token::Type::Open, 1);
        case ')':
            return sign(Token::Type::Close, 1);
        case ',':
            return sign(Token::Type::Comma, 1);
        case '=':
            if (m_text.substr(m_at).starts_with("=="))
                return failAt(column(begin), "unknown operator ==", "Write = to compare.");
            return sign(Token::Type::Operator, 1);
        case '~':
            return sign(Token::Type::Operator, 1);
        case '<':
        case '>':
            return sign(Token::Type::Operator, m_text.substr(m_at + 1).starts_with('=') ? 2 : 1);
        case '!':
            if (m_text.substr(m_at + 1).starts_with('='))
                return sign(Token::Type::Operator, 2);
            return failAt(column(begin), "unknown operator !", "Write not, or != to compare.");
        case '&':
            return failAt(column(begin), "unknown operator &", "Write and, or put a text in quotes.");
        case '|':
            return failAt(column(begin), "unknown operator |", "Write or, or put a text in quotes.");
        case '"':
            return doubleQuoted();
        case '\'':
            return singleQuoted();
        default:
            return m_text.substr(m_at).starts_with("..") ? sign(Token::Type::Range, 2) : word();
        }
    }

    [[nodiscard]] Result<void> sign(Token::Type type, std::size_t length)
    {
        add(type, std::string(m_text.substr(m_at, length)), m_at);
        m_at += length;
        return {};
    }

    [[nodiscard]] Result<std::string> decode(std::size_t begin, std::size_t end)
    {
        const auto value = parseJson(m_text.substr(begin, end - begin));
        if (value && value->asString())
            return *value->asString();
        return failAt(
            column(begin), "this text in quotes has an escape that is unknown, or a control character",
            "Known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; in single quotes nothing is an escape.");
    }

    [[nodiscard]] Result<void> doubleQuoted()
    {
        const auto end = stringEnd(m_text, m_at);
        if (end == std::string_view::npos)
            return failAt(column(m_at), "this quote is not closed", "End the text with \".");
        auto text = decode(m_at, end);
        if (!text)
            return fail(std::move(text.error()));
        add(Token::Type::String, std::move(*text), m_at);
        m_at = end;
        return {};
    }

    [[nodiscard]] Result<void> singleQuoted()
    {
        const auto end = m_text.find('\'', m_at + 1);
        if (end == std::string_view::npos)
            return failAt(column(m_at), "this quote is not closed", "End the text with '.");
        add(Token::Type::String, std::string(m_text.substr(m_at + 1, end - m_at - 1)), m_at);
        m_at = end + 1;
        return {};
    }

    /// Up to a sign that cannot be in a word, or to `..`; quoted names of a path belong to it.
    [[nodiscard]] Result<void> word()
    {
        const auto begin = m_at;
        while (m_at < m_text.size() && !m_text.substr(m_at).starts_with("..")) {
            const char c = m_text[m_at];
            if (c == '"' && m_at > begin && m_text[m_at - 1] == '.') {
                const auto end = stringEnd(m_text, m_at);
                if (end == std::string_view::npos)
                    return failAt(column(m_at), "this quote is not closed", "End the name with \".");
                if (!parseJson(m_text.substr(m_at, end - m_at)))
                    return fail(std::move(decode(m_at, end).error()));
                m_at = end;
            } else if (endsWord(c)) {
                break;
            } else if (static_cast<unsigned char>(c) < 0x20) {
                return failAt(column(m_at), "a control character");
            } else {
                ++m_at;
            }
        }
        add(Token::Type::Word, std::string(m_text.substr(begin, m_at - begin)), begin);
        return {};
    }

    const std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_counted = 0; ///< bytes before the offset that m_column is of
    std::size_t m_column = 1;
    std::vector<Token> m_tokens;
};

/// Steps of one path, from behind its field's name.
class PathReader {
public:
    PathReader(std::string_view word, std::size_t column) : m_word(word), m_column(column)
    {
        m_at = std::min(word.find_first_of(".["), word.size());
    }

    [[nodiscard]] Result<FilterPath> run()
    {
        FilterPath path;
        while (m_at < m_word.size()) {
            auto step = m_word[m_at] == '.' ? name() : index();
            if (!step)
                return fail(std::move(step.error()));
            path.push_back(std::move(*step));
        }
        return path;
    }

private:
    [[nodiscard]] tl::unexpected<Error> refuse(std::string what, std::string remedy) const
    {
        return failAt(m_column + columnOf(m_word, m_at) - 1, std::move(what), std::move(remedy));
    }

    [[nodiscard]] Result<FilterStep> name()
    {
        ++m_at;
        if (m_at < m_word.size() && m_word[m_at] == '"') {
            const auto end = stringEnd(m_word, m_at);
            // The lexer has checked it.
            const auto value = parseJson(m_word.substr(m_at, end - m_at));
            m_at = end;
            return FilterStep(value && value->asString() ? *value->asString() : std::string());
        }
        const auto end = std::min(m_word.find_first_of(".[", m_at), m_word.size());
        const auto name = m_word.substr(m_at, end - m_at);
        if (name.empty())
            return refuse("a name is missing in the path", "Write data.amount, or data.\"a name\" in quotes.");
        if (!isPlainName(name))
            return refuse(inQuotes(name) + " is no plain name", "Put it in quotes: data.\"a name\".");
        m_at = end;
        return FilterStep(std::string(name));
    }

    [[nodiscard]] Result<FilterStep> index()
    {
        if (m_word[m_at] != '[')
            return refuse("unexpected in a path: " + inQuotes(m_word.substr(m_at)), "A name follows a point.");
        const auto end = m_word.find(']', m_at);
        const auto inner = m_word.substr(m_at + 1, end == std::string_view::npos ? end : end - m_at - 1);
        std::uint64_t number = 0;
        const auto [last, error] = std::from_chars(inner.data(), inner.data() + inner.size(), number);
        const bool isNumber = error == std::errc() && last == inner.data() + inner.size();
        if (end == std::string_view::npos || (!isNumber && inner != "*"))
            return refuse("an element is missing in the path", "Write [0] for the first, [*] for any.");
        m_at = end + 1;
        return isNumber ? FilterStep(number) : FilterStep(FilterAnyElement{});
    }

    const std::string_view m_word;
    const std::size_t m_column;
    std::size_t m_at = 0;
};

/// Where the text stops being UTF-8, or npos.
std::size_t badUtf8(std::string_view text)
{
    const auto isTail = [&](std::size_t at, unsigned char low = 0x80, unsigned char high = 0xBF) {
        return at < text.size() && static_cast<unsigned char>(text[at]) >= low
            && static_cast<unsigned char>(text[at]) <= high;
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        std::size_t length = 1;
        bool good = c < 0x80;
        if (c >= 0xC2 && c <= 0xDF) {
            length = 2;
            good = isTail(at + 1);
        } else if (c >= 0xE0 && c <= 0xEF) {
            length = 3;
            good = isTail(at + 1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF) && isTail(at + 2);
        } else if (c >= 0xF0 && c <= 0xF4) {
            length = 4;
            good = isTail(at + 1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF) && isTail(at + 2) && isTail(at + 3);
        }
        if (!good)
            return at;
        at += length;
    }
    return std::string_view::npos;
}

} // namespace

Result<std::vector<Token>> tokensOf(std::string_view text)
{
    if (const auto bad = badUtf8(text); bad != std::string_view::npos)
        return failAt(columnOf(text, bad), "not UTF-8");
    return Lexer(text).run();
}

Result<FilterPath> pathOf(std::string_view word, std::size_t column)
{
    return PathReader(word, column).run();
}

bool isPlainName(std::string_view name) noexcept
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'
            || static_cast<unsigned char>(c) >= 0x80;
    });
}

bool isKeyword(const Token &token, std::string_view keyword) noexcept
{
    return token.type == Token::Type::Word && std::ranges::equal(token.text, keyword, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
           });
}

} // namespace commander::filter
