// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/match_scan.h"

#include "filter/text_search.h"
#include "query/expression_check.h"
#include "query/filter_compiler.h"

#include <commander/filter.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace commander {

namespace {

// Work of one call, in index rows. Counted, not timed, so that the same call always does the same.
constexpr std::size_t workMax = 50'000;
constexpr std::size_t workPerBody = 10;
constexpr std::size_t bytesPerWork = 512;      // looked through
constexpr std::size_t bytesParsedPerWork = 64; // parsed
constexpr std::size_t bodiesAtOnce = 128;
constexpr std::size_t rowsPerStopCheck = 256;

/// The walks of a plan as one sequence of positions in scan order.
class MergedWalk {
public:
    struct Row {
        Position position;
        ScanPlan::Verdict verdict = ScanPlan::Verdict::No;
    };

    MergedWalk(const ScanPlan &plan, ScanDirection direction) : m_plan(plan), m_direction(direction) { }

    [[nodiscard]] Result<void> open(IndexReader &reader, Position lowest, Position highest)
    {
        m_walks.reserve(m_plan.walks.size());
        for (const auto &walk : m_plan.walks) {
            auto statement = reader.database().prepare(m_plan.sql(walk, m_direction));
            if (!statement)
                return fail(statement.error());
            m_walks.push_back({std::move(*statement), {}});
            m_plan.bind(walk, m_walks.back().statement, lowest, highest);
            if (auto stepped = step(m_walks.size() - 1); !stepped)
                return stepped;
        }
        return {};
    }

    /// Nothing at the end.
    [[nodiscard]] Result<std::optional<Row>> next()
    {
        if (m_heap.empty())
            return std::nullopt;
        std::ranges::pop_heap(m_heap, [this](auto a, auto b) { return isLater(a, b); });
        const auto walk = m_heap.back();
        m_heap.pop_back();
        const auto row = m_walks[walk].row;
        if (auto stepped = step(walk); !stepped)
            return fail(stepped.error());
        return row;
    }

private:
    struct Walk {
        Statement statement;
        Row row; ///< the next one
    };

    [[nodiscard]] Result<void> step(std::size_t walk)
    {
        auto &[statement, row] = m_walks[walk];
        const auto there = statement.step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        row = {{static_cast<std::uint64_t>(statement.integer(0))},
               static_cast<ScanPlan::Verdict>(statement.integer(1))};
        m_heap.push_back(walk);
        std::ranges::push_heap(m_heap, [this](auto a, auto b) { return isLater(a, b); });
        return {};
    }

    bool isLater(std::size_t a, std::size_t b) const
    {
        const auto left = m_walks[a].row.position;
        const auto right = m_walks[b].row.position;
        return m_direction == ScanDirection::OldestFirst ? left > right : left < right;
    }

    const ScanPlan &m_plan;
    const ScanDirection m_direction;
    std::vector<Walk> m_walks;
    std::vector<std::size_t> m_heap; ///< walks that have a row, the next in scan order in front
};

class Scan {
public:
    Scan(const IndexReading &reading, const RecordFilter &filter, ScanDirection direction, std::size_t limit)
        : m_reading(reading), m_filter(filter), m_direction(direction), m_limit(limit), m_text(filter.text),
          m_bytesPerWork(parses(filter) ? bytesParsedPerWork : bytesPerWork),
          m_statusOf([this](const Record &record) { return statusOf(record); })
    {
    }

    [[nodiscard]] Result<MatchPage> run(Position start)
    {
        if (auto bounded = bound(start); !bounded)
            return fail(bounded.error());
        if (m_lowest > m_highest)
            return finished(start);
        const auto plan = compileFilter(m_filter, m_reading);
        if (!plan)
            return fail(plan.error());
        MergedWalk walk(*plan, m_direction);
        if (auto opened = walk.open(m_reading.reader(), m_lowest, m_highest); !opened)
            return fail(opened.error());

        bool ended = false;
        for (std::size_t rows = 0; !full() && m_work < workMax; ++rows) {
            if (rows % rowsPerStopCheck == 0 && m_reading.stop().stop_requested())
                return fail(ErrorCode::Cancelled, "the search was cancelled");
            const auto row = walk.next();
            if (!row)
                return fail(row.error());
            if (!*row) {
                ended = true;
                break;
            }
            ++m_work;
            m_reached = (*row)->position;
            if ((*row)->verdict == ScanPlan::Verdict::No)
                continue;
            const bool ask = (*row)->verdict == ScanPlan::Verdict::AskRecord || !m_filter.text.empty();
            if (ask || !m_candidates.empty()) // keeps the order
                m_candidates.push_back({m_reached, ask});
            else
                m_page.positions.push_back(m_reached);
            if (m_candidates.size() == bodiesAtOnce) {
                if (auto checked = checkBodies(); !checked)
                    return fail(checked.error());
            }
        }
        if (auto checked = checkBodies(); !checked)
            return fail(checked.error());
        if (ended && !full())
            return finished(start);
        return paused();
    }

private:
    [[nodiscard]] bool full() const { return m_page.positions.size() >= m_limit; }

