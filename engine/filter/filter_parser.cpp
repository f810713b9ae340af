// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_error.h"
#include "filter/filter_values.h"

#include <commander/filter.h>

#include <algorithm>
#include <array>

namespace commander {

namespace filter {

namespace {

constexpr std::array operatorWords{std::string_view("in"), std::string_view("contains"), std::string_view("starts"),
                                   std::string_view("exists")};

bool isOneOf(const Token &token, std::span<const std::string_view> keywords)
{
    return std::ranges::any_of(keywords, [&token](auto keyword) { return isKeyword(token, keyword); });
}

/// Recursive descent, one function for each rule of the grammar in resources/docs/filter-language.md.
class Parser {
public:
    explicit Parser(std::vector<Token> tokens) : m_tokens(std::move(tokens)) { }

    [[nodiscard]] Result<FilterNode> run()
    {
        if (is(Token::Type::End))
            return FilterNode{};
        auto node = either();
        if (!node)
            return node;
        if (is(Token::Type::Close))
            return refuse("there is no parenthesis to close");
        if (!is(Token::Type::End))
            return refuse("unexpected " + shown(), "Expected and, or, or the end.");
        return node;
    }

private:
    using Node = Result<FilterNode>;

    [[nodiscard]] const Token &token() const { return m_tokens[m_at]; }
    [[nodiscard]] const Token &ahead() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
    [[nodiscard]] bool is(Token::Type type) const { return token().type == type; }
    void advance() { m_at = std::min(m_at + 1, m_tokens.size() - 1); }
    [[nodiscard]] std::string shown() const
    {
        return is(Token::Type::End) ? std::string("the end") : inQuotes(token().text);
    }
    [[nodiscard]] tl::unexpected<Error> refuse(std::string what, std::string remedy = {}) const
    {
        return failAt(token().column, std::move(what), std::move(remedy));
    }

    /// Parts of the same kind become one list, so that one meaning has one tree.
    static FilterNode joined(FilterNode::Type type, std::vector<FilterNode> parts)
    {
        if (parts.size() == 1)
            return std::move(parts.front());
        FilterNode node;
        node.type = type;
        for (auto &part : parts) {
            if (part.type == type)
                std::ranges::move(part.parts, std::back_inserter(node.parts));
            else
                node.parts.push_back(std::move(part));
        }
        return node;
    }

    [[nodiscard]] Node either()
    {
        std::vector<FilterNode> parts;
        while (true) {
            auto part = both();
            if (!part)
                return part;
            parts.push_back(std::move(*part));
            if (!isKeyword(token(), "or"))
                return joined(FilterNode::Type::Or, std::move(parts));
            advance();
        }
    }

    [[nodiscard]] bool beginsCondition() const
    {
        return is(Token::Type::Open) || is(Token::Type::String) || is(Token::Type::Range)
            || (is(Token::Type::Word) && !isKeyword(token(), "or"));
    }

    [[nodiscard]] Node both()
    {
        std::vector<FilterNode> parts;
        while (true) {
            auto part = negation();
            if (!part)
                return part;
            parts.push_back(std::move(*part));
            if (isKeyword(token(), "and"))
                advance();
            else if (!beginsCondition())
                return joined(FilterNode::Type::And, std::move(parts));
        }
    }

    [[nodiscard]] Node negation()
    {
        if (!isKeyword(token(), "not"))
            return primary();
        if (++m_depth > limits::filterDepthMax)
            return refuse("not and parentheses within each other are too deep",
                          "At most " + std::to_string(limits::filterDepthMax) + ".");
        advance();
        auto part = negation();
        --m_depth;
        if (!part)
            return part;
        FilterNode node;
        node.type = FilterNode::Type::Not;
        node.parts.push_back(std::move(*part));
        return node;
    }

    [[nodiscard]] Node primary()
    {
        if (++m_conditions > limits::filterConditionsMax)
            return refuse("too many conditions", "At most " + std::to_string(limits::filterConditionsMax) + ".");
        switch (token().type) {
        case Token::Type::Open:
            return group();
        case Token::Type::String:
            if (ahead().type == Token::Type::Operator || isOneOf(ahead(), operatorWords))
                return refuse("a text in quotes is no field", "A field stands before " + ahead().text + ".");
            return text();
        case Token::Type::Range:
            return positions();
        case Token::Type::Word:
            return word();
        case Token::Type::Operator:
            return refuse("a field is missing before " + token().text,
                          "Write for example action " + token().text + " \"transfer-money\".");
        case Token::Type::Close:
        case Token::Type::Comma:
        case Token::Type::End:
            return refuse("expected a condition instead of " + shown(),
                          "A field with a comparison, a text, not, or a parenthesis.");
        }
        return refuse("expected a condition");
    }

