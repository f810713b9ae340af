// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

namespace commander::ui {

/// A given/when/then test of a domain (resources/docs/writing-a-domain.md), made of what the ledger recorded.
struct TestCaseDraft {
    std::string json;     ///< the file
    std::string fileName; ///< that fits, e.g. "transfer-money.json"
    std::size_t given = 0;
    std::vector<std::string> documents; ///< "accounts/12345": whose earlier events are given
    bool cut = false;                   ///< there are more events than a test should have: the oldest are missing
};

/// Blocks: for a worker. Given are the earlier events of every document that the command changed, or that its key and
/// the texts of its data name; ids that its handler made become placeholders. Errors NotFound, InvalidArgument (no
/// command), NotReady (it has no result yet), Unsupported (it was never decided), Cancelled.
[[nodiscard]] Result<TestCaseDraft> buildTestCase(Engine &engine, const Uuid &command, const std::string &name,
                                                  std::stop_token stop);

} // namespace commander::ui
