// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/access_log_file.h"

#include "ctl/terminal.h"

#include <QFile>

#include <condition_variable>
#include <mutex>

namespace commander::ctl {

namespace {

constexpr std::chrono::milliseconds lookInterval{100}; ///< the log holds what comes meanwhile
constexpr std::size_t entriesAtOnce = 1000;

/// Opened anew for every piece, so that a file that was moved away is left alone.
bool append(const std::string &path, const QByteArray &lines, QString &error)
{
    QFile file(QString::fromStdString(path));
    const bool isNew = !file.exists();
    const bool good = file.open(QIODevice::WriteOnly | QIODevice::Append)
        && (!isNew || file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        && file.write(lines) == lines.size() && file.flush();
    error = file.errorString();
    return good;
}

} // namespace

Result<std::unique_ptr<AccessLogFile>> AccessLogFile::start(std::shared_ptr<const RequestLog> log, std::string path)
{
    QString error;
    if (!append(path, {}, error))
        return fail(ErrorCode::IoError, "cannot write the access log: " + error.toStdString(), path);
    std::unique_ptr<AccessLogFile> file(new AccessLogFile(std::move(log), std::move(path)));
    file->m_thread = std::jthread([self = file.get()](const std::stop_token &stop) { self->run(stop); });
    return file;
}

AccessLogFile::~AccessLogFile() = default;

void AccessLogFile::run(const std::stop_token &stop)
{
    std::uint64_t sequence = 0;
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        never.wait_for(lock, stop, lookInterval, [] { return false; });
        takeOver(sequence);
    }
    takeOver(sequence); // what came since the last look
}

void AccessLogFile::takeOver(std::uint64_t &sequence)
{
    while (sequence < m_log->newest()) {
        const auto entries = m_log->after(sequence, entriesAtOnce);
        if (entries.empty())
            return;
        QByteArray lines;
        if (entries.front().sequence != sequence + 1)
            lines += "{\"missed\":" + QByteArray::number(qulonglong(entries.front().sequence - sequence - 1)) + "}\n";
        for (const auto &entry : entries)
            lines += QByteArray::fromStdString(requestEntryJson(entry)) + '\n';
        sequence = entries.back().sequence;
        QString error;
        const bool written = append(m_path, lines, error);
        if (!written && !std::exchange(m_complained, true))
            printError("the access log cannot be written, requests go on without it: " + error.toStdString());
        else if (written)
            m_complained = false;
    }
}

} // namespace commander::ctl
