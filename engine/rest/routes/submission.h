// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/rest_context.h"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace commander::rest {

/// What came of one command, as POST /commands would answer it.
struct Submission {
    /// Nothing was recorded.
    explicit Submission(const Problem &refusal) : status(refusal.status), json(problemJson(refusal)), problem(true) { }
    /// It was: what the answer says of it.
    Submission(Response answer, bool repeated)
        : status(answer.status), json(std::move(answer.body)), problem(answer.status >= 400), recorded(true),
          replayed(repeated)
    {
    }

    int status;
    std::string json;      ///< the command, or the problem
    bool problem;          ///< `json` is one
    bool recorded = false; ///< it is in the ledger, whatever came of it
    bool replayed = false; ///< it was there before
};

/// Records one command as a client sent it, under the name of `actor`, waits for its result if asked to, and hands over
/// what came of it, in the server thread; at once when it cannot even be read.
void submitCommand(RestContext &context, std::string_view json, std::string actor, std::chrono::milliseconds wait,
                   std::function<void(const Submission &)> done);

} // namespace commander::rest
