// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter_compiler.h"

#include "query/expression_check.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t seriesWalksMax = 512; ///< statements open at once
constexpr int firstValue = 4;               ///< number of the first parameter of a check

template <class T> bool anyOf(const std::vector<T> &wanted, const T &value)
{
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

class Compiler {
public:
    Compiler(const RecordFilter &filter, const IndexReading &reading)
        : m_filter(filter), m_reading(reading), m_snapshot(reading.snapshot())
    {
    }

    [[nodiscard]] Result<ScanPlan> compile()
    {
        const auto chosen = matchingSeries();
        if (chosen.empty() || !addActors())
            return ScanPlan{};
        if (m_filter.key)
            check("r.key = " + parameter(*m_filter.key));
        if (auto added = addCauses(); !added)
            return fail(added.error());
        addStatus();
        if (m_filter.expression) {
            if (auto added = addExpressionCheck(m_plan, *m_filter.expression, m_reading, chosen); !added)
                return fail(added.error());
        }
        if (chosen.size() < m_snapshot.counts.size()) {
            if (m_plan.walks.empty() && worthWalking(chosen)) {
                for (const auto series : chosen)
                    m_plan.walks.push_back({ScanPlan::Order::Series, series});
            } else {
                checkIn("r.series", chosen);
            }
        }
        if (m_plan.walks.empty())
            m_plan.walks.push_back({ScanPlan::Order::Positions, std::int64_t{0}});
        return std::move(m_plan);
    }

private:
    void check(std::string_view expression) { m_plan.addCheck(expression); }
    [[nodiscard]] std::string parameter(ScanPlan::Value value) { return m_plan.parameter(std::move(value)); }

    void checkIn(std::string_view column, const std::vector<std::int64_t> &values)
    {
        std::string list;
        for (const auto value : values)
            list += (list.empty() ? "" : ", ") + parameter(value);
        check(std::string(column) + " IN (" + list + ")");
    }

    bool addActors()
    {
        if (m_filter.actors.empty())
            return true;
        std::vector<std::int64_t> numbers;
        const auto &names = m_snapshot.names->actors;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (anyOf(m_filter.actors, names[i]))
                numbers.push_back(static_cast<std::int64_t>(i + 1));
        }
        if (numbers.empty())
            return false;
        checkIn("r.actor", numbers);
        return true;
    }

    /// An id picks few records: its index is walked, whatever else is asked.
    [[nodiscard]] Result<void> addCauses()
    {
        const bool byParent = m_filter.parent && !m_filter.parent->isNull();
        if (m_filter.parent && !byParent)
            check("r.parent IS NULL");
        if (byParent) {
            const auto parent = m_reading.bodies().positionOf(*m_filter.parent);
            if (!parent)
                return fail(parent.error());
            if (*parent)
                m_plan.walks.push_back({ScanPlan::Order::Parent, static_cast<std::int64_t>((*parent)->value)});
            m_plan.walks.push_back({ScanPlan::Order::StrayParents, *m_filter.parent});
        }
        if (!m_filter.correlation)
            return {};
        const auto root = m_reading.bodies().positionOf(*m_filter.correlation);
        if (!root)
            return fail(root.error());
        if (byParent) {
            std::string either = "r.position IN (SELECT position FROM strays WHERE role = "
                + parameter(static_cast<std::int64_t>(StrayRole::Correlation))
                + " AND id = " + parameter(*m_filter.correlation) + ")";
            if (*root)
                either = "(r.root = " + parameter(static_cast<std::int64_t>((*root)->value)) + " OR " + either + ")";
            check(either);
        } else {
            if (*root)
                m_plan.walks.push_back({ScanPlan::Order::Root, static_cast<std::int64_t>((*root)->value)});
            m_plan.walks.push_back({ScanPlan::Order::StrayCorrelations, *m_filter.correlation});
        }
        return {};
    }

    void addStatus()
    {
        if (!m_filter.status)
            return;
        const auto status = static_cast<std::int64_t>(*m_filter.status);
        if (*m_filter.status == CommandStatus::Accepted)
            check("NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.command = r.position)");
        else if (m_plan.walks.empty())
            m_plan.walks.push_back({ScanPlan::Order::Status, status});
        else
            check("EXISTS (SELECT 1 FROM outcomes o WHERE o.command = r.position AND o.status = " + parameter(status)
                  + ")");
    }

    std::vector<std::int64_t> matchingSeries() const
    {
        std::vector<std::int64_t> chosen;
        for (std::size_t i = 0; i < m_snapshot.counts.size(); ++i) {
            const auto &series = m_snapshot.names->series[i];
            if (anyOf(m_filter.kinds, series.kind) && anyOf(m_filter.topics, series.topic)
                && anyOf(m_filter.actions, series.action) && (!m_filter.status || series.kind == RecordKind::Command)
                && (!m_filter.expression || mayMatch(*m_filter.expression, series)))
                chosen.push_back(static_cast<std::int64_t>(i + 1));
        }
        return chosen;
    }

    /// Where nothing is checked on the row, the series index alone answers. Otherwise each of its entries costs a
    /// look-up of the row, and reading most rows that way is slower than reading all of them in order.
    bool worthWalking(const std::vector<std::int64_t> &chosen) const
    {
        if (chosen.size() > seriesWalksMax)
            return false;
        std::uint64_t rows = 0;
        for (const auto series : chosen)
            rows += m_snapshot.counts[static_cast<std::size_t>(series) - 1];
        return (m_plan.check.empty() && m_plan.certain.empty()) || rows <= m_snapshot.position.value / 2;
    }

    const RecordFilter &m_filter;
    const IndexReading &m_reading;
    const IndexSnapshot &m_snapshot;
    ScanPlan m_plan;
};

