// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <memory>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// `commanderctl serve` as a process of its own over one workspace file.
class ServedWorkspace {
public:
    ~ServedWorkspace() { kill(); }

    /// True once it answers. Port 0: any free one.
    [[nodiscard]] bool start(std::uint16_t port = 0, const QStringList &further = {})
    {
        QFile::remove(readyFile());
        m_process = std::make_unique<QProcess>();
        m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process->start(QStringLiteral(COMMANDERCTL),
                         QStringList{QStringLiteral("serve"), QStringLiteral("--workspace"), ledger(),
                                     QStringLiteral("--port"), QString::number(port), QStringLiteral("--ready-file"),
                                     readyFile()}
                             + further);
        if (!m_process->waitForStarted())
            return false;
        // The line is printed when it answers.
        while (!m_process->canReadLine()) {
            if (!m_process->waitForReadyRead(30000))
                return false;
        }
        const auto url = m_process->readLine().trimmed();
        m_port = static_cast<std::uint16_t>(url.mid(url.lastIndexOf(':') + 1).toUInt());
        return m_port != 0;
    }
    void kill()
    {
        if (!m_process)
            return;
        if (m_process->state() != QProcess::NotRunning) { // processId() is 0 then, and 0 means everybody
            ::kill(static_cast<pid_t>(m_process->processId()), SIGKILL);
            m_process->waitForFinished();
        }
        m_process.reset();
    }
    /// The exit code of a clean stop, or -1.
    [[nodiscard]] int stop()
    {
        m_process->terminate();
        const bool finished = m_process->waitForFinished(30000) && m_process->exitStatus() == QProcess::NormalExit;
        const int code = finished ? m_process->exitCode() : -1;
        kill();
        return code;
    }
    [[nodiscard]] qint64 pid() const { return m_process ? m_process->processId() : 0; }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] QString ledger() const { return m_folder.filePath(QStringLiteral("journey.ledger")); }
    [[nodiscard]] QString file(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString readyFile() const { return m_folder.filePath(QStringLiteral("ready")); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_process;
    std::uint16_t m_port = 0;
};
