// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/access.h>
#include <commander/request_log.h>
#include <commander/rest_status.h>

#include <functional>
#include <memory>
#include <QByteArray>
#include <QObject>
#include <QString>

namespace commander::ui {

/// One request as the composer sends it.
struct RestQuestion {
    QString method;
    QString path; ///< with its query, from the slash on
    QByteArray body;
};

struct RestAnswer {
    int status = 0; ///< 0: none came, `error` says why
    QByteArray body;
    QString contentType;
    QString error;
    qint64 micros = 0;
};

/// Whoever runs the REST server, as the console sees it. Everything returns at once; changed() follows what takes time.
/// GUI thread.
class RestControl : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual RestStatus status() const = 0;
    /// Null until a server ran.
    [[nodiscard]] virtual std::shared_ptr<const RequestLog> requests() const = 0;
    /// Reading or writing them blocks: on a worker only. Null where there can be none.
    [[nodiscard]] virtual std::shared_ptr<AccessTokens> tokens() const = 0;
    /// On this port of this machine, or on any free one (0).
    virtual void start(std::uint16_t port) = 0;
    virtual void stop() = 0;
    /// Neither start() nor stop() can be asked for just now.
    [[nodiscard]] virtual bool isChanging() const = 0;
    /// Asks the server that runs, as any client would. `answer` comes unless `context` is gone by then.
    virtual void send(const RestQuestion &question, QObject *context, std::function<void(const RestAnswer &)> answer)
        = 0;

Q_SIGNALS:
    void changed();
};

} // namespace commander::ui
