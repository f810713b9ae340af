// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace commander {

/// One measured figure, beside the floor of the same run that it is judged against.
struct BenchFigure {
    std::string name;
    double value = 0;
    std::string unit;
    std::string floor; ///< name of the figure it is divided by; empty = none
    double ratio = 0;  ///< value / floor
    double aim = 0;    ///< the ratio aimed at; 0 = none
};

[[nodiscard]] std::string benchTable(const std::vector<BenchFigure> &figures);
[[nodiscard]] std::string benchJson(const std::vector<BenchFigure> &figures);

} // namespace commander
