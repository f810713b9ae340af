// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_fields.h"

#include "filter/filter_lexer.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace commander {

namespace {

struct Entry {
    std::string_view name;
    filter::FieldType type;
};

using Type = filter::FieldType;
constexpr std::array entries{
    Entry{"kind", Type::Kind},     Entry{"topic", Type::Text},      Entry{"partition", Type::Number},
    Entry{"offset", Type::Number}, Entry{"position", Type::Number}, Entry{"action", Type::Text},
    Entry{"actor", Type::Text},    Entry{"key", Type::Text},        Entry{"id", Type::Id},
    Entry{"parent", Type::Id},     Entry{"correlation", Type::Id},  Entry{"status", Type::Status},
    Entry{"recorded", Type::Time}, Entry{"time", Type::Time},       Entry{"depth", Type::Number},
    Entry{"size", Type::Number},   Entry{"headers", Type::Json},    Entry{"data", Type::Json},
};
static_assert(entries.size() == static_cast<std::size_t>(FilterField::Data) + 1);

} // namespace

std::string_view filterFieldName(FilterField field) noexcept
{
    return entries[static_cast<std::size_t>(field)].name;
}

const std::vector<std::string_view> &filterFieldNames()
{
    static const auto names = [] {
        std::vector<std::string_view> list;
        list.reserve(std::size(entries));
        for (const auto &entry : entries)
            list.push_back(entry.name);
        return list;
    }();
    return names;
}

namespace filter {

FieldType typeOf(FilterField field) noexcept
{
    return entries[static_cast<std::size_t>(field)].type;
}

std::optional<FilterField> fieldNamed(std::string_view name) noexcept
{
    if (name == "recordedAt")
        return FilterField::Recorded;
    if (name == "timestamp")
        return FilterField::Time;
    const auto found = std::ranges::find(entries, name, &Entry::name);
    if (found == entries.end())
        return std::nullopt;
    return static_cast<FilterField>(found - entries.begin());
}

bool takes(FieldType type, FilterOperator test) noexcept
{
    switch (test) {
    case FilterOperator::Equal:
    case FilterOperator::NotEqual:
    case FilterOperator::In:
    case FilterOperator::Exists:
        return true;
    case FilterOperator::Less:
    case FilterOperator::LessOrEqual:
    case FilterOperator::Greater:
    case FilterOperator::GreaterOrEqual:
        return type == FieldType::Text || type == FieldType::Number || type == FieldType::Time
            || type == FieldType::Json;
    case FilterOperator::Between:
        return type == FieldType::Number || type == FieldType::Time;
    case FilterOperator::Contains:
    case FilterOperator::StartsWith:
    case FilterOperator::Matches:
        return type == FieldType::Text || type == FieldType::Id || type == FieldType::Json;
    }
    return false;
}

std::string_view operatorText(FilterOperator test) noexcept
{
    switch (test) {
    case FilterOperator::Equal:
        return "=";
    case FilterOperator::NotEqual:
        return "!=";
    case FilterOperator::Less:
        return "<";
    case FilterOperator::LessOrEqual:
        return "<=";
    case FilterOperator::Greater:
        return ">";
    case FilterOperator::GreaterOrEqual:
        return ">=";
    case FilterOperator::In:
    case FilterOperator::Between:
        return "in";
    case FilterOperator::Contains:
        return "contains";
    case FilterOperator::StartsWith:
        return "starts with";
    case FilterOperator::Matches:
        return "~";
    case FilterOperator::Exists:
        return "exists";
    }
    return {};
}

std::string_view closestTo(std::string_view name, std::span<const std::string_view> names)
{
    constexpr std::size_t nameMax = 24;
    if (name.size() > nameMax)
        return {};
    std::string_view best;
    std::size_t bestDistance = 3; // two slips of the finger at most
    for (const auto candidate : names) {
        // Levenshtein's distance, row by row.
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t i = 0; i < name.size(); ++i) {
            auto diagonal = row[0];
            row[0] = i + 1;
            for (std::size_t j = 0; j < candidate.size(); ++j) {
                const auto above = row[j + 1];
                row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (name[i] == candidate[j] ? 0U : 1U)});
                diagonal = above;
            }
        }
        if (row.back() < bestDistance && row.back() < candidate.size()) {
            bestDistance = row.back();
            best = candidate;
        }
    }
    return best;
}

std::string pathText(FilterField field, const FilterPath &path)
{
    std::string out(filterFieldName(field));
    for (const auto &step : path) {
        if (const auto *name = std::get_if<std::string>(&step)) {
            out += '.';
            if (isPlainName(*name))
                out += *name;
            else
                appendQuoted(out, *name);
        } else if (const auto *index = std::get_if<std::uint64_t>(&step)) {
            out += '[' + std::to_string(*index) + ']';
        } else {
            out += "[*]";
        }
    }
    return out;
}

void appendQuoted(std::string &out, std::string_view text)
{
    appendJsonString(out, text);
}

} // namespace filter

} // namespace commander
