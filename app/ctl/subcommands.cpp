// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"

#include <array>

namespace commander::ctl {

namespace {

constexpr std::array all{
    Subcommand{"serve", "serve a workspace over REST, without a window", runServe},
    Subcommand{"token", "make, list and revoke the tokens of the REST API", runToken},
    Subcommand{"submit", "send one command and show its result", runSubmit},
    Subcommand{"retry", "send an old command again, as a new one", runRetry},
    Subcommand{"preview", "show what one command would cause, and record nothing", runPreview},
    Subcommand{"what-if", "decide the past again with some commands changed, and compare", runWhatIf},
    Subcommand{"replay", "decide recorded commands with other domains, and compare", runReplay},
    Subcommand{"shadow", "decide live commands a second time with other domains, and compare", runShadow},
    Subcommand{"tail", "print records as they are appended", runTail},
    Subcommand{"query", "print records or documents that match", runQuery},
    Subcommand{"export", "write records as NDJSON, losslessly, or as CSV", runExport},
    Subcommand{"import", "make the workspace that was exported", runImport},
    Subcommand{"verify", "check every hash of a ledger; changes nothing", runVerify},
    Subcommand{"test", "check a domain folder and run its given/when/then tests", runTest},
    Subcommand{"views", "list views and versions, compare, promote, roll back", runViews},
    Subcommand{"consumers", "list what follows the ledger; pause, resume, reset, skip", runConsumers},
    Subcommand{"rebuild", "build index and views anew from the ledger", runRebuild},
    Subcommand{"bench", "measure this machine: engine and REST beside their bare floors", runBench},
};

} // namespace

std::span<const Subcommand> subcommands()
{
    return all;
}

} // namespace commander::ctl
