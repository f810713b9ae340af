// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace commander::script {

/// What the expressions of a declared fold or handler may name: the record, and the documents that were read.
class Scope {
public:
    explicit Scope(const ParsedRecord &record, HandlerContext *context = nullptr) : m_record(record), m_context(context)
    {
    }
    void add(const std::string &name, Json document) { m_documents[name] = std::move(document); }
    [[nodiscard]] bool has(const std::string &name) const { return m_documents.contains(name); }
    /// The value of a path such as data.address.city, or nothing.
    [[nodiscard]] std::optional<Json> find(const std::vector<std::string> &path);
    [[nodiscard]] const Record &record() const noexcept { return m_record.record; }

private:
    const ParsedRecord &m_record;
    HandlerContext *const m_context;
    std::map<std::string, Json> m_documents;
};

/// One path of an expression: "=data.amount", "=-data.amount" (negated), "=data.memo?" (left out when missing).
struct Expression {
    std::vector<std::string> path;
    bool negated = false;
    bool optional = false;

    /// `text` stands without "=". Nothing when it is no path.
    [[nodiscard]] static std::optional<Expression> parse(std::string_view text);
    /// Nothing when it is optional and missing. Error DomainFault.
    [[nodiscard]] Result<std::optional<Json>> evaluate(Scope &scope) const;
    [[nodiscard]] std::string text() const;
};

/// A JSON value in which texts that begin with "=" are expressions ("==x" is the text "=x").
class ValueTemplate {
public:
    ValueTemplate() = default;
    /// Nothing when a text is no expression; `bad` holds it then.
    [[nodiscard]] static std::optional<ValueTemplate> parse(const Json &value, std::string &bad);
    [[nodiscard]] Result<std::optional<Json>> evaluate(Scope &scope) const;
    /// For checks: every expression in it.
    void collect(std::vector<const Expression *> &out) const;

private:
    std::optional<Expression> m_expression;
    Json m_literal;                                               ///< when there is nothing to evaluate inside
    std::vector<std::pair<std::string, ValueTemplate>> m_members; ///< of an object or (without names) an array
    bool m_isArray = false;
};

/// A text with paths in braces: "{data.account}", "there is no account {data.account}".
class TextTemplate {
public:
    [[nodiscard]] static std::optional<TextTemplate> parse(std::string_view text, std::string &bad);
    /// Texts and numbers only. Error DomainFault.
    [[nodiscard]] Result<std::string> evaluate(Scope &scope) const;
    void collect(std::vector<const Expression *> &out) const;

private:
    struct Part {
        std::string literal;
        std::optional<Expression> expression; ///< after the literal
    };
    std::vector<Part> m_parts;
};

} // namespace commander::script
