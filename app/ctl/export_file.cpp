// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/export_file.h"

#include <commander/json.h>

#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace commander::ctl {

ExportFile::ExportFile(QString path) : m_path(std::move(path)), m_part(m_path + QStringLiteral(".part")) { }

Result<void> ExportFile::failed() const
{
    return fail(ErrorCode::IoError, "cannot write: " + m_part.errorString().toStdString(),
                m_part.fileName().toStdString());
}

Result<std::unique_ptr<LedgerExport>> ExportFile::begin(Ledger &ledger, ExportOptions options, bool resume,
                                                        std::stop_token stop, const ExchangeProgress &progress)
{
    Result<std::unique_ptr<LedgerExport>> begun = nullptr;
    if (resume && m_part.exists()) {
        SystemFileSystem files;
        const auto partial = files.open(m_part.fileName().toStdString(), FileSystem::OpenMode::ReadOnly);
        if (!partial)
            return fail(partial.error());
        begun = LedgerExport::resume(ledger, std::move(options), **partial, std::move(stop), progress);
    } else {
        begun = LedgerExport::begin(ledger, std::move(options));
    }
    if (!begun)
        return begun;
    const auto kept = static_cast<qint64>((*begun)->keptBytes());
    // ReadWrite: WriteOnly alone would empty the file.
    if (!m_part.open(QIODevice::ReadWrite | QIODevice::Unbuffered) || !m_part.resize(kept) || !m_part.seek(kept))
        return fail(failed().error());
    return begun;
}

Result<void> ExportFile::beginEmpty()
{
    return m_part.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered) ? Result<void>() : failed();
}

Result<void> ExportFile::write(std::string_view bytes)
{
    const auto size = static_cast<qint64>(bytes.size());
    return m_part.write(bytes.data(), size) == size ? Result<void>{} : failed();
}

Result<void> ExportFile::finish()
{
    if (::fsync(m_part.handle()) != 0)
        return fail(ErrorCode::IoError, std::string("cannot bring the file to stable storage: ") + std::strerror(errno),
                    m_part.fileName().toStdString());
    m_part.close();
    // QFile::rename() does not replace a file.
    if (std::rename(QFile::encodeName(m_part.fileName()).constData(), QFile::encodeName(m_path).constData()) != 0)
        return fail(ErrorCode::IoError, std::string("cannot give the file its name: ") + std::strerror(errno),
                    m_path.toStdString());
    return {};
}

std::string reportJson(const ExportReport &report)
{
    auto json = Json::object();
    json.set("ledger", Json(report.ledger.text()));
    json.set("whole", Json(report.whole));
    json.set("records", Json(static_cast<std::int64_t>(report.records)));
    json.set("resumed", Json(static_cast<std::int64_t>(report.resumed)));
    json.set("bytes", Json(static_cast<std::int64_t>(report.bytes)));
    json.set("position", Json(static_cast<std::int64_t>(report.position.value)));
    json.set("chain", Json(toHex(report.chain)));
    return writeJson(json) + "\n";
}

} // namespace commander::ctl
