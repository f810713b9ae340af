// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/expected_revision.h>

#include <charconv>
#include <limits>

namespace commander {

namespace {

constexpr std::string_view anyText = "any";
constexpr std::string_view noneText = "none";
constexpr std::string_view existsText = "exists";
/// So that the number is exact in every JSON reader.
constexpr std::uint64_t numberMax = (std::uint64_t{1} << 53) - 1;

} // namespace

bool ExpectedRevision::admits(std::uint64_t revision) const noexcept
{
    switch (kind) {
    case Kind::Any:
        break;
    case Kind::None:
        return revision == 0;
    case Kind::Exists:
        return revision > 0;
    case Kind::Exactly:
        return revision == number;
    }
    return true;
}

std::string ExpectedRevision::text() const
{
    switch (kind) {
    case Kind::Any:
        break;
    case Kind::None:
        return std::string(noneText);
    case Kind::Exists:
        return std::string(existsText);
    case Kind::Exactly:
        return std::to_string(number);
    }
    return std::string(anyText);
}

Result<ExpectedRevision> ExpectedRevision::parse(std::string_view text)
{
    if (text == anyText)
        return ExpectedRevision{};
    if (text == noneText)
        return ExpectedRevision{Kind::None, 0};
    if (text == existsText)
        return ExpectedRevision{Kind::Exists, 0};
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() || number > numberMax)
        return fail(ErrorCode::InvalidArgument, "no expected revision: '" + std::string(text.substr(0, 64)) + "'", {},
                    "Write any, none, exists or a number of events.");
    return exactly(number);
}

} // namespace commander
