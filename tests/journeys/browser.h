// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <QWebSocket>

/// A headless Chromium with one page, driven over its DevTools protocol on loopback. For tests: blocking.
class Browser {
public:
    ~Browser();
    /// Starts the program and opens an empty page. False with error() when it does not answer in time.
    [[nodiscard]] bool start(const QString &program);
    [[nodiscard]] bool open(const QString &url);
    /// The value of a JavaScript expression as text; empty when it threw.
    [[nodiscard]] QString evaluate(const QString &expression);
    [[nodiscard]] bool saveScreenshot(const QString &file);
    /// As if the user preferred dark colours.
    [[nodiscard]] bool preferDark();
    [[nodiscard]] const QString &error() const { return m_error; }

private:
    /// Sends one call and waits for its answer.
    [[nodiscard]] QJsonObject call(const QString &method, const QJsonObject &parameters);
    [[nodiscard]] bool failed(const QString &what);

    QTemporaryDir m_profile;
    QProcess m_process;
    QWebSocket m_socket;
    QString m_session;
    QString m_error;
    int m_calls = 0;
};
