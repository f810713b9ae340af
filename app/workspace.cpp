// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace.h"

#include <commander/script_domain.h>

#include <algorithm>
#include <QDir>
#include <QStandardPaths>

namespace commander {

Result<std::string> sandboxLedgerPath()
{
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    if (folder.isEmpty() || !QDir().mkpath(folder)) {
        return fail(ErrorCode::IoError, "cannot make the folder of the sandbox", folder.toStdString(),
                    "Name a file with --workspace.");
    }
    return QDir(folder).filePath(QStringLiteral("sandbox.ledger")).toStdString();
}

OpenOptions workspaceOptions(std::string ledgerPath, bool readOnly)
{
    OpenOptions options;
    options.ledgerPath = std::move(ledgerPath);
    options.readOnly = readOnly;
    options.domains = {makeCustomersDomain(), makeBankDomain()};
    return options;
}

Result<void> addDomainFolders(OpenOptions &options, const std::vector<std::string> &folders)
{
    for (const auto &folder : folders) {
        auto loaded = loadDomainFolder(folder);
        if (!loaded)
            return fail(loaded.error());
        auto &domains = options.domains;
        const auto &name = (*loaded)->description().name;
        const auto found = std::find_if(domains.begin(), domains.end(),
                                        [&](const auto &domain) { return domain->description().name == name; });
        if (found == domains.end())
            domains.push_back(std::move(*loaded));
        else
            *found = std::move(*loaded);
    }
    return {};
}

std::string exampleCurl(const std::string &baseUrl)
{
    return "curl -s '" + baseUrl
        + "/commands?sync=true' -H 'Content-Type: application/json' -d "
          R"('{"action":"transfer-money","data":{"from_account":"12345","to_account":"54321","amount":10000}}')";
}

} // namespace commander
