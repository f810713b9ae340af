// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"
#include "rest/response.h"

#include <commander/error.h>

#include <optional>

namespace commander::rest {

/// What went wrong, for the client (RFC 9457). `code` is kebab-case and never changes its meaning.
struct Problem {
    int status = 500;
    std::string code;
    std::string detail;
    std::string instance;
    std::vector<ErrorDetail> errors;
    std::optional<Uuid> commandId;
    std::optional<Position> position;
    std::string members; ///< further members as JSON text: `"result":{…},"rejection":{…}`
};

/// The HTTP status of every kind of failure.
[[nodiscard]] int statusOf(ErrorCode code) noexcept;
/// The code in the problem: errorCodeName(), but for the few that the API calls otherwise.
[[nodiscard]] std::string_view problemCodeOf(ErrorCode code) noexcept;
[[nodiscard]] Problem problemOf(const Error &error);
[[nodiscard]] Problem problemOf(const GateRefusal &refusal);
/// The object without anything of HTTP around it, e.g. for one item of a batch.
[[nodiscard]] std::string problemJson(const Problem &problem);
[[nodiscard]] Response problemResponse(const Problem &problem);
[[nodiscard]] Response problemResponse(const Error &error);

/// What a problem code means, for people. Empty when there is no such code.
struct ProblemInfo {
    std::string_view title;
    std::string_view meaning;
};
[[nodiscard]] ProblemInfo problemInfo(std::string_view code) noexcept;
/// The page that `type` of a problem leads to.
[[nodiscard]] std::string problemPage(std::string_view code, const ProblemInfo &info);

} // namespace commander::rest
