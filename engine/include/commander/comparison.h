// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/views.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// In what two outcomes of one command differ.
enum class DifferenceKind : std::uint8_t {
    Status,    ///< succeeded, rejected, failed
    Code,      ///< of the rejection or failure
    Events,    ///< which events, how many, of which keys
    EventData, ///< what the events say
    Commands,  ///< follow-up commands
    Gone,      ///< the command itself is no longer there
    Added,     ///< the command was not there before
    Count
};
[[nodiscard]] std::string_view differenceKindName(DifferenceKind kind) noexcept; ///< "status", "event-data", …

/// What does not count as a difference, and how much is kept.
struct ComparisonRules {
    std::vector<std::string> ignore; ///< RFC 6901 pointers into the data of events and follow-up commands
    std::size_t examplesMax = 20;    ///< differences kept whole
};

/// One command whose outcomes differ.
struct OutcomeDifference {
    Uuid command;
    Position position; ///< of the recorded command; of the branch's own when it was added
    std::string action;
    std::vector<DifferenceKind> kinds;
    /// `{"status","code"?,"message"?,"events":[{"action","key","data"}],"commands":[{"action","key","data"}]}`; empty =
    /// there is none.
    std::string recorded;
    std::string other;
    std::vector<FieldChange> fields; ///< from recorded to other, without what is ignored
};

/// Outcomes compared one by one.
struct Comparison {
    std::uint64_t commands = 0;
    std::uint64_t same = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(DifferenceKind::Count)>
        kinds{};              ///< one command may count in several
    std::uint64_t faults = 0; ///< the other side failed by a fault of its domain where the record says otherwise
    std::vector<OutcomeDifference> examples; ///< the first ones

    [[nodiscard]] std::uint64_t of(DifferenceKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] std::uint64_t different() const { return commands - same; }
};

/// Documents of one view as of one position, in pages by key.
using DocumentPages = std::function<Result<DocumentList>(const DocumentListRequest &request, std::stop_token stop)>;

struct DocumentsComparison {
    std::uint64_t same = 0;
    std::uint64_t different = 0;
    std::uint64_t onlyLeft = 0;
    std::uint64_t onlyRight = 0;
    struct Example {
        std::string key;
        std::vector<FieldChange> fields; ///< before = left, after = right
    };
    std::vector<Example> examples; ///< the first ones by key
};
/// Compares two lists of documents key by key, e.g. two versions of a view at one position. `ignore` holds pointers
/// into the documents. Errors of the pages, Cancelled.
[[nodiscard]] Result<DocumentsComparison> compareDocuments(const DocumentPages &left, const DocumentPages &right,
                                                           const ComparisonRules &rules, std::stop_token stop = {});

} // namespace commander
