// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/benchmarks.h"

#include <string>
#include <string_view>

namespace commander {

/// What one run has found so far, and where it works. A measurement adds its figures and may ask for those before it.
class BenchRun {
public:
    explicit BenchRun(const BenchOptions &options) : m_options(options) { }

    [[nodiscard]] const BenchOptions &options() const noexcept { return m_options; }
    /// The workspace that the measurements share; fillWorkspace() makes it.
    [[nodiscard]] std::string ledger() const { return m_options.folder + "/bench.ledger"; }
    [[nodiscard]] std::string scratch(std::string_view name) const
    {
        return m_options.folder + '/' + std::string(name);
    }

    void add(std::string name, double value, std::string unit);
    /// Judged against `floor`, the name of a figure of this run; without the ratio when that was left out.
    void addBeside(std::string name, double value, std::string unit, std::string_view floor, double aim = 0);
    /// Judged against a value that is no figure of its own.
    void addBeside(std::string name, double value, std::string unit, std::string_view floor, double floorValue,
                   double aim);
    /// 0 when there is no such figure.
    [[nodiscard]] double valueOf(std::string_view name) const;
    [[nodiscard]] std::vector<BenchFigure> take() { return std::move(m_figures); }

private:
    const BenchOptions m_options;
    std::vector<BenchFigure> m_figures;
};

/// One measured thing; each has a file measure_….cpp of its own.
struct Measurement {
    std::string_view name; ///< for --only
    Result<void> (*run)(BenchRun &);
};

[[nodiscard]] Result<void> measureDisk(BenchRun &run);
[[nodiscard]] Result<void> measureEngine(BenchRun &run);
[[nodiscard]] Result<void> measureFolds(BenchRun &run);
[[nodiscard]] Result<void> measureRebuild(BenchRun &run);
[[nodiscard]] Result<void> measureOpen(BenchRun &run);
[[nodiscard]] Result<void> measureLarge(BenchRun &run);
[[nodiscard]] Result<void> measureScripted(BenchRun &run);
[[nodiscard]] Result<void> measureRest(BenchRun &run);

// Names of figures that others are judged against
inline constexpr std::string_view floorSqlite = "raw SQLite, same rows, 1000 a commit";

} // namespace commander
