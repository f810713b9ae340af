// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/histogram_query.h"

#include "query/index_schema.h"

#include <limits>

namespace commander {

namespace {

constexpr std::size_t binsMax = 2000;
constexpr std::uint64_t countedRecordsMax = 200'000; ///< counted one by one for bins finer than a second
constexpr std::size_t rowsPerStopCheck = 1024;
/// Bins are made of at least this many stored buckets, so that rounding to whole buckets widens them by a quarter at
/// most.
constexpr std::int64_t bucketsPerBinMin = 4;

constexpr std::int64_t ceilDivide(std::int64_t value, std::int64_t by) noexcept
{
    return floorDivide(value, by) + (value % by != 0 ? 1 : 0);
}

class HistogramQuery {
public:
    HistogramQuery(const IndexReading &reading, const HistogramRequest &request)
        : m_reading(reading), m_request(request)
    {
    }

    [[nodiscard]] Result<Histogram> run()
    {
        if (auto checked = check(); !checked)
            return fail(checked.error());
        m_counts.resize(m_reading.snapshot().counts.size());
        const auto width
            = ceilDivide(m_request.to.micros - m_request.from.micros, static_cast<std::int64_t>(m_request.bins));
        if (width < microsPerSecond) {
            layOut(m_request.from.micros, width);
            const auto first = m_reading.positionAt(m_histogram.from);
            if (!first)
                return fail(first.error());
            const auto end
                = m_reading.positionAt({m_histogram.from.micros + width * static_cast<std::int64_t>(m_histogram.bins)});
            if (!end)
                return fail(end.error());
            if (end->value - first->value <= countedRecordsMax)
                return finish(countRecords(*first, *end));
        }
        std::int64_t bucketSeconds = rollupSeconds.front();
        for (const auto seconds : rollupSeconds) {
            if (seconds * microsPerSecond <= width / bucketsPerBinMin)
                bucketSeconds = seconds;
        }
        const auto bucket = bucketSeconds * microsPerSecond;
        const auto rounded = ceilDivide(width, bucket) * bucket;
        // Whole bins since 1970, so that a range that moves with time keeps its bins.
        layOut(floorDivide(m_request.from.micros, rounded) * rounded, rounded);
        return finish(addBuckets(bucketSeconds));
    }

private:
    [[nodiscard]] Result<void> check() const
    {
        if (m_request.bins < 1 || m_request.bins > binsMax)
            return fail(ErrorCode::InvalidArgument, "a histogram has 1 to 2000 bins", "bins");
        if (m_request.from >= m_request.to)
            return fail(ErrorCode::InvalidArgument, "a histogram needs an end after its start", "to");
        // Far beyond any calendar; keeps the arithmetic below from overflowing.
        constexpr auto far = std::numeric_limits<std::int64_t>::max() / 4;
        if (m_request.from.micros < -far || m_request.to.micros > far)
            return fail(ErrorCode::InvalidArgument, "a histogram's range is out of the calendar", "from");
        return {};
    }

    void layOut(std::int64_t from, std::int64_t width)
    {
        m_histogram.from = {from};
        m_histogram.binMicros = width;
        m_histogram.bins = static_cast<std::size_t>(ceilDivide(m_request.to.micros - from, width));
    }

    [[nodiscard]] Result<void> countRecords(Position first, Position end)
    {
        auto statement = m_reading.reader().fixed(
            "SELECT series, recorded, 1 FROM records WHERE position >= ?1 AND position < ?2");
        if (!statement)
            return fail(statement.error());
        (*statement)->bind(1, static_cast<std::int64_t>(first.value)).bind(2, static_cast<std::int64_t>(end.value));
        return addRows(**statement, 1);
    }

    [[nodiscard]] Result<void> addBuckets(std::int64_t seconds)
    {
        auto statement = m_reading.reader().fixed(
            "SELECT series, bucket, count FROM rollups WHERE width = ?1 AND bucket >= ?2 AND bucket < ?3");
        if (!statement)
            return fail(statement.error());
        const auto bucket = seconds * microsPerSecond;
        const auto first = m_histogram.from.micros / bucket;
        const auto perBin = m_histogram.binMicros / bucket;
        (*statement)->bind(1, seconds).bind(2, first);
        (*statement)->bind(3, first + perBin * static_cast<std::int64_t>(m_histogram.bins));
        return addRows(**statement, bucket);
    }

    /// Rows of (series, time in units, count).
    [[nodiscard]] Result<void> addRows(Statement &statement, std::int64_t unitMicros)
    {
        for (std::size_t rows = 0;; ++rows) {
            if (rows % rowsPerStopCheck == 0 && m_reading.stop().stop_requested())
                return fail(ErrorCode::Cancelled, "counting was cancelled");
            const auto row = statement.step();
            if (!row)
                return fail(row.error());
            if (!*row)
                return {};
            const auto series = static_cast<std::size_t>(statement.integer(0)) - 1;
            const auto micros = statement.integer(1) * unitMicros - m_histogram.from.micros;
            const auto bin = static_cast<std::size_t>(micros / m_histogram.binMicros);
            // A series that is newer than the snapshot has no name there; the next call will show it.
            if (series >= m_counts.size() || bin >= m_histogram.bins)
                continue;
            if (m_counts[series].empty())
                m_counts[series].resize(m_histogram.bins);
            m_counts[series][bin] += static_cast<std::uint64_t>(statement.integer(2));
        }
    }

    [[nodiscard]] Result<Histogram> finish(const Result<void> &counted)
    {
        if (!counted)
            return fail(counted.error());
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
    std::vector<std::vector<std::uint64_t>> m_counts; ///< by series, then bin; empty = none
    Histogram m_histogram;
};

} // namespace

Result<Histogram> queryHistogram(const IndexReading &reading, const HistogramRequest &request)
{
    if (reading.stop().stop_requested())
        return fail(ErrorCode::Cancelled, "counting was cancelled");
    return HistogramQuery(reading, request).run();
}

} // namespace commander
