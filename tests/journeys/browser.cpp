// SPDX-License-Identifier: GPL-3.0-or-later
#include "browser.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <optional>

namespace {
constexpr int startTimeMax = 60'000;
constexpr int callTimeMax = 30'000;
} // namespace

Browser::~Browser()
{
    m_socket.abort();
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

bool Browser::failed(const QString &what)
{
    m_error = what;
    return false;
}

bool Browser::start(const QString &program)
{
    // No request of its own to anywhere: these tests run without a network.
    // Its sandbox refuses root, needs a package of its own on Debian and a profile on Ubuntu; the only page it sees is
    // our own.
    QStringList arguments{QStringLiteral("--headless"),
                          QStringLiteral("--no-sandbox"),
                          QStringLiteral("--disable-gpu"),
                          QStringLiteral("--no-first-run"),
                          QStringLiteral("--disable-quic"),
                          QStringLiteral("--disable-background-networking"),
                          QStringLiteral("--disable-component-update"),
                          QStringLiteral("--disable-sync"),
                          QStringLiteral("--disable-dev-shm-usage"),
                          QStringLiteral("--window-size=1440,900"),
                          QStringLiteral("--remote-debugging-port=0"),
                          QStringLiteral("--user-data-dir=") + m_profile.path(),
                          QStringLiteral("about:blank")};
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(program, arguments);
    QByteArray output;
    static const QRegularExpression listening(QStringLiteral("DevTools listening on (ws://\\S+)"));
    QRegularExpressionMatch match;
    do {
        if (!m_process.waitForReadyRead(startTimeMax))
            return failed(QStringLiteral("Chromium does not start: ") + QString::fromUtf8(output));
        output += m_process.readAll();
        match = listening.match(QString::fromUtf8(output));
    } while (!match.hasMatch());
    m_process.closeReadChannel(QProcess::StandardOutput);

    QSignalSpy connected(&m_socket, &QWebSocket::connected);
    m_socket.open(QUrl(match.captured(1)));
    if (connected.isEmpty() && !connected.wait(startTimeMax))
        return failed(QStringLiteral("no connection to Chromium: ") + m_socket.errorString());
    const auto target
        = call(QStringLiteral("Target.createTarget"), {{QStringLiteral("url"), QStringLiteral("about:blank")}});
    const auto attached
        = call(QStringLiteral("Target.attachToTarget"),
               {{QStringLiteral("targetId"), target.value(u"targetId")}, {QStringLiteral("flatten"), true}});
    m_session = attached.value(u"sessionId").toString();
    return !m_session.isEmpty() || failed(QStringLiteral("Chromium opens no page: ") + m_error);
}

QJsonObject Browser::call(const QString &method, const QJsonObject &parameters)
{
    const int number = ++m_calls;
    QJsonObject message{
        {QStringLiteral("id"), number}, {QStringLiteral("method"), method}, {QStringLiteral("params"), parameters}};
    if (!m_session.isEmpty())
        message.insert(QStringLiteral("sessionId"), m_session);
    std::optional<QJsonObject> answer;
    QObject context;
    QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &context, [&](const QString &text) {
        const auto received = QJsonDocument::fromJson(text.toUtf8()).object();
        if (received.value(u"id").toInt() == number)
            answer = received;
    });
    m_socket.sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, callTimeMax)) {
        m_error = method + QStringLiteral(" was not answered");
        return {};
    }
    if (answer->contains(u"error"))
        m_error = method + QStringLiteral(": ") + answer->value(u"error").toObject().value(u"message").toString();
    return answer->value(u"result").toObject();
}

bool Browser::open(const QString &url)
{
    const auto opened = call(QStringLiteral("Page.navigate"), {{QStringLiteral("url"), url}});
    if (opened.contains(u"errorText"))
        return failed(opened.value(u"errorText").toString());
    return opened.contains(u"frameId");
}

QString Browser::evaluate(const QString &expression)
{
    const auto answer
        = call(QStringLiteral("Runtime.evaluate"),
               {{QStringLiteral("expression"), QStringLiteral("String(") + expression + QStringLiteral(")")}});
    return answer.value(u"result").toObject().value(u"value").toString();
}

bool Browser::preferDark()
{
    const QJsonObject dark{{QStringLiteral("name"), QStringLiteral("prefers-color-scheme")},
                           {QStringLiteral("value"), QStringLiteral("dark")}};
    m_error.clear();
    (void)call(QStringLiteral("Emulation.setEmulatedMedia"), {{QStringLiteral("features"), QJsonArray{dark}}});
    return m_error.isEmpty();
}

bool Browser::saveScreenshot(const QString &file)
{
    const auto answer
        = call(QStringLiteral("Page.captureScreenshot"), {{QStringLiteral("format"), QStringLiteral("png")}});
    const auto bytes = QByteArray::fromBase64(answer.value(u"data").toString().toLatin1());
    QFile out(file);
    return !bytes.isEmpty() && out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size();
}