    [[nodiscard]] Node group()
    {
        const auto opened = token().column;
        if (++m_depth > limits::filterDepthMax)
            return refuse("not and parentheses within each other are too deep",
                          "At most " + std::to_string(limits::filterDepthMax) + ".");
        advance();
        auto node = either();
        --m_depth;
        if (!node)
            return node;
        if (!is(Token::Type::Close))
            return refuse("expected and, or, or ) instead of " + shown(),
                          "The parenthesis of column " + std::to_string(opened) + " is open.");
        advance();
        return node;
    }

    [[nodiscard]] Node word()
    {
        if (token().text.starts_with('#'))
            return positions();
        const auto path = token().text.find_first_of(".[");
        const auto name = std::string_view(token().text).substr(0, path);
        if (const auto field = fieldNamed(name)) {
            if (path == std::string::npos)
                return comparison(*field, {});
            if (typeOf(*field) != FieldType::Json)
                return refuse(std::string(filterFieldName(*field)) + " has no parts", "Only data and headers have.");
            auto steps = pathOf(token().text, token().column);
            if (!steps)
                return fail(std::move(steps.error()));
            return comparison(*field, std::move(*steps));
        }
        if (ahead().type == Token::Type::Operator || isOneOf(ahead(), operatorWords))
            return unknownField(name);
        if (isKeyword(token(), "and") || isKeyword(token(), "or") || isOneOf(token(), operatorWords))
            return refuse("expected a condition instead of " + token().text,
                          "To search for the word, put it in quotes.");
        if (token().text.find('"') != std::string::npos)
            return unknownField(name);
        return text();
    }

    [[nodiscard]] Node unknownField(std::string_view name) const
    {
        const auto close = closestTo(name, filterFieldNames());
        std::string remedy = "Did you mean " + std::string(close) + "?";
        if (close.empty())
            remedy
                = "Fields of the payload begin with data., for example data." + std::string(name.substr(0, 40)) + ".";
        return refuse("unknown field " + inQuotes(token().text), std::move(remedy));
    }

    [[nodiscard]] Node text()
    {
        if (token().text.empty())
            return refuse("a text to search for is empty", "Write what to look for between the quotes.");
        FilterNode node;
        node.type = FilterNode::Type::Text;
        node.values.push_back({FilterValue::Type::Text, token().text, token().column});
        advance();
        return node;
    }

    /// #12, #12..#20, #12.., ..#20
    [[nodiscard]] Node positions()
    {
        if (is(Token::Type::Word) && ahead().type != Token::Type::Range) {
            auto node = testOf(FilterField::LedgerPosition, {}, FilterOperator::Equal);
            auto value = valueOf(node.field, node.test, token());
            if (!value)
                return fail(std::move(value.error()));
            node.values.push_back(std::move(*value));
            advance();
            return node;
        }
        return range(FilterField::LedgerPosition, {});
    }

    static FilterNode testOf(FilterField field, FilterPath path, FilterOperator test)
    {
        FilterNode node;
        node.type = FilterNode::Type::Test;
        node.field = field;
        node.path = std::move(path);
        node.test = test;
        return node;
    }

    [[nodiscard]] Node comparison(FilterField field, FilterPath path)
    {
        const auto name = token().text;
        advance();
        const auto test = readOperator();
        if (!test) {
            return refuse(
                "expected a comparison after " + inQuotes(name) + " instead of " + shown(),
                "One of = != < <= > >= in contains starts with ~ exists; to search for the word, put it in quotes.");
        }
        const auto type = typeOf(field);
        if (!takes(type, *test) && *test != FilterOperator::In)
            return failAt(m_tokens[m_at - 1].column,
                          std::string(operatorText(*test)) + " does not fit " + std::string(filterFieldName(field)));
        if (*test == FilterOperator::Exists)
            return testOf(field, std::move(path), *test);
        if (*test == FilterOperator::In)
            return membership(field, std::move(path));
        auto node = testOf(field, std::move(path), *test);
        auto value = takeValue(node.field, node.test);
        if (!value)
            return fail(std::move(value.error()));
        node.values.push_back(std::move(*value));
        return node;
    }

