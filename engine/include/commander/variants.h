// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// Another version of a domain that decides a part of its commands.
struct DomainVariant {
    std::string name;                     ///< recorded; at most 64 bytes
    std::shared_ptr<const Domain> domain; ///< of the same name as the live one, with no event that it does not have
    std::uint32_t percent = 0;            ///< of the keys, 0 to 100; all variants together at most 100
};

/// The live domain, some of whose commands are decided by variants: those of some of the keys, always the same ones.
/// Which ones follows from the key alone (from the correlation of a command without a key), so it is the same on every
/// machine and after every restart, and raising the percentage of the last variant takes keys in addition. Variants
/// only decide: what they emit has to satisfy the live domain's event schemas, and its folds and reactions take it from
/// there. The variant is recorded with the result and the events that it decides: `{"variant":"…"}` in their headers,
/// hashed with the record, and its content hash as their domainVersion. Error InvalidArgument.
[[nodiscard]] Result<std::shared_ptr<const Domain>> makeSplitDomain(std::shared_ptr<const Domain> live,
                                                                    std::vector<DomainVariant> variants);

/// Who decides a command, when it is not the domain that offers it.
struct DecidingVersion {
    Hash256 hash{};      ///< domainVersion of the records
    std::string headers; ///< of the records
};
/// Nothing unless the domain is split and a variant decides the command.
[[nodiscard]] std::optional<DecidingVersion> decidingVersion(const Domain &domain, const RecordDraft &command);

/// The variant that decided a result or an event, or empty: the live domain.
[[nodiscard]] std::string variantOf(const RecordDraft &record);

} // namespace commander