    /// The positions that come into question.
    [[nodiscard]] Result<void> bound(Position start)
    {
        m_lowest = std::max(m_filter.first, Position{1});
        m_highest = std::min(m_filter.last, m_reading.snapshot().position);
        if (m_filter.from) {
            const auto from = m_reading.positionAt(*m_filter.from);
            if (!from)
                return fail(from.error());
            m_lowest = std::max(m_lowest, *from);
        }
        if (m_filter.to) {
            const auto to = m_reading.positionAt(*m_filter.to);
            if (!to)
                return fail(to.error());
            m_highest = std::min(m_highest, Position{to->value - 1});
        }
        m_end = m_direction == ScanDirection::OldestFirst ? m_highest : m_lowest;
        if (m_direction == ScanDirection::OldestFirst)
            m_lowest = std::max(m_lowest, start);
        else
            m_highest = std::min(m_highest, start);
        return {};
    }

    static bool parses(const RecordFilter &filter)
    {
        return filter.expression
            && (filter.expression->uses(FilterField::Data) || filter.expression->uses(FilterField::Headers));
    }

    /// For a record that is asked.
    std::optional<CommandStatus> statusOf(const Record &record)
    {
        if (record.kind != RecordKind::Command)
            return std::nullopt;
        const auto outcome = m_reading.outcome(record.position);
        if (!outcome) {
            m_fault = outcome.error();
            return std::nullopt;
        }
        return outcome->status;
    }

    [[nodiscard]] bool isMatch(const Record &record)
    {
        m_work += workPerBody + record.data.size() / m_bytesPerWork;
        return m_text.isIn(record) && (!m_filter.expression || m_filter.expression->matches(record, m_statusOf));
    }

    /// Takes those candidates whose records match, in scan order, until the page is full.
    [[nodiscard]] Result<void> checkBodies()
    {
        std::vector<Position> asked;
        for (const auto &candidate : m_candidates) {
            if (candidate.ask)
                asked.push_back(candidate.position);
        }
        const auto records = m_reading.bodies().at(asked, m_reading.stop());
        if (!records)
            return fail(records.error());
        auto record = records->begin();
        for (const auto &candidate : m_candidates) {
            const bool matches = !candidate.ask || isMatch(**record++);
            if (m_fault)
                return fail(*m_fault);
            if (!matches)
                continue;
            m_page.positions.push_back(candidate.position);
            if (full()) {
                m_reached = candidate.position; // the candidates behind it are looked at again by the next call
                break;
            }
        }
        m_candidates.clear();
        return {};
    }

    MatchPage finished(Position start)
    {
        m_page.complete = true;
        if (m_direction == ScanDirection::OldestFirst)
            m_page.next = std::max(start, m_end.next());
        else
            m_page.next = std::min(start, Position{m_end.value - 1});
        return std::move(m_page);
    }

    MatchPage paused()
    {
        if (m_direction == ScanDirection::OldestFirst) {
            m_page.next = m_reached.next();
            m_page.complete = m_reached >= m_end;
        } else {
            m_page.next = {m_reached.value - 1};
            m_page.complete = m_reached <= m_end;
        }
        return std::move(m_page);
    }

    const IndexReading &m_reading;
    const RecordFilter &m_filter;
    const ScanDirection m_direction;
    const std::size_t m_limit;
    const TextSearch m_text;
    const std::size_t m_bytesPerWork;
    const StatusOf m_statusOf;
    std::optional<Error> m_fault; ///< met while a record was asked
    Position m_lowest;
    Position m_highest;
    Position m_end;     ///< the last position in scan order
    Position m_reached; ///< everything up to here, in scan order, is decided
    std::size_t m_work = 0;
    struct Candidate {
        Position position;
        bool ask = false; ///< the record itself; else it matches
    };
    std::vector<Candidate> m_candidates; ///< in scan order
    MatchPage m_page;
};

} // namespace

Result<MatchPage> scanMatches(const IndexReading &reading, const RecordFilter &filter, Position start,
                              ScanDirection direction, std::size_t limit)
{
    if (reading.stop().stop_requested())
        return fail(ErrorCode::Cancelled, "the search was cancelled");
    if (limit == 0)
        return fail(ErrorCode::InvalidArgument, "a search needs room for at least one match", "limit");
    const auto narrow = narrowed(filter, reading);
    if (!narrow)
        return fail(narrow.error());
    return Scan(reading, *narrow, direction, limit).run(start);
}

} // namespace commander
