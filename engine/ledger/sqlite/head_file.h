// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>
#include <commander/file_system.h>
#include <commander/ledger.h>

#include <optional>

namespace commander {

/// What PATH.head promises: the ledger reaches at least here. SQLite drops committed rows without a word when a bit of
/// its write-ahead log rots; this file is how that is seen.
struct HeadPromise {
    std::uint64_t generation = 0; ///< grows with every write; the newer slot counts
    Uuid ledgerId;
    LedgerHead head;
    bool synced = false;                 ///< written with Durability::Full
    std::array<std::uint8_t, 16> boot{}; ///< which run of the machine wrote it
};

/// What lies at PATH.head.
struct HeadReading {
    bool present = false; ///< there is a file, and more than an empty ledger's first head was written to it
    std::optional<HeadPromise> promise; ///< nothing when neither slot is sound
};

/// Two slots of 512 bytes, written in turn, so that a torn write never costs both (engine/docs/ledger-format.md).
class HeadFile {
public:
    [[nodiscard]] static std::string pathOf(const std::string &ledgerPath) { return ledgerPath + ".head"; }
    /// Reads without creating anything.
    [[nodiscard]] static Result<HeadReading> read(FileSystem &fileSystem, const std::string &ledgerPath);

    /// For the writer; makes the file when it is missing. `generation` is that of the promise read before.
    [[nodiscard]] static Result<HeadFile> open(FileSystem &fileSystem, const std::string &ledgerPath,
                                               const Uuid &ledgerId, std::uint64_t generation, Durability durability);
    /// Full: on stable storage when it returns.
    [[nodiscard]] Result<void> write(const LedgerHead &head);

private:
    HeadFile() = default;
    std::unique_ptr<File> m_file;
    HeadPromise m_last;
};

/// Identity of this run of the machine, or zeros where it is not known.
[[nodiscard]] std::array<std::uint8_t, 16> bootIdentity(FileSystem &fileSystem);

} // namespace commander
