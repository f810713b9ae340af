// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/histogram_query.h"

#include "query/index_schema.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace commander {

namespace {

constexpr std::size_t binsMax = 2000;
constexpr std::size_t rowsPerStopCheck = 1024;

constexpr std::int64_t ceilDivide(std::int64_t value, std::int64_t by) noexcept
{
    return floorDivide(value, by) + (value % by != 0 ? 1 : 0);
}

class HistogramQuery {
public:
    HistogramQuery(const IndexReading &reading, const HistogramRequest &request, std::size_t recordsMax)
        : m_reading(reading), m_request(request), m_recordsMax(recordsMax)
    {
    }

    [[nodiscard]] Result<Histogram> run()
    {
        if (auto checked = check(); !checked)
            return fail(checked.error());
        const auto prepared = prepare();
        if (!prepared)
            return fail(prepared.error());
        const auto bins = static_cast<std::int64_t>(m_request.bins);
        const auto width = ceilDivide(m_request.to.micros - m_request.from.micros, bins);
        layOut(m_request.from.micros, m_request.to.micros, width);
        auto counted = width < microsPerSecond ? countRange() : countBins();
        if (counted && m_tooMany) {
            const auto from = floorDivide(m_request.from.micros, microsPerSecond) * microsPerSecond;
            const auto to = ceilDivide(m_request.to.micros, microsPerSecond) * microsPerSecond;
            layOut(from, to, ceilDivide(ceilDivide(to - from, bins), microsPerSecond) * microsPerSecond);
            counted = countBins();
        }
        if (!counted)
            return fail(counted.error());
        return finish();
    }

private:
    [[nodiscard]] Result<void> check() const
    {
        if (m_request.bins < 1 || m_request.bins > binsMax)
            return fail(ErrorCode::InvalidArgument, "a histogram has 1 to 2000 bins", "bins");
        if (m_request.from >= m_request.to)
            return fail(ErrorCode::InvalidArgument, "a histogram needs an end after its start", "to");
        // Far beyond any calendar; keeps the arithmetic here from overflowing.
        constexpr auto far = std::numeric_limits<std::int64_t>::max() / 4;
        if (m_request.from.micros < -far || m_request.to.micros > far)
            return fail(ErrorCode::InvalidArgument, "a histogram's range is out of the calendar", "from");
        return {};
    }

    [[nodiscard]] Result<void> prepare()
    {
        auto records
            = m_reading.reader().fixed("SELECT series, recorded FROM records WHERE position >= ?1 AND position <= ?2");
        if (!records)
            return fail(records.error());
        auto buckets = m_reading.reader().fixed(
            "SELECT series, count FROM rollups WHERE width = ?1 AND bucket >= ?2 AND bucket < ?3");
        if (!buckets)
            return fail(buckets.error());
        m_records.emplace(std::move(*records));
        m_buckets.emplace(std::move(*buckets));
        return {};
    }

    void layOut(std::int64_t from, std::int64_t to, std::int64_t width)
    {
        m_end = to;
        m_histogram.from = {from};
        m_histogram.binMicros = width;
        m_histogram.bins = static_cast<std::size_t>(ceilDivide(to - from, width));
        m_counts.assign(m_reading.snapshot().counts.size(), {});
        m_rows = 0;
        m_tooMany = false;
    }

    /// Bins of less than a second: all from the records.
    [[nodiscard]] Result<void> countRange()
    {
        const auto first = m_reading.positionAt(m_request.from);
        if (!first)
            return fail(first.error());
        const auto end = m_reading.positionAt(m_request.to);
        if (!end)
            return fail(end.error());
        m_tooMany = end->value - first->value > m_recordsMax;
        return m_tooMany ? Result<void>() : countRecords(m_request.from.micros, m_request.to.micros);
    }

    /// Bins of a second or more: the whole seconds within from the stored counts, the rest from the records.
    [[nodiscard]] Result<void> countBins()
    {
        for (std::size_t bin = 0; bin < m_histogram.bins && !m_tooMany; ++bin) {
            const auto from = m_histogram.from.micros + static_cast<std::int64_t>(bin) * m_histogram.binMicros;
            const auto to = std::min(from + m_histogram.binMicros, m_end);
            if (to <= m_reading.snapshot().first.micros || from > m_reading.snapshot().last.micros)
                continue;
            const auto firstSecond = ceilDivide(from, microsPerSecond);
            const auto endSecond = floorDivide(to, microsPerSecond);
            Result<void> counted;
            if (firstSecond >= endSecond) {
                counted = countRecords(from, to);
            } else {
                counted = addSeconds(bin, firstSecond, endSecond);
                if (counted)
                    counted = countRecords(from, firstSecond * microsPerSecond);
                if (counted)
                    counted = countRecords(endSecond * microsPerSecond, to);
            }
            if (!counted)
                return counted;
        }
        return {};
    }

