// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <string>
#include <vector>

namespace commander::counter {

/// The scripted domain `counter`: `count` {key} → `counted` {key, by, seen}. `by` is what decided, `seen` the document
/// that it saw. The view `counts` adds `weight` for each event, so a document shows which fold made it.
struct Version {
    int by = 1;
    int weight = 1;
    std::string more = {};        ///< in the handler, before its answer
    std::string moreInFold = {};  ///< in the fold
    std::string view = "counts";  ///< name of the view
    std::string path = "/counts"; ///< of the view
    std::string onFault = "fail";
    int expectedBy = 0; ///< what the domain's own test wants; 0 = what it gets
};
[[nodiscard]] std::vector<DomainFile> files(const Version &version);

/// The bank in C++, and the counter as installed in the workspace.
[[nodiscard]] OpenOptions options(const std::string &ledger, std::vector<std::vector<DomainFile>> install = {});

/// Records one command.
[[nodiscard]] Result<RecordPtr> send(Engine &engine, const std::string &action, const std::string &data);
[[nodiscard]] inline Result<RecordPtr> count(Engine &engine, const std::string &key)
{
    return send(engine, "count", R"({"key":")" + key + R"("})");
}
/// Its result, as "succeeded" or "status code: message".
[[nodiscard]] std::string said(Engine &engine, const RecordPtr &command);
/// Waits until views and index have everything that is in the ledger.
[[nodiscard]] bool settled(Engine &engine);
[[nodiscard]] std::vector<RecordPtr> allRecords(Engine &engine);

/// Follows the ledger: every `counted` was decided by the version that was installed when its command was recorded, on
/// the documents of that version's fold; every command has one result. Empty, or what is wrong. `versions`: by hash.
[[nodiscard]] std::string checkLedger(Engine &engine, const std::vector<Version> &versions);

} // namespace commander::counter
