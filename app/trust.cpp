// SPDX-License-Identifier: GPL-3.0-or-later
#include "trust.h"

#include <algorithm>
#include <mutex>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <set>

namespace commander {

namespace {

constexpr const char *suffix = ".trusted";
constexpr qint64 fileBytesMax = 1 << 20;

/// By hash, as text.
struct Trusted {
    std::mutex mutex;
    std::set<std::string> hashes; ///< guarded by mutex
};
Trusted &trusted()
{
    static Trusted all;
    return all;
}

bool add(std::string hash)
{
    auto &all = trusted();
    const std::scoped_lock lock(all.mutex);
    return all.hashes.insert(std::move(hash)).second;
}

QString fileOf(const std::string &ledgerPath)
{
    return QString::fromStdString(ledgerPath + suffix);
}

tl::unexpected<Error> failOn(const QFile &file, const std::string &what)
{
    return fail(ErrorCode::IoError, what + ": " + file.errorString().toStdString(), file.fileName().toStdString());
}

} // namespace

ScriptOptions scriptOptions()
{
    ScriptOptions options;
    options.helper
        = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("commander-script-host")).toStdString();
    options.trusts = isTrusted;
    return options;
}

Result<void> readTrust(const std::string &ledgerPath)
{
    QFile file(fileOf(ledgerPath));
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return failOn(file, "cannot read which domains are trusted");
    for (const auto &line : file.read(fileBytesMax).split('\n')) {
        const auto hash = line.left(line.indexOf(' '));
        if (hash.size() == 64)
            add(hash.toStdString());
    }
    return {};
}

Result<bool> trustDomain(const std::string &ledgerPath, const std::vector<DomainFile> &files)
{
    const auto hash = domainHash(files);
    if (!hash)
        return fail(hash.error());
    const auto text = toHex(*hash);
    if (isTrusted(*hash))
        return false;
    const auto manifest
        = std::find_if(files.begin(), files.end(), [](const auto &f) { return f.name == "domain.json"; });
    const auto json = manifest == files.end() ? Result<Json>(Json()) : parseJson(manifest->bytes);
    QFile file(fileOf(ledgerPath));
    const auto line = text + ' ' + std::string(json ? json->stringAt("name") : std::string_view()) + ' '
        + std::to_string(json ? json->integerAt("version").value_or(1) : 1) + '\n';
    if (!file.open(QIODevice::Append) || file.write(QByteArray::fromStdString(line)) < 0 || !file.flush())
        return failOn(file, "cannot keep which domains are trusted");
    return add(text);
}

bool isTrusted(const Hash256 &hash)
{
    auto &all = trusted();
    const std::scoped_lock lock(all.mutex);
    return all.hashes.contains(toHex(hash));
}

} // namespace commander
