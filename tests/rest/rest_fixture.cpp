// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"

#include "support/result_macros.h"

#include <QHostAddress>

#include <algorithm>

namespace commander {

namespace {

Answer parseHead(const std::string &head)
{
    Answer answer;
    answer.status = head.size() > 12 ? std::atoi(head.c_str() + 9) : 0;
    auto begin = head.find("\r\n") + 2;
    while (begin < head.size()) {
        const auto end = head.find("\r\n", begin);
        const auto line = head.substr(begin, end - begin);
        const auto colon = line.find(": ");
        if (colon == std::string::npos)
            break;
        auto name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        answer.fields[name] = line.substr(colon + 2);
        begin = end + 2;
    }
    return answer;
}

} // namespace

ServedEngine::ServedEngine(RestOptions options, std::vector<std::shared_ptr<const Domain>> domains,
                           const DomainLoader *loader)
{
    OpenOptions open;
    open.ledgerPath = m_workspace.ledger();
    open.durability = Durability::Relaxed;
    open.domains = std::move(domains);
    open.loader = options.loader = loader;
    auto engine = Engine::open(std::move(open));
    if (!engine)
        qFatal("%s", engine.error().text().c_str());
    m_engine = std::move(*engine);
    options.port = 0;
    auto server = RestServer::start(*m_engine, std::move(options));
    if (!server)
        qFatal("%s", server.error().text().c_str());
    m_server = std::move(*server);
    const auto url = m_server->status().baseUrl;
    m_port = static_cast<std::uint16_t>(std::atoi(url.substr(url.rfind(':') + 1).c_str()));
}

ServedEngine::~ServedEngine() = default;

QString ServedEngine::url(const QString &path) const
{
    return QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(path);
}

void ServedEngine::run(const std::string &action, const std::string &data)
{
    CommandDraft draft;
    draft.action = action;
    draft.data = data;
    draft.actor = "test";
    const auto receipt = m_engine->commands().submitAndWait(std::move(draft));
    QVERIFY_RESULT(receipt);
    const auto result = m_engine->commands().waitForResult(receipt->command->id, std::chrono::seconds(10));
    QVERIFY_RESULT(result);
    QCOMPARE(QString::fromStdString((*result)->action), QStringLiteral("succeeded"));
}

RawClient::RawClient(std::uint16_t port) : m_port(port), m_socket(std::make_unique<QTcpSocket>())
{
    m_socket->connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    if (!m_socket->waitForConnected(10'000))
        qWarning("cannot connect: %s", qPrintable(m_socket->errorString()));
}

RawClient::RawClient(std::uint16_t port, std::unique_ptr<QTcpSocket> connected)
    : m_port(port), m_socket(std::move(connected))
{
    if (!m_socket)
        qFatal("not connected");
}

void RawClient::send(const std::string &bytes)
{
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
    while (m_socket->bytesToWrite() > 0 && m_socket->waitForBytesWritten(10'000)) { }
}

std::string RawClient::receiveSome(int waitMs)
{
    if (!m_buffer.empty())
        return std::exchange(m_buffer, {});
    if (m_socket->bytesAvailable() == 0)
        m_socket->waitForReadyRead(waitMs);
    return m_socket->readAll().toStdString();
}

Answer RawClient::receive(bool headOnly, int waitMs)
{
    const auto more = [this, waitMs] {
        const auto bytes
            = m_socket->bytesAvailable() > 0 || m_socket->waitForReadyRead(waitMs) ? m_socket->readAll() : QByteArray();
        m_buffer += bytes.toStdString();
        return !bytes.isEmpty();
    };
    std::size_t end = 0;
    while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!more())
            return {};
    }
    auto answer = parseHead(m_buffer.substr(0, end + 2));
    m_buffer.erase(0, end + 4);
    if (headOnly || answer.status == 204 || answer.status == 304 || answer.status == 100)
        return answer;
    if (const auto length = answer.field("content-length"); !length.empty()) {
        const auto size = static_cast<std::size_t>(std::atoll(length.c_str()));
        while (m_buffer.size() < size && more()) { }
        answer.body = m_buffer.substr(0, size);
        m_buffer.erase(0, answer.body.size());
    }
    return answer;
}

bool RawClient::closes(int waitMs)
{
    while (m_socket->state() == QAbstractSocket::ConnectedState) {
        if (!m_socket->waitForReadyRead(waitMs))
            break;
        m_buffer += m_socket->readAll().toStdString();
    }
    return m_socket->state() == QAbstractSocket::UnconnectedState;
}

Answer RawClient::get(const std::string &path, const std::string &fields)
{
    send("GET " + path + " HTTP/1.1\r\n" + host() + fields + "\r\n");
    return receive();
}

Answer RawClient::post(const std::string &path, const std::string &body, const std::string &fields)
{
    const std::string type
        = fields.find("Content-Type:") == std::string::npos ? "Content-Type: application/json\r\n" : "";
    send("POST " + path + " HTTP/1.1\r\n" + host() + type + fields + "Content-Length: " + std::to_string(body.size())
         + "\r\n\r\n" + body);
    return receive();
}

StreamClient::StreamClient(std::uint16_t port, const std::string &path, const std::string &lastEventId) : m_client(port)
{
    m_client.send("GET " + path + " HTTP/1.1\r\n" + m_client.host() + "Accept: text/event-stream\r\n"
                  + (lastEventId.empty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n") + "\r\n");
    m_head = m_client.receive();
}

std::optional<SentEvent> StreamClient::next(int waitMs)
{
    for (;;) {
        std::size_t end = 0;
        while ((end = m_buffer.find("\n\n")) == std::string::npos) {
            const auto bytes = m_client.receiveSome(waitMs);
            if (bytes.empty())
                return std::nullopt;
            m_buffer += bytes;
        }
        SentEvent event;
        std::string frame = m_buffer.substr(0, end + 1);
        m_buffer.erase(0, end + 2);
        for (std::size_t begin = 0; begin < frame.size();) {
            const auto lineEnd = frame.find('\n', begin);
            const auto line = frame.substr(begin, lineEnd - begin);
            begin = lineEnd + 1;
            if (line.starts_with("id: "))
                event.id = line.substr(4);
            else if (line.starts_with("event: "))
                event.event = line.substr(7);
            else if (line.starts_with("data: "))
                event.data += line.substr(6);
        }
        if (!event.event.empty())
            return event;
    }
}

} // namespace commander