    [[nodiscard]] std::optional<FilterOperator> readOperator()
    {
        std::optional<FilterOperator> test;
        if (is(Token::Type::Operator)) {
            for (const auto candidate :
                 {FilterOperator::Equal, FilterOperator::NotEqual, FilterOperator::Less, FilterOperator::LessOrEqual,
                  FilterOperator::Greater, FilterOperator::GreaterOrEqual, FilterOperator::Matches}) {
                if (token().text == operatorText(candidate))
                    test = candidate;
            }
        } else if (isKeyword(token(), "in")) {
            test = FilterOperator::In;
        } else if (isKeyword(token(), "contains")) {
            test = FilterOperator::Contains;
        } else if (isKeyword(token(), "exists")) {
            test = FilterOperator::Exists;
        } else if (isKeyword(token(), "starts") && isKeyword(ahead(), "with")) {
            test = FilterOperator::StartsWith;
            advance();
        }
        if (test)
            advance();
        return test;
    }

    [[nodiscard]] Result<FilterValue> takeValue(FilterField field, FilterOperator test)
    {
        const bool isConnective = isKeyword(token(), "and") || isKeyword(token(), "or") || isKeyword(token(), "not");
        if (isConnective || (!is(Token::Type::Word) && !is(Token::Type::String)))
            return refuse("expected " + std::string(wantedBy(typeOf(field), test)) + " instead of " + shown());
        auto value = valueOf(field, test, token());
        if (value)
            advance();
        return value;
    }

    /// field in (a, b) or field in a..b
    [[nodiscard]] Node membership(FilterField field, FilterPath path)
    {
        if (!is(Token::Type::Open)) {
            if (!takes(typeOf(field), FilterOperator::Between))
                return refuse("expected ( instead of " + shown(), "Write in (…), with commas between the values.");
            return range(field, std::move(path));
        }
        advance();
        auto node = testOf(field, std::move(path), FilterOperator::In);
        while (true) {
            auto value = takeValue(field, FilterOperator::In);
            if (!value)
                return fail(std::move(value.error()));
            node.values.push_back(std::move(*value));
            if (is(Token::Type::Close))
                break;
            if (!is(Token::Type::Comma))
                return refuse("expected , or ) instead of " + shown());
            advance();
        }
        advance();
        return node;
    }

    [[nodiscard]] Node range(FilterField field, FilterPath path)
    {
        auto node = testOf(field, std::move(path), FilterOperator::Between);
        node.values.resize(2);
        if (!is(Token::Type::Range)) {
            auto first = takeValue(field, node.test);
            if (!first)
                return fail(std::move(first.error()));
            node.values[0] = std::move(*first);
        }
        if (!is(Token::Type::Range))
            return refuse("expected .. instead of " + shown(),
                          "A range is written first..last, a list in parentheses.");
        const auto dots = token().column;
        advance();
        // Only what stands close to the dots is an end: `#5.. and x` is open.
        if ((is(Token::Type::Word) || is(Token::Type::String)) && token().column == dots + 2) {
            auto last = takeValue(field, node.test);
            if (!last)
                return fail(std::move(last.error()));
            node.values[1] = std::move(*last);
        }
        if (node.values[0].type == FilterValue::Type::None && node.values[1].type == FilterValue::Type::None)
            return failAt(dots, "a range without any end", "Write first..last, first.. or ..last.");
        return node;
    }

    const std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    std::size_t m_conditions = 0;
};

} // namespace

} // namespace filter

Result<FilterNode> parseFilter(std::string_view text)
{
    if (text.size() > limits::filterBytesMax) {
        return filter::failAt(filter::columnOf(text, limits::filterBytesMax), "the filter is too long",
                              "At most " + std::to_string(limits::filterBytesMax) + " bytes.");
    }
    auto tokens = filter::tokensOf(text);
    if (!tokens)
        return fail(std::move(tokens.error()));
    return filter::Parser(std::move(*tokens)).run();
}

} // namespace commander
