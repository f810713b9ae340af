// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>
#include <commander/record_reader.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The one filter language: `action = "transfer-money" and data.amount >= 1000000`. resources/docs/filter-language.md
/// has the grammar and the rules; this is the same as a tree.
namespace commander {

enum class FilterField : std::uint8_t {
    Kind,
    Topic,
    Partition,
    PartitionOffset,
    LedgerPosition,
    Action,
    Actor,
    Key,
    Id,
    Parent,
    Correlation,
    Status,
    Recorded,
    Time,
    Depth,
    Size,
    Headers,
    Data
};
[[nodiscard]] std::string_view filterFieldName(FilterField field) noexcept; ///< "kind", …
/// Every field name, for completion, in the order of FilterField.
[[nodiscard]] const std::vector<std::string_view> &filterFieldNames();

enum class FilterOperator : std::uint8_t {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,         ///< one of `values`
    Between,    ///< `values[0]` to `values[1]`, both included; an end of type None is open
    Contains,   ///< substring
    StartsWith, ///< beginning
    Matches,    ///< regular expression (RE2), found anywhere
    Exists      ///< no value
};

/// One step into data or headers: a member's name, an element's index, or every element.
struct FilterAnyElement {
    bool operator==(const FilterAnyElement &) const = default;
};
using FilterStep = std::variant<std::string, std::uint64_t, FilterAnyElement>;
using FilterPath = std::vector<FilterStep>;

struct FilterValue {
    enum class Type : std::uint8_t { None, Text, Number, Boolean, Null, Time };
    Type type = Type::None;
    std::string text;       ///< the string, the number's digits, true or false, or the time as written
    std::size_t column = 0; ///< where it stands, from 1; no part of its meaning
    bool operator==(const FilterValue &other) const { return type == other.type && text == other.text; }
};

/// A filter as a tree. And and Or have two or more parts, none of their own kind, except that an And without parts is
/// the empty filter, which every record matches; Not has one.
struct FilterNode {
    enum class Type : std::uint8_t { And, Or, Not, Test, Text };
    Type type = Type::And;
    std::vector<FilterNode> parts; ///< And, Or, Not
    FilterField field = FilterField::Kind;
    FilterPath path; ///< of Headers and Data
    FilterOperator test = FilterOperator::Exists;
    std::vector<FilterValue> values; ///< of a Test; of Text the text to look for
    bool operator==(const FilterNode &) const = default;
};

/// Reads a filter. Error InvalidFilter: `where` says "column N" (from 1, in characters), its one detail has the same
/// column and what was expected there. Never throws; the length, depth and number of conditions are bounded.
[[nodiscard]] Result<FilterNode> parseFilter(std::string_view text);
/// The canonical text: parseFilter() of it gives the same tree.
[[nodiscard]] std::string formatFilter(const FilterNode &node);
/// The text, a line with a caret under the column, and the message; for terminals.
[[nodiscard]] std::string explainFilterError(std::string_view text, const Error &error);

/// Both, with parentheses where they are needed. An empty one gives the other.
[[nodiscard]] FilterNode bothFilters(FilterNode left, FilterNode right);
[[nodiscard]] FilterNode notFilter(FilterNode node);
/// `field = value` as the tree for "filter for this value": of data and headers for any JSON scalar, of other fields
/// for their text. Null finds null.
[[nodiscard]] FilterNode equalFilter(FilterField field, FilterPath path, const Json &value);

struct FilterProgram;

/// A filter that is ready to be asked. Immutable and thread-safe.
class FilterExpression {
public:
    /// Words such as `now-1h` are resolved with `now`, once. Errors as parseFilter(), also for a regular expression
    /// that is malformed or too large.
    [[nodiscard]] static Result<std::shared_ptr<const FilterExpression>> parse(std::string_view text, Timestamp now);
    [[nodiscard]] static Result<std::shared_ptr<const FilterExpression>> compile(FilterNode node, Timestamp now);
    ~FilterExpression();
    FilterExpression(const FilterExpression &) = delete;
    FilterExpression &operator=(const FilterExpression &) = delete;

    [[nodiscard]] const FilterNode &node() const noexcept { return m_node; }
    [[nodiscard]] const std::string &text() const noexcept { return m_text; } ///< canonical
    [[nodiscard]] bool uses(FilterField field) const noexcept;
    /// Without `statusOf` no record has a status.
    [[nodiscard]] bool matches(const Record &record, const StatusOf &statusOf = {}) const;
    /// For the index.
    [[nodiscard]] const FilterProgram &program() const noexcept { return *m_program; }

private:
    FilterExpression(FilterNode node, std::unique_ptr<const FilterProgram> program);

    const FilterNode m_node;
    const std::string m_text;
    const std::unique_ptr<const FilterProgram> m_program;
};

} // namespace commander
