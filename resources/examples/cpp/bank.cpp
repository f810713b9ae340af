// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Commander in C++ with Qt Network.
//
// usage: bank URL COUNT
//
// Opens an account, pays in, reads what came of it, and follows the events until it has seen COUNT of them, however
// often the server goes away meanwhile.
#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTextStream>
#include <QTimer>
#include <QUuid>

#include <functional>

using namespace std::chrono_literals;

/// What came of a request that was answered.
struct Answer {
    int status = 0;
    QByteArray position; ///< read from here to see it
    QJsonObject json;    ///< of numbers beyond 2^53 Qt keeps no more than a double; take the bytes where you have such
};

class Commander : public QObject {
    Q_OBJECT

public:
    explicit Commander(QString url) : m_url(std::move(url)) { }

    /// Records a command and waits for its result. The id is chosen here, so the command can be sent until an answer
    /// comes: it is recorded once.
    void submit(const QString &action, const QJsonObject &data, std::function<void(Answer)> done)
    {
        const auto id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        const QJsonObject command{
            {QStringLiteral("id"), id}, {QStringLiteral("action"), action}, {QStringLiteral("data"), data}};
        send(QJsonDocument(command).toJson(QJsonDocument::Compact), std::move(done));
    }

    /// A document as it is once the views have come to a position: what this client wrote is in it.
    void read(const QString &path, const QByteArray &atLeast, std::function<void(Answer)> done)
    {
        auto *reply = m_network.get(request(path + QStringLiteral("?atLeast=") + QString::fromLatin1(atLeast)));
        connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
            reply->deleteLater();
            done(answerOf(*reply));
        });
    }

    /// Emits every event from the ledger's start on, without gap or repeat, whatever becomes of the connection.
    void follow(const QString &path)
    {
        auto asked = request(path + QStringLiteral("?from=start"));
        asked.setRawHeader("Accept", "text/event-stream");
        asked.setTransferTimeout(45'000); // a comment comes every 15 seconds
        if (!m_lastId.isEmpty())
            asked.setRawHeader("Last-Event-ID", m_lastId);
        auto *stream = m_network.get(asked);
        m_id.clear();
        connect(stream, &QNetworkReply::readyRead, this, [this, stream] {
            while (stream->canReadLine())
                takeLine(stream->readLine().trimmed());
        });
        connect(stream, &QNetworkReply::finished, this, [this, stream, path] {
            stream->deleteLater();
            QTimer::singleShot(500ms, this, [this, path] { follow(path); });
        });
    }

Q_SIGNALS:
    void event(const QJsonObject &event);

private:
    QNetworkRequest request(const QString &path) const
    {
        QNetworkRequest request(QUrl(m_url + path));
        request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
        return request;
    }
    static Answer answerOf(QNetworkReply &reply)
    {
        return {reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                reply.rawHeader("Commander-Position"), QJsonDocument::fromJson(reply.readAll()).object()};
    }
    void send(const QByteArray &command, std::function<void(Answer)> done)
    {
        auto post = request(QStringLiteral("/commands"));
        post.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
        post.setRawHeader("Prefer", "wait=10");
        auto *reply = m_network.post(post, command);
        connect(reply, &QNetworkReply::finished, this, [this, reply, command, done = std::move(done)] {
            reply->deleteLater();
            const auto answer = answerOf(*reply);
            if (answer.json.isEmpty()) // no answer, or half of one
                QTimer::singleShot(500ms, this, [this, command, done] { send(command, done); });
            else
                done(answer);
        });
    }
    void takeLine(const QByteArray &line)
    {
        if (line.startsWith("id: ")) {
            m_id = line.mid(4);
        } else if (line.startsWith("data: ")) {
            m_lastId = m_id;
            Q_EMIT event(QJsonDocument::fromJson(line.mid(6)).object());
        }
    }

    const QString m_url;
    QNetworkAccessManager m_network;
    QByteArray m_id;     ///< of the event that is being read
    QByteArray m_lastId; ///< of the last one that was taken
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() != 3)
        return 64;
    QTextStream out(stdout);
    const auto print = [&out](const QString &line) { out << line << Qt::endl; };
    Commander commander(arguments[1]);
    const auto account = QStringLiteral("cpp-") + QUuid::createUuid().toString(QUuid::WithoutBraces).first(8);
    const auto payment = [&account](int amount) {
        return QJsonObject{{QStringLiteral("account"), account}, {QStringLiteral("amount"), amount}};
    };
    const auto balance = [](const Answer &answer) { return answer.json[QStringLiteral("balance")].toInteger(); };

    int missing = arguments[2].toInt();
    QObject::connect(&commander, &Commander::event, &application, [&](const QJsonObject &event) {
        print(QString::number(event[QStringLiteral("position")].toInteger()) + u' '
              + event[QStringLiteral("action")].toString());
        if (--missing == 0)
            QCoreApplication::quit();
    });
    const QJsonObject opening{{QStringLiteral("account"), account},
                              {QStringLiteral("owner"), QStringLiteral("Ada")},
                              {QStringLiteral("opening_balance"), 100}};
    commander.submit(QStringLiteral("open-account"), opening, [&](const Answer &) {
        commander.submit(QStringLiteral("deposit-money"), payment(50), [&](const Answer &paid) {
            commander.read(QStringLiteral("/accounts/") + account, paid.position, [&](const Answer &document) {
                print(QStringLiteral("balance %1").arg(balance(document)));
                commander.submit(QStringLiteral("withdraw-money"), payment(1000), [&](const Answer &refused) {
                    const auto rejection = refused.json[QStringLiteral("rejection")].toObject();
                    print(QStringLiteral("refused ") + rejection[QStringLiteral("code")].toString());
                    commander.follow(QStringLiteral("/events/updates"));
                });
            });
        });
    });
    return QCoreApplication::exec();
}

#include "bank.moc"
