// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <span>

namespace commander::rest {

/// Adds to `schemas` (the object at #/components/schemas) the data of every command that the domains take, a schema of
/// the whole command beside it, and CommandDraft: any one of them. Errors of parseJson.
[[nodiscard]] Result<void> addCommandSchemas(Json &schemas, std::span<const DomainDescription> domains);

/// The same for the events: `EVENT.data` each.
[[nodiscard]] Result<void> addEventSchemas(Json &schemas, std::span<const DomainDescription> domains);

/// A name that components may have: letters, digits, dots, hyphens and underscores.
[[nodiscard]] std::string componentName(std::string_view name);
/// {"$ref": "#/components/schemas/NAME"}
[[nodiscard]] Json schemaReference(std::string_view name);

} // namespace commander::rest