/// A table that leads to records: they are looked up only where there is something to check.
std::string leadingTo(const std::string &table, const std::string &position, const std::string &condition, bool checks)
{
    // CROSS JOIN keeps SQLite from turning the order of the loops round.
    return "FROM " + table + (checks ? " CROSS JOIN records r ON r.position = " + position : std::string()) + " WHERE "
        + condition + " AND " + position;
}

} // namespace

Result<ScanPlan> compileFilter(const RecordFilter &filter, const IndexReading &reading)
{
    return Compiler(filter, reading).compile();
}

std::string ScanPlan::parameter(Value value)
{
    values.push_back(std::move(value));
    return "?" + std::to_string(firstValue + static_cast<int>(values.size()) - 1);
}

void ScanPlan::addCheck(std::string_view expression)
{
    if (!check.empty())
        check += " AND ";
    check += expression;
}

std::string ScanPlan::sql(const Walk &walk, ScanDirection direction) const
{
    const std::string ask = certain.empty() ? "1"
        : certain == "0"                    ? "2"
                                            : "CASE WHEN " + certain + " THEN 1 ELSE 2 END";
    std::string verdict = ask;
    if (!check.empty())
        verdict = certain.empty() ? check : "CASE WHEN " + check + " THEN " + ask + " ELSE 0 END";
    // INDEXED BY: the statement fails rather than scan when the index should ever not serve.
    const bool checks = verdict.size() > 1;
    std::string position = "r.position";
    std::string from;
    switch (walk.order) {
    case Order::Positions:
        from = "FROM records r NOT INDEXED WHERE r.position";
        break;
    case Order::Series:
        from = "FROM records r INDEXED BY records_by_series WHERE r.series = ?3 AND r.position";
        break;
    case Order::Parent:
        from = "FROM records r INDEXED BY records_by_parent WHERE r.parent = ?3 AND r.position";
        break;
    case Order::Root:
        from = "FROM records r INDEXED BY records_by_root WHERE r.root = ?3 AND r.position";
        break;
    case Order::StrayParents:
        position = "s.position";
        from = leadingTo("strays s", position, "s.role = 0 AND s.id = ?3", checks);
        break;
    case Order::StrayCorrelations:
        position = "s.position";
        from = leadingTo("strays s", position, "s.role = 1 AND s.id = ?3", checks);
        break;
    case Order::Status:
        position = "o.command";
        from = leadingTo("outcomes o INDEXED BY outcomes_by_status", position, "o.status = ?3", checks);
        break;
    }
    auto sql = "SELECT " + position + ", " + verdict + " " + from + " BETWEEN ?1 AND ?2 ORDER BY " + position;
    if (direction == ScanDirection::NewestFirst)
        sql += " DESC";
    return sql;
}

void ScanPlan::bind(const Walk &walk, Statement &statement, Position lowest, Position highest) const
{
    const auto bindValue = [&statement](int number, const Value &value) {
        std::visit([&statement, number](const auto &v) { statement.bind(number, v); }, value);
    };
    statement.bind(1, static_cast<std::int64_t>(lowest.value)).bind(2, static_cast<std::int64_t>(highest.value));
    if (walk.order != Order::Positions)
        bindValue(3, walk.value);
    for (std::size_t i = 0; i < values.size(); ++i)
        bindValue(firstValue + static_cast<int>(i), values[i]);
}

} // namespace commander
