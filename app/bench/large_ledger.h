// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/result.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace commander {

/// A ledger of many records, made without commands being decided: every record is the one that the engine would have
/// written, with its leaf and chain, so that it verifies, opens and folds as any other. The customers of the sample
/// domain: `customers` are created, one command each, then random ones of them move. Every command has one event and
/// one result. The same numbers give the same records.
class LargeLedger {
public:
    LargeLedger(std::size_t records, std::size_t customers);

    /// Into a file that does not exist yet. Errors of LedgerImport.
    [[nodiscard]] Result<void> write(const std::string &path) const;

    [[nodiscard]] std::uint64_t records() const noexcept { return 3 * m_commands; }
    [[nodiscard]] std::uint64_t customers() const noexcept { return m_customers; }
    /// The key of the n-th customer's document, n < customers().
    [[nodiscard]] std::string key(std::uint64_t customer) const;
    /// Where the event that created it stands.
    [[nodiscard]] Position created(std::uint64_t customer) const { return {3 * customer + 2}; }

private:
    // Constant after construction
    const std::uint64_t m_commands;
    const std::uint64_t m_customers;
};

} // namespace commander
