// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/expression_check.h"

#include "filter/filter_program.h"

#include <algorithm>
#include <limits>

namespace commander {

namespace {

using Type = FilterNode::Type;
using Test = FilterOperator;
constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t causesMax = 32; ///< ids that are looked up for one condition; with more the records are asked

/// Bounds of a condition as SQL that is 0 or 1 and never NULL: `lower` implies it, it implies `upper`. Both the same
/// where the index knows all.
struct Bounds {
    std::string lower;
    std::string upper;
};

const std::string no = "0";
const std::string yes = "1";

Bounds exactly(std::string sql)
{
    return {sql, sql};
}

std::string negated(const std::string &sql)
{
    return sql == no ? yes : sql == yes ? no : "NOT " + sql;
}

/// Joins with AND or OR in parentheses; `neutral` is left out, its opposite decides all.
class Joined {
public:
    Joined(std::string_view word, std::string neutral) : m_word(word), m_neutral(std::move(neutral)) { }
    void add(const std::string &sql)
    {
        if (sql == m_neutral)
            return;
        if (sql == negated(m_neutral))
            m_decided = true;
        m_sql += (m_sql.empty() ? "(" : std::string(m_word)) + sql;
    }
    [[nodiscard]] std::string sql() const
    {
        return m_decided ? negated(m_neutral) : m_sql.empty() ? m_neutral : m_sql + ")";
    }

private:
    std::string_view m_word;
    std::string m_neutral;
    std::string m_sql;
    bool m_decided = false;
};

std::string anyOf(std::string_view column, std::span<const std::int64_t> numbers)
{
    if (numbers.empty())
        return no;
    std::string sql(column);
    sql += " IN (";
    for (std::size_t i = 0; i < numbers.size(); ++i)
        sql += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
    return "(" + sql + "))";
}

/// Single values go into one list: SQLite bounds how deep ORs may nest, and a filter may name thousands.
std::string within(const std::string &column, std::span<const FilterLeaf::Interval> intervals)
{
    std::vector<std::int64_t> values;
    Joined any(" OR ", no);
    for (const auto &[first, last] : intervals) {
        if (first == last) {
            values.push_back(first);
            continue;
        }
        Joined both(" AND ", yes);
        if (first != lowest)
            both.add(column + " >= " + std::to_string(first));
        if (last != highest)
            both.add(column + " <= " + std::to_string(last));
        any.add(both.sql());
    }
    any.add(anyOf(column, values));
    return any.sql();
}

class Checker {
public:
    Checker(ScanPlan &plan, const IndexReading &reading, std::span<const std::int64_t> chosen)
        : m_plan(plan), m_reading(reading), m_names(*reading.snapshot().names), m_chosen(chosen)
    {
    }

    [[nodiscard]] Result<Bounds> bounds(const FilterProgram &program)
    {
        switch (program.type) {
        case Type::Text:
            return Bounds{no, yes};
        case Type::Test:
            return ofLeaf(*program.leaf);
        case Type::Not: {
            auto part = bounds(program.parts.front());
            if (!part)
                return part;
            return Bounds{negated(part->upper), negated(part->lower)};
        }
        case Type::And:
        case Type::Or:
            break;
        }
        const bool isAnd = program.type == Type::And;
        Joined lower(isAnd ? " AND " : " OR ", isAnd ? yes : no);
        Joined upper = lower;
        for (const auto &part : program.parts) {
            const auto joined = bounds(part);
            if (!joined)
                return joined;
            lower.add(joined->lower);
            upper.add(joined->upper);
        }
        return Bounds{lower.sql(), upper.sql()};
    }

private:
    [[nodiscard]] Result<Bounds> ofLeaf(const FilterLeaf &leaf)
    {
        switch (leaf.field) {
        case FilterField::Kind:
            return exactly(
                seriesWhere([&](const Series &s) { return leaf.matches(static_cast<std::int64_t>(s.kind)); }));
        case FilterField::Topic:
            return exactly(seriesWhere([&](const Series &s) { return leaf.matches(std::string_view(s.topic)); }));
        case FilterField::Action:
            return exactly(seriesWhere([&](const Series &s) { return leaf.matches(std::string_view(s.action)); }));
        case FilterField::Actor:
            return exactly(ofActor(leaf));
        case FilterField::Key:
            return ofKey(leaf);
        case FilterField::Id:
            return ofId(leaf);
        case FilterField::Parent:
            return ofCause(leaf, StrayRole::Parent);
        case FilterField::Correlation:
            return ofCause(leaf, StrayRole::Correlation);
        case FilterField::Status:
            return exactly(ofStatus(leaf));
        case FilterField::Recorded:
            return exactly(within("r.recorded", leaf.intervals));
        case FilterField::LedgerPosition:
            return exactly(within("r.position", leaf.intervals));
        case FilterField::Partition:
        case FilterField::PartitionOffset:
        case FilterField::Time:
        case FilterField::Depth:
        case FilterField::Size:
        case FilterField::Headers:
        case FilterField::Data:
            break;
        }
        return Bounds{no, yes};
    }

    template <class Predicate> [[nodiscard]] std::string seriesWhere(Predicate fits) const
    {
        std::vector<std::int64_t> fitting;
        for (const auto number : m_chosen) {
            if (fits(m_names.series[static_cast<std::size_t>(number) - 1]))
                fitting.push_back(number);
        }
        return fitting.size() == m_chosen.size() ? yes : anyOf("r.series", fitting);
    }

