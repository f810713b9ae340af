// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace commander {

/// The derived ids of what a command causes. A client may choose any id for its command, also one that the engine would
/// give: after the ledger has refused a transaction, ids are looked up before they are used. Processor thread only.
class RecordIds {
public:
    /// Without a ledger (a rehearsal) no id is ever taken.
    explicit RecordIds(Ledger *ledger = nullptr) : m_ledger(ledger) { }

    /// From now on every id is looked up, or none.
    void setCareful(bool careful) noexcept { m_careful = careful; }
    [[nodiscard]] bool careful() const noexcept { return m_careful; }

    /// derivedId(source, name), or derivedId(source, name/2), … when that belongs to another record.
    [[nodiscard]] Result<Uuid> free(const Uuid &source, std::string_view name);
    /// The record that free() once named, if it is in the ledger; null when it is not. Looks always.
    using IsOurs = std::function<bool(const Record &)>;
    [[nodiscard]] Result<RecordPtr> existing(const Uuid &source, std::string_view name, const IsOurs &isOurs);
    /// Some id belongs to a record of the ledger. Looks always.
    [[nodiscard]] Result<bool> taken(std::span<const RecordDraft> records);

private:
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id);

    // Constant after construction
    Ledger *const m_ledger;
    // Processor thread only
    bool m_careful = false;
};

/// "name", "name/2", "name/3", …
[[nodiscard]] std::string attemptName(std::string_view name, int attempt);

} // namespace commander
