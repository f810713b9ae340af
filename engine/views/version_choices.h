// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>
#include <commander/view_versions.h>

#include <string>
#include <vector>

namespace commander {

/// Which versions of views somebody started, and which one serves. It is no derived data but what people chose, so it
/// lies beside the ledger; each change is one durable transaction. Used under a lock of its owner.
class VersionChoices {
public:
    struct Choice {
        ViewVersionId id;
        std::string domain;
        bool serving = false;
        std::uint64_t served = 0; ///< counts up whenever a version begins to serve; 0 = never, or rolled back
        bool operator==(const Choice &) const = default;
    };

    /// Reads what was chosen; a file that is damaged or belongs to another ledger counts as none, see problem().
    VersionChoices(std::string path, FileSystem &fileSystem, const Uuid &ledger);

    [[nodiscard]] const std::vector<Choice> &all() const noexcept { return m_choices; }
    [[nodiscard]] const Choice *find(const ViewVersionId &id) const;
    /// Makes these the choices, all or none of them. Errors DiskFull, IoError, LedgerReadOnly.
    [[nodiscard]] Result<void> write(std::vector<Choice> choices);
    /// Why the file could not be used when it was read, or empty.
    [[nodiscard]] const std::string &problem() const noexcept { return m_problem; }

private:
    [[nodiscard]] Result<void> read();

    const std::string m_path;
    FileSystem &m_fileSystem;
    const Uuid m_ledger;
    std::vector<Choice> m_choices;
    std::string m_problem; ///< constant after construction
    bool m_usable = true;  ///< the file can be changed; else it must be made anew
};

} // namespace commander
