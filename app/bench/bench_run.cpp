// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_run.h"

#include <algorithm>
#include <array>

namespace commander {

namespace {

constexpr std::array measurements{
    Measurement{"disk", measureDisk},       Measurement{"engine", measureEngine},
    Measurement{"folds", measureFolds},     Measurement{"scripted", measureScripted},
    Measurement{"rebuild", measureRebuild}, Measurement{"open", measureOpen},
    Measurement{"large", measureLarge},     Measurement{"rest", measureRest},
};

} // namespace

void BenchRun::add(std::string name, double value, std::string unit)
{
    m_figures.push_back({std::move(name), value, std::move(unit), {}, 0, 0});
}

void BenchRun::addBeside(std::string name, double value, std::string unit, std::string_view floor, double aim)
{
    const auto floorValue = valueOf(floor);
    if (floorValue > 0)
        addBeside(std::move(name), value, std::move(unit), floor, floorValue, aim);
    else
        add(std::move(name), value, std::move(unit));
}

void BenchRun::addBeside(std::string name, double value, std::string unit, std::string_view floor, double floorValue,
                         double aim)
{
    m_figures.push_back({std::move(name), value, std::move(unit), std::string(floor), value / floorValue, aim});
}

double BenchRun::valueOf(std::string_view name) const
{
    const auto found = std::find_if(m_figures.begin(), m_figures.end(),
                                    [name](const BenchFigure &figure) { return figure.name == name; });
    return found == m_figures.end() ? 0 : found->value;
}

Result<std::vector<BenchFigure>> runBenchmarks(const BenchOptions &options)
{
    const auto &only = options.only;
    const auto names = benchmarkNames();
    for (const auto &name : only) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            return fail(ErrorCode::InvalidArgument, "there is no measurement of this name", name);
    }
    BenchRun run(options);
    for (const auto &[name, measure] : measurements) {
        if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end())
            continue;
        if (auto done = measure(run); !done)
            return fail(done.error());
    }
    return run.take();
}

std::vector<std::string> benchmarkNames()
{
    std::vector<std::string> names;
    names.reserve(std::size(measurements));
    for (const auto &measurement : measurements)
        names.emplace_back(measurement.name);
    return names;
}

} // namespace commander
