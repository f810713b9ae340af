// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/response.h"

#include <commander/domains.h>

#include <span>
#include <string_view>

namespace commander::rest {

/// The files of a domain as a client sends them: `{"files":{"domain.json":"…","domain.js":"…"}}`, each as the text that
/// it holds. Errors of parseJson, SchemaInvalid.
[[nodiscard]] Result<std::vector<DomainFile>> readDomainBody(std::string_view json);

/// The same, loaded but not installed. Errors of readDomainBody, Unsupported (the program brought no loader).
[[nodiscard]] Result<LoadedDomain> loadDomainBody(const DomainLoader *loader, std::string_view json);

/// 422 with every problem: file, line, column, pointer, message, remedy.
[[nodiscard]] Response domainProblemResponse(std::span<const DomainProblem> problems);
/// The array of them.
void appendDomainProblems(std::string &out, std::span<const DomainProblem> problems);

} // namespace commander::rest
