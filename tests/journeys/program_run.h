// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>

/// What one run of commanderctl ended with.
struct ProgramRun {
    int code = -1; ///< -1: it crashed, or went on for too long
    QByteArray out;
    QByteArray error;
};

[[nodiscard]] inline ProgramRun runCommanderctl(const QStringList &arguments, int milliseconds = 60'000)
{
    QProcess process;
    process.start(QStringLiteral(COMMANDERCTL), arguments);
    ProgramRun result;
    if (process.waitForFinished(milliseconds) && process.exitStatus() == QProcess::NormalExit)
        result.code = process.exitCode();
    result.out = process.readAllStandardOutput();
    result.error = process.readAllStandardError();
    return result;
}