    /// Takes the widest stored buckets that fit, and narrower ones at both ends.
    [[nodiscard]] Result<void> addSeconds(std::size_t bin, std::int64_t from, std::int64_t to)
    {
        for (std::size_t level = 0; level < rollupSeconds.size() && from < to; ++level) {
            const auto width = rollupSeconds[level];
            auto innerFrom = to;
            auto innerTo = to;
            if (level + 1 < rollupSeconds.size()) {
                const auto wider = rollupSeconds[level + 1];
                innerFrom = std::min(ceilDivide(from, wider) * wider, to);
                innerTo = std::max(floorDivide(to, wider) * wider, innerFrom);
            }
            if (auto added = addBuckets(bin, width, from, innerFrom); !added)
                return added;
            if (auto added = addBuckets(bin, width, innerTo, to); !added)
                return added;
            from = innerFrom;
            to = innerTo;
        }
        return {};
    }

    [[nodiscard]] Result<void> addBuckets(std::size_t bin, std::int64_t width, std::int64_t from, std::int64_t to)
    {
        if (from >= to)
            return {};
        auto &statement = **m_buckets;
        statement.reset();
        statement.bind(1, width).bind(2, floorDivide(from, width)).bind(3, floorDivide(to, width));
        for (;;) {
            const auto row = next(statement);
            if (!row)
                return fail(row.error());
            if (!*row)
                return {};
            add(statement.integer(0), bin, static_cast<std::uint64_t>(statement.integer(1)));
        }
    }

    [[nodiscard]] Result<void> countRecords(std::int64_t from, std::int64_t to)
    {
        if (from >= to || m_reading.snapshot().position.value == 0 || from > m_reading.snapshot().last.micros)
            return {};
        const auto first = m_reading.positionAt({from});
        if (!first)
            return fail(first.error());
        auto &statement = **m_records;
        statement.reset();
        statement.bind(1, static_cast<std::int64_t>(first->value));
        statement.bind(2, static_cast<std::int64_t>(m_reading.snapshot().position.value));
        while (!m_tooMany) {
            const auto row = next(statement);
            if (!row)
                return fail(row.error());
            if (!*row || statement.integer(1) >= to)
                return {};
            add(statement.integer(0),
                static_cast<std::size_t>((statement.integer(1) - m_histogram.from.micros) / m_histogram.binMicros), 1);
            m_tooMany = ++m_rows > m_recordsMax;
        }
        return {};
    }

    [[nodiscard]] Result<bool> next(Statement &statement)
    {
        if (m_steps++ % rowsPerStopCheck == 0 && m_reading.stop().stop_requested())
            return fail(ErrorCode::Cancelled, "counting was cancelled");
        return statement.step();
    }

    void add(std::int64_t series, std::size_t bin, std::uint64_t count)
    {
        // A series that is newer than the snapshot has no name there; the next call will show it.
        const auto place = static_cast<std::size_t>(series) - 1;
        if (place >= m_counts.size())
            return;
        if (m_counts[place].empty())
            m_counts[place].resize(m_histogram.bins);
        m_counts[place][bin] += count;
    }

    Histogram finish()
    {
        for (std::size_t i = 0; i < m_counts.size(); ++i) {
            if (m_counts[i].empty())
                continue;
            auto &bins = m_histogram.series[nameOf(m_reading.snapshot().names->series[i])];
            bins.resize(m_histogram.bins);
            for (std::size_t bin = 0; bin < bins.size(); ++bin) {
                bins[bin] += m_counts[i][bin];
                m_histogram.total += m_counts[i][bin];
            }
        }
        return std::move(m_histogram);
    }

    std::string nameOf(const Series &series) const
    {
        switch (m_request.groupBy) {
        case HistogramRequest::GroupBy::Topic:
            return series.topic;
        case HistogramRequest::GroupBy::Action:
            return series.action;
        case HistogramRequest::GroupBy::Kind:
            return std::string(recordKindName(series.kind));
        }
        return {};
    }

    const IndexReading &m_reading;
    const HistogramRequest &m_request;
    const std::size_t m_recordsMax;
    std::optional<LentStatement> m_records;
    std::optional<LentStatement> m_buckets;
    std::vector<std::vector<std::uint64_t>> m_counts; ///< by series, then bin; empty = none
    std::int64_t m_end = 0;                           ///< of the range: the last bin may reach beyond it
    std::size_t m_rows = 0;                           ///< records looked at
    std::size_t m_steps = 0;
    bool m_tooMany = false;
    Histogram m_histogram;
};

} // namespace

Result<Histogram> queryHistogram(const IndexReading &reading, const HistogramRequest &request, std::size_t recordsMax)
{
    if (reading.stop().stop_requested())
        return fail(ErrorCode::Cancelled, "counting was cancelled");
    return HistogramQuery(reading, request, recordsMax).run();
}

} // namespace commander
