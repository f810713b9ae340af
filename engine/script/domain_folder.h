// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/script_domain.h>

#include <string>
#include <string_view>
#include <vector>

namespace commander::script {

/// What a domain folder held when it was read: every file that decides, by name.
struct DomainFolder {
    std::string path;
    std::vector<DomainFile> files; ///< sorted by name
    Hash256 hash{};                ///< over names and bytes

    [[nodiscard]] const DomainFile *find(std::string_view name) const;
};

inline constexpr std::string_view manifestName = "domain.json";
inline constexpr std::string_view testsFolder = "tests";

/// Reads domain.json, scripts and schemas; tests and anything else do not decide and are left out. Errors NotFound,
/// IoError, LimitExceeded, InvalidArgument (a link).
[[nodiscard]] Result<DomainFolder> readDomainFolder(const std::string &path);
/// The same of files that lie elsewhere; their names are checked, their tests left out.
[[nodiscard]] Result<DomainFolder> domainFolderOf(const std::vector<DomainFile> &files);
[[nodiscard]] bool isTest(std::string_view name);
/// The tests of the folder, sorted by name; their names begin with "tests/".
[[nodiscard]] Result<std::vector<DomainFile>> readTestFiles(const std::string &path);

[[nodiscard]] bool isScript(std::string_view name);

/// Line and column (1, 2, …) of a byte in a text.
struct TextPlace {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};
[[nodiscard]] TextPlace placeOf(std::string_view text, std::size_t offset);
/// The text of one line (1, 2, …) without white space around it.
[[nodiscard]] std::string_view lineOf(std::string_view text, std::uint32_t line);
/// Where the value that an RFC 6901 pointer names stands in valid JSON text; of its nearest parent when it is missing.
[[nodiscard]] TextPlace locatePointer(std::string_view text, std::string_view pointer);
/// The problem of a JSON text that parseJson() refused.
[[nodiscard]] DomainProblem problemOfJson(const DomainFile &file, const Error &error);

} // namespace commander::script
