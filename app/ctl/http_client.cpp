// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/http_client.h"

#include "ctl/terminal.h"

#include <commander/json.h>

#include <QEventLoop>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <utility>

namespace commander::ctl {

namespace {

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

ErrorCode codeOf(std::string_view name)
{
    if (name == "idempotency-key-reused")
        return ErrorCode::IdReused;
    for (int i = 0; i < static_cast<int>(ErrorCode::Count); ++i) {
        if (errorCodeName(static_cast<ErrorCode>(i)) == name)
            return static_cast<ErrorCode>(i);
    }
    return ErrorCode::Conflict; // the server knows more than this program
}

/// What a problem says (RFC 9457).
Error errorOf(const HttpAnswer &answer, const std::string &url)
{
    const auto problem = parseJson(answer.body);
    Error error;
    error.code = codeOf(problem ? problem->stringAt("code") : std::string_view());
    if (!problem || problem->stringAt("title").empty()) {
        error.what = "the server answered with status " + std::to_string(answer.status);
        error.where = url;
        error.remedy = "Is it Commander's?";
        return error;
    }
    error.what = problem->stringAt("detail").empty() ? problem->stringAt("title") : problem->stringAt("detail");
    if (const auto *errors = problem->find("errors"); errors && errors->asArray()) {
        for (const auto &one : *errors->asArray())
            error.details.push_back({std::string(one.stringAt("pointer")), std::string(one.stringAt("message"))});
    }
    return error;
}

} // namespace

std::string HttpAnswer::field(std::string_view name) const
{
    for (const auto &[known, value] : fields) {
        if (known == name)
            return value;
    }
    return {};
}

std::uint64_t HttpAnswer::position() const
{
    return QByteArray::fromStdString(field("commander-position")).toULongLong();
}

HttpClient::HttpClient(QUrl base, std::string token) : m_base(std::move(base)), m_token(std::move(token)) { }

Result<std::unique_ptr<HttpClient>> HttpClient::at(const std::string &url, std::string token)
{
    QUrl base(QString::fromStdString(url), QUrl::StrictMode);
    const bool http = base.scheme() == u"http" || base.scheme() == u"https";
    const bool bare = base.path().isEmpty() || base.path() == u"/";
    if (!base.isValid() || !http || base.host().isEmpty() || !bare || base.hasQuery() || base.hasFragment()) {
        return fail(ErrorCode::InvalidArgument, "not the URL of a server: " + url, "--url",
                    "It is like http://127.0.0.1:8080.");
    }
    base.setPath({});
    return std::unique_ptr<HttpClient>(new HttpClient(std::move(base), std::move(token)));
}

QNetworkReply *HttpClient::send(const HttpRequest &request)
{
    QNetworkRequest made(QUrl::fromEncoded(m_base.toEncoded() + bytes(request.path), QUrl::StrictMode));
    made.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    made.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    made.setRawHeader("User-Agent", "commanderctl/" COMMANDER_VERSION);
    made.setRawHeader("Accept-Encoding", "identity");
    if (!m_token.empty())
        made.setRawHeader("Authorization", "Bearer " + bytes(m_token));
    if (request.verb != "GET")
        made.setRawHeader("Content-Type", "application/json");
    for (const auto &[name, value] : request.fields)
        made.setRawHeader(bytes(name), bytes(value));
    if (request.verb == "GET")
        return m_network.get(made);
    return m_network.sendCustomRequest(made, bytes(request.verb), bytes(request.body));
}

Result<HttpAnswer> HttpClient::read(const HttpRequest &request, const Take &take)
{
    const std::unique_ptr<QNetworkReply> reply(send(request));
    HttpAnswer answer;
    Result<void> taken;
    bool reading = false; // what takes the bytes may run an event loop of its own
    const auto readMore = [&] {
        if (std::exchange(reading, true))
            return;
        answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        for (auto more = reply->readAll(); taken && !more.isEmpty(); more = reply->readAll()) {
            if (answer.status >= 400)
                answer.body.append(more.constData(), static_cast<std::size_t>(more.size()));
            else
                taken = take({more.constData(), static_cast<std::size_t>(more.size())});
        }
        reading = false;
        if (!taken)
            reply->abort();
    };
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, readMore);
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    const std::stop_callback stop(stopSignal(), [&reply] {
        QMetaObject::invokeMethod(reply.get(), &QNetworkReply::abort, Qt::QueuedConnection);
    });
    if (!reply->isFinished())
        loop.exec();
    if (stopSignal().stop_requested())
        return fail(ErrorCode::Cancelled, "stopped");
    readMore();
    if (!taken)
        return fail(taken.error());
    for (const auto &[name, value] : reply->rawHeaderPairs())
        answer.fields.emplace_back(name.toLower().toStdString(), value.toStdString());
    if (answer.status >= 400)
        return fail(errorOf(answer, url()));
    if (reply->error() != QNetworkReply::NoError) {
        return fail(ErrorCode::IoError,
                    (answer.status == 0 ? "no answer: " : "the answer broke off: ")
                        + reply->errorString().toStdString(),
                    url(), answer.status == 0 ? "Is the server running?" : "");
    }
    return answer;
}

Result<HttpAnswer> HttpClient::ask(const HttpRequest &request)
{
    std::string body;
    auto answer = read(request, [&body](std::string_view more) -> Result<void> {
        body += more;
        return {};
    });
    if (answer)
        answer->body = std::move(body);
    return answer;
}

std::string percentEncoded(std::string_view text)
{
    return QUrl::toPercentEncoding(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))).toStdString();
}

} // namespace commander::ctl
