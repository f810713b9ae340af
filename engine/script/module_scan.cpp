// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/module_scan.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace commander::script {

namespace {

enum class TokenKind { End, Word, Text, Number, Sign };

struct Token {
    TokenKind kind = TokenKind::End;
    std::string_view text; ///< with the quotes of a text
    std::size_t offset = 0;
};

bool isWordPart(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '_' || u == '$'
        || u == '\\' || u >= 0x80;
}

/// After these words a slash begins a regular expression.
bool endsOperand(std::string_view word)
{
    constexpr std::array<std::string_view, 13> operators{
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof", "yield"};
    return std::find(operators.begin(), operators.end(), word) == operators.end();
}

/// Cuts JavaScript into tokens, well enough to tell code from texts, comments, templates and regular expressions.
class Tokens {
public:
    explicit Tokens(std::string_view text) : m_text(text) { }

    /// Texts within templates are left out, the code between ${ and } is not.
    Token next()
    {
        for (;;) {
            skipSpace();
            if (m_at >= m_text.size())
                return {};
            const char c = m_text[m_at];
            if (c == '`' || (c == '}' && !m_templates.empty() && m_templates.back() == m_depth)) {
                if (c == '}')
                    m_templates.pop_back();
                skipTemplate();
                m_last = {TokenKind::Text, {}, m_at};
                continue;
            }
            return m_last = take(c);
        }
    }
    /// Brackets of any kind that are open.
    [[nodiscard]] std::size_t depth() const { return m_depth; }

private:
    void skipSpace()
    {
        while (m_at < m_text.size()) {
            if (static_cast<unsigned char>(m_text[m_at]) <= ' ') {
                ++m_at;
            } else if (m_text.substr(m_at).starts_with("//")) {
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            } else if (m_text.substr(m_at).starts_with("/*")) {
                const auto end = m_text.find("*/", m_at + 2);
                m_at = end == std::string_view::npos ? m_text.size() : end + 2;
            } else {
                return;
            }
        }
    }

    void skipTemplate()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '\\') {
                ++m_at;
            } else if (c == '`') {
                ++m_at;
                return;
            } else if (m_text.substr(m_at).starts_with("${")) {
                m_at += 2;
                m_templates.push_back(m_depth);
                return;
            }
        }
    }

    Token take(char c)
    {
        const auto begin = m_at;
        auto kind = TokenKind::Sign;
        if (c == '"' || c == '\'') {
            kind = TokenKind::Text;
            skipQuoted(c);
        } else if (isWordPart(c)) {
            kind = c >= '0' && c <= '9' ? TokenKind::Number : TokenKind::Word;
            while (m_at < m_text.size() && isWordPart(m_text[m_at]))
                ++m_at;
        } else if (c == '/' && regularExpressionMayBegin()) {
            kind = TokenKind::Text;
            skipRegularExpression();
        } else {
            ++m_at;
            if (c == '(' || c == '[' || c == '{')
                ++m_depth;
            else if ((c == ')' || c == ']' || c == '}') && m_depth > 0)
                --m_depth;
        }
        m_at = std::min(m_at, m_text.size());
        return {kind, m_text.substr(begin, m_at - begin), begin};
    }

    [[nodiscard]] bool regularExpressionMayBegin() const
    {
        switch (m_last.kind) {
        case TokenKind::End:
            return true;
        case TokenKind::Text:
        case TokenKind::Number:
            return false;
        case TokenKind::Word:
            return !endsOperand(m_last.text);
        case TokenKind::Sign:
            return m_last.text != ")" && m_last.text != "]" && m_last.text != "}";
        }
        return false;
    }

    void skipQuoted(char quote)
    {
        for (++m_at; m_at < m_text.size() && m_text[m_at] != quote && m_text[m_at] != '\n'; ++m_at)
            m_at += m_text[m_at] == '\\' ? 1 : 0;
        ++m_at;
    }

    void skipRegularExpression()
    {
        bool inClass = false;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '\n'; ++m_at) {
            const char c = m_text[m_at];
            if (c == '\\')
                ++m_at;
            else if (c == '[')
                inClass = true;
            else if (c == ']')
                inClass = false;
            else if (c == '/' && !inClass)
                break;
        }
        ++m_at;
        while (m_at < m_text.size() && isWordPart(m_text[m_at]))
            ++m_at;
    }

    const std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    std::vector<std::size_t> m_templates; ///< depths at which a template waits for its }
    Token m_last;
};

/// What is wrong with an import, or nothing.
std::string importProblem(const DomainFile &module, std::string_view specifier, const DomainFolder &folder)
{
    const std::string name(specifier);
    if (!specifier.starts_with("./") && !specifier.starts_with("../"))
        return "the import '" + name + "' does not begin with ./";
    const auto target = (std::filesystem::path(module.name).parent_path() / name).lexically_normal().generic_string();
    if (target.starts_with("..") || specifier.find('\\') != std::string_view::npos)
        return "the import '" + name + "' leaves the domain's folder";
    if (!isScript(target) || !folder.find(target))
        return "the folder holds no module " + target;
    return {};
}

} // namespace

std::vector<DomainProblem> scanModule(const DomainFile &module, const DomainFolder &folder)
{
    std::vector<DomainProblem> problems;
    const auto add = [&](std::size_t offset, std::string message, std::string remedy) {
        const auto place = placeOf(module.bytes, offset);
        problems.push_back({module.name, place.line, place.column, {}, std::move(message), std::move(remedy)});
    };
    Tokens tokens(module.bytes);
    Token before;
    for (auto token = tokens.next(); token.kind != TokenKind::End; token = tokens.next()) {
        const bool topLevel = tokens.depth() == 0;
        if (topLevel && token.kind == TokenKind::Text && token.text.size() >= 2
            && (before.text == "from" || before.text == "import")) {
            const auto specifier = token.text.substr(1, token.text.size() - 2);
            if (auto problem = importProblem(module, specifier, folder); !problem.empty())
                add(token.offset, std::move(problem), "Import files of this folder only, as './name.js'.");
        }
        if (token.text == "(" && before.text == "import" && before.kind == TokenKind::Word)
            add(before.offset, "import() is not available to a domain", "Use an import statement.");
        const bool declares = token.kind == TokenKind::Word && (token.text == "let" || token.text == "var");
        if (topLevel && declares && before.text != ".") {
            add(token.offset, "a module must not keep state: '" + std::string(token.text) + "' outside a function",
                "Use const, and keep what changes in a view.");
        }
        before = token;
    }
    return problems;
}

} // namespace commander::script
