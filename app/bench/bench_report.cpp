// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_report.h"

#include <commander/json.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace commander {

namespace {

std::string number(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), value < 100 ? "%.2f" : "%.0f", value);
    return text.data();
}

std::string padded(std::string text, std::size_t width, bool right)
{
    const std::string fill(text.size() < width ? width - text.size() : 0, ' ');
    return right ? fill + text : text + fill;
}

} // namespace

std::string benchTable(const std::vector<BenchFigure> &figures)
{
    std::size_t width = 0;
    for (const auto &figure : figures)
        width = std::max(width, figure.name.size());
    std::string out;
    for (const auto &figure : figures) {
        out += padded(figure.name, width + 2, false) + padded(number(figure.value), 10, true) + " "
            + padded(figure.unit, 12, false);
        if (!figure.floor.empty())
            out += "ratio " + number(figure.ratio) + " of " + figure.floor;
        if (figure.aim > 0)
            out += " (aim " + number(figure.aim) + ")";
        while (out.back() == ' ')
            out.pop_back();
        out += '\n';
    }
    return out;
}

std::string benchJson(const std::vector<BenchFigure> &figures)
{
    Json::Array all;
    for (const auto &figure : figures) {
        auto json = Json::object();
        json.set("name", Json(figure.name));
        json.set("value", Json(Json::Number{number(figure.value)}));
        json.set("unit", Json(figure.unit));
        if (!figure.floor.empty()) {
            json.set("floor", Json(figure.floor));
            json.set("ratio", Json(Json::Number{number(figure.ratio)}));
        }
        if (figure.aim > 0)
            json.set("aim", Json(Json::Number{number(figure.aim)}));
        all.push_back(std::move(json));
    }
    return writeJson(Json(std::move(all))) + "\n";
}

} // namespace commander