    [[nodiscard]] std::string ofActor(const FilterLeaf &leaf) const
    {
        std::vector<std::int64_t> fitting;
        for (std::size_t i = 0; i < m_names.actors.size(); ++i) {
            if (leaf.matches(std::string_view(m_names.actors[i])))
                fitting.push_back(static_cast<std::int64_t>(i + 1));
        }
        return anyOf("r.actor", fitting);
    }

    [[nodiscard]] std::string ofStatus(const FilterLeaf &leaf) const
    {
        std::vector<std::int64_t> fitting;
        for (const auto status :
             {CommandStatus::Accepted, CommandStatus::Succeeded, CommandStatus::Rejected, CommandStatus::Failed}) {
            if (leaf.matches(static_cast<std::int64_t>(status)))
                fitting.push_back(static_cast<std::int64_t>(status));
        }
        Joined both(" AND ", yes);
        both.add(seriesWhere([](const Series &s) { return s.kind == RecordKind::Command; }));
        both.add(anyOf("IFNULL((SELECT o.status FROM outcomes o WHERE o.command = r.position), 0)", fitting));
        return both.sql();
    }

    [[nodiscard]] Bounds ofKey(const FilterLeaf &leaf)
    {
        const std::string there = "r.key <> ''";
        if (leaf.test == Test::Matches)
            return {no, "(" + there + ")"};
        if (leaf.test == Test::Exists)
            return exactly("(" + there + ")");
        std::string condition;
        if (leaf.test == Test::Equal || leaf.test == Test::In) {
            for (const auto &text : leaf.texts)
                condition += (condition.empty() ? "r.key IN (" : ", ") + m_plan.parameter(text);
            condition += ")";
        } else {
            const auto &text = leaf.texts.front();
            const auto value = m_plan.parameter(text);
            const auto bytes = "CAST(" + value + " AS BLOB)";
            if (leaf.test == Test::Contains)
                condition = "instr(CAST(r.key AS BLOB), " + bytes + ") > 0";
            else if (leaf.test == Test::StartsWith)
                condition = "substr(CAST(r.key AS BLOB), 1, " + std::to_string(text.size()) + ") = " + bytes;
            else
                condition = "r.key " + comparison(leaf.test) + " " + value;
        }
        return exactly("(" + there + " AND " + condition + ")");
    }

    static std::string comparison(Test test)
    {
        switch (test) {
        case Test::NotEqual:
            return "<>";
        case Test::Less:
            return "<";
        case Test::LessOrEqual:
            return "<=";
        case Test::Greater:
            return ">";
        case Test::GreaterOrEqual:
            return ">=";
        default:
            return "=";
        }
    }

    [[nodiscard]] Result<Bounds> ofId(const FilterLeaf &leaf)
    {
        if (leaf.test == Test::Exists)
            return exactly(yes);
        if (leaf.ids.empty() || leaf.ids.size() > causesMax)
            return Bounds{no, yes};
        std::vector<std::int64_t> positions;
        for (const auto &id : leaf.ids) {
            const auto position = m_reading.bodies().positionOf(id);
            if (!position)
                return fail(position.error());
            if (*position)
                positions.push_back(static_cast<std::int64_t>((*position)->value));
        }
        const auto found = anyOf("r.position", positions);
        return exactly(leaf.test == Test::NotEqual ? negated(found) : found);
    }

    /// Records caused by this one, or of its chain.
    [[nodiscard]] Result<std::string> causedBy(const Uuid &id, StrayRole role)
    {
        const auto cause = m_reading.bodies().positionOf(id);
        if (!cause)
            return fail(cause.error());
        Joined any(" OR ", no);
        if (*cause)
            any.add(std::string(role == StrayRole::Parent ? "r.parent" : "r.root") + " IS "
                    + std::to_string((*cause)->value));
        any.add("r.position IN (SELECT position FROM strays WHERE role = "
                + std::to_string(static_cast<std::int64_t>(role)) + " AND id = " + m_plan.parameter(id) + ")");
        return any.sql();
    }

    [[nodiscard]] Result<Bounds> ofCause(const FilterLeaf &leaf, StrayRole role)
    {
        const std::string there = role == StrayRole::Parent ? "(r.parent IS NOT NULL)" : yes;
        if (leaf.test == Test::Exists)
            return exactly(there);
        if (leaf.ids.empty() || leaf.ids.size() > causesMax)
            return Bounds{no, there};
        Joined any(" OR ", no);
        for (const auto &id : leaf.ids) {
            const auto caused = causedBy(id, role);
            if (!caused)
                return fail(caused.error());
            any.add(*caused);
        }
        Joined both(" AND ", yes);
        both.add(there);
        both.add(leaf.test == Test::NotEqual ? negated(any.sql()) : any.sql());
        return exactly(both.sql());
    }

    ScanPlan &m_plan;
    const IndexReading &m_reading;
    const IndexNames &m_names;
    const std::span<const std::int64_t> m_chosen;
};

} // namespace

Result<void> addExpressionCheck(ScanPlan &plan, const FilterExpression &expression, const IndexReading &reading,
                                std::span<const std::int64_t> chosen)
{
    const auto bounds = Checker(plan, reading, chosen).bounds(expression.program());
    if (!bounds)
        return fail(bounds.error());
    if (bounds->upper != yes)
        plan.addCheck(bounds->upper);
    if (bounds->lower != bounds->upper)
        plan.certain = bounds->lower;
    return {};
}

} // namespace commander
