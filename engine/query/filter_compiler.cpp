// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter_compiler.h"

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
    Compiler(const RecordFilter &filter, const IndexSnapshot &snapshot) : m_filter(filter), m_snapshot(snapshot) { }

    ScanPlan compile()
    {
        if (!addActors())
            return nothing();
        addKeyAndStatus();
        const auto walksIds = chooseIds();
        const auto chosen = matchingSeries();
        if (chosen.empty())
            return nothing();
        if (chosen.size() < m_snapshot.counts.size()) {
            if (!walksIds && worthWalking(chosen)) {
                m_plan.walk = ScanPlan::Walk::Series;
                m_plan.series = chosen;
            } else {
                checkIn("r.series", chosen);
            }
        }
        return std::move(m_plan);
    }

private:
    static ScanPlan nothing()
    {
        ScanPlan plan;
        plan.walk = ScanPlan::Walk::Nothing;
        return plan;
    }

    void check(std::string_view expression)
    {
        if (!m_plan.check.empty())
            m_plan.check += " AND ";
        m_plan.check += expression;
    }

    template <class T> std::string parameter(T value)
    {
        m_plan.values.emplace_back(std::move(value));
        return "?" + std::to_string(firstValue + static_cast<int>(m_plan.values.size()) - 1);
    }

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

    void addKeyAndStatus()
    {
        if (m_filter.key)
            check("r.key = " + parameter(*m_filter.key));
        if (!m_filter.status)
            return;
        if (*m_filter.status == CommandStatus::Accepted)
            check("NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.command = r.id)");
        else
            check("EXISTS (SELECT 1 FROM outcomes o WHERE o.command = r.id AND o.status = "
                  + parameter(static_cast<std::int64_t>(*m_filter.status)) + ")");
    }

    /// An id picks few records: its index is walked, whatever else is asked.
    bool chooseIds()
    {
        if (m_filter.parent && m_filter.parent->isNull())
            check("r.parent IS NULL");
        const bool byParent = m_filter.parent && !m_filter.parent->isNull();
        if (byParent) {
            m_plan.walk = ScanPlan::Walk::Parent;
            m_plan.id = *m_filter.parent;
        }
        if (!m_filter.correlation)
            return byParent;
        if (byParent) {
            check("r.correlation = " + parameter(*m_filter.correlation));
        } else {
            m_plan.walk = ScanPlan::Walk::Correlation;
            m_plan.id = *m_filter.correlation;
        }
        return true;
    }

    std::vector<std::int64_t> matchingSeries() const
    {
        std::vector<std::int64_t> chosen;
        for (std::size_t i = 0; i < m_snapshot.counts.size(); ++i) {
            const auto &series = m_snapshot.names->series[i];
            if (anyOf(m_filter.kinds, series.kind) && anyOf(m_filter.topics, series.topic)
                && anyOf(m_filter.actions, series.action) && (!m_filter.status || series.kind == RecordKind::Command))
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
        return m_plan.check.empty() || rows <= m_snapshot.position.value / 2;
    }

    const RecordFilter &m_filter;
    const IndexSnapshot &m_snapshot;
    ScanPlan m_plan;
};

} // namespace

ScanPlan compileFilter(const RecordFilter &filter, const IndexSnapshot &snapshot)
{
    return Compiler(filter, snapshot).compile();
}

std::string ScanPlan::sql(ScanDirection direction) const
{
    // INDEXED BY: the statement fails rather than scan when the index should ever not serve.
    std::string sql = "SELECT r.position, " + (check.empty() ? std::string("1") : check) + " FROM records r ";
    switch (walk) {
    case Walk::Nothing:
    case Walk::Positions:
        sql += "NOT INDEXED WHERE ";
        break;
    case Walk::Series:
        sql += "INDEXED BY records_by_series WHERE r.series = ?3 AND ";
        break;
    case Walk::Parent:
        sql += "INDEXED BY records_by_parent WHERE r.parent = ?3 AND ";
        break;
    case Walk::Correlation:
        sql += "INDEXED BY records_by_correlation WHERE r.correlation = ?3 AND ";
        break;
    }
    sql += "r.position BETWEEN ?1 AND ?2 ORDER BY r.position";
    if (direction == ScanDirection::NewestFirst)
        sql += " DESC";
    return sql;
}

void ScanPlan::bind(Statement &statement, Position lowest, Position highest, std::size_t seriesPlace) const
{
    statement.bind(1, static_cast<std::int64_t>(lowest.value)).bind(2, static_cast<std::int64_t>(highest.value));
    if (walk == Walk::Series)
        statement.bind(3, series[seriesPlace]);
    else if (walk == Walk::Parent || walk == Walk::Correlation)
        statement.bind(3, id);
    int number = firstValue;
    for (const auto &value : values) {
        std::visit([&statement, number](const auto &v) { statement.bind(number, v); }, value);
        ++number;
    }
}

} // namespace commander
