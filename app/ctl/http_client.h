// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <functional>
#include <memory>
#include <QNetworkAccessManager>
#include <QUrl>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class QNetworkReply;

namespace commander::ctl {

/// What a server answered. Names of header fields in lower case.
struct HttpAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    [[nodiscard]] std::string field(std::string_view name) const;
    /// Commander-Position; 0 when there is none.
    [[nodiscard]] std::uint64_t position() const;
};

struct HttpRequest {
    std::string verb = "GET";
    std::string path;      ///< with the query, percent-encoded
    std::string body = {}; ///< JSON
    std::vector<std::pair<std::string, std::string>> fields = {};
};

/// A running server as commanderctl sees it: one request after the other, over kept-alive connections. Blocks; a stop
/// signal ends whatever runs. Needs a QCoreApplication; one thread.
class HttpClient {
public:
    /// `token` empty: none is sent. Error InvalidArgument (not the URL of a server).
    [[nodiscard]] static Result<std::unique_ptr<HttpClient>> at(const std::string &url, std::string token);

    /// Errors: what a problem of the server says, IoError (no answer, or it broke off), Cancelled.
    [[nodiscard]] Result<HttpAnswer> ask(const HttpRequest &request);
    /// Hands over the body as it comes. An Error of `take` ends it and becomes its own.
    using Take = std::function<Result<void>(std::string_view bytes)>;
    [[nodiscard]] Result<HttpAnswer> read(const HttpRequest &request, const Take &take);
    [[nodiscard]] std::string url() const { return m_base.toString().toStdString(); }

private:
    HttpClient(QUrl base, std::string token);
    [[nodiscard]] QNetworkReply *send(const HttpRequest &request);

    const QUrl m_base;
    const std::string m_token;
    QNetworkAccessManager m_network;
};

/// As one path segment or one value of a query.
[[nodiscard]] std::string percentEncoded(std::string_view text);

} // namespace commander::ctl
