// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace.h"

#include "trust.h"

#include <commander/domain_tests.h>

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

const DomainLoader &domainLoader()
{
    static const auto loader = makeScriptLoader(scriptOptions());
    return *loader;
}

OpenOptions workspaceOptions(std::string ledgerPath, bool readOnly)
{
    OpenOptions options;
    options.ledgerPath = std::move(ledgerPath);
    options.readOnly = readOnly;
    options.domains = {makeCustomersDomain(), makeBankDomain()};
    options.loader = &domainLoader();
    return options;
}

Result<void> addDomainFolders(OpenOptions &options, const std::vector<std::string> &folders, bool trust)
{
    if (auto read = readTrust(options.ledgerPath); !read)
        return read;
    for (const auto &folder : folders) {
        auto files = readDomainFiles(folder);
        if (!files)
            return fail(files.error());
        if (trust) {
            if (const auto vouched = trustDomain(options.ledgerPath, *files); !vouched)
                return fail(vouched.error());
        }
        // Tells what is wrong in terms of the folder, before anything is opened.
        if (const auto loaded = loadDomainFolder(folder, scriptOptions()); !loaded)
            return fail(loaded.error());
        options.install.push_back(std::move(*files));
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
