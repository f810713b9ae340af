// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/request_lines.h"

#include "models/format.h"

#include <commander/json.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr auto jsonType = "application/json"_L1;

bool takesBody(const RequestEntry &entry)
{
    return entry.method == "POST" || entry.method == "PUT" || entry.method == "PATCH";
}

bool isStream(const RequestEntry &entry)
{
    return entry.kind == RequestEntry::Kind::StreamBegan || entry.kind == RequestEntry::Kind::StreamEnded;
}

QString quotedForScript(const QString &text)
{
    std::string json;
    appendJsonString(json, toUtf8(text));
    return toText(json);
}

QString curlLine(const QString &url, const KnownRequest &request)
{
    QString line = u"curl -sS"_s;
    if (isStream(request.entry))
        line += u'N';
    if (request.entry.method != "GET")
        line += u" -X "_s + toText(request.entry.method);
    line += u' ' + shellQuoted(url);
    if (request.body)
        line += u" \\\n  -H 'Content-Type: %1' \\\n  -d %2"_s.arg(jsonType, shellQuoted(toText(*request.body)));
    return line;
}

QString httpieLine(const QString &url, const KnownRequest &request)
{
    QString line = u"http"_s;
    if (isStream(request.entry))
        line += u" --stream"_s;
    line += u' ' + toText(request.entry.method) + u' ' + shellQuoted(url);
    if (request.body)
        line += u" \\\n  Content-Type:%1 \\\n  --raw %2"_s.arg(jsonType, shellQuoted(toText(*request.body)));
    return line;
}

QString fetchLine(const QString &url, const KnownRequest &request)
{
    if (isStream(request.entry))
        return u"new EventSource(%1)"_s.arg(quotedForScript(url));
    QString options;
    if (request.entry.method != "GET")
        options += u"  method: %1,\n"_s.arg(quotedForScript(toText(request.entry.method)));
    if (request.body) {
        options += u"  headers: { \"Content-Type\": \"%1\" },\n"_s.arg(jsonType);
        options += u"  body: %1,\n"_s.arg(quotedForScript(toText(*request.body)));
    }
    return options.isEmpty() ? u"await fetch(%1)"_s.arg(quotedForScript(url))
                             : u"await fetch(%1, {\n%2})"_s.arg(quotedForScript(url), options);
}

} // namespace

std::string bodyOfCommand(const Record &command)
{
    std::string body = R"({"id":)";
    appendJsonString(body, command.id.text());
    body += R"(,"action":)";
    appendJsonString(body, command.action);
    body += R"(,"data":)" + command.data + "}";
    return body;
}

bool lacksBody(const KnownRequest &request)
{
    return takesBody(request.entry) && !request.body;
}

QString requestLine(RequestSyntax syntax, const QString &baseUrl, const KnownRequest &request)
{
    const QString url = baseUrl + toText(request.entry.target);
    switch (syntax) {
    case RequestSyntax::Curl:
        return curlLine(url, request);
    case RequestSyntax::Httpie:
        return httpieLine(url, request);
    case RequestSyntax::Fetch:
        return fetchLine(url, request);
    }
    return {};
}

QString requestScript(const std::vector<KnownRequest> &requests)
{
    QString script
        = u"#!/bin/sh\n"
          "# Sends requests again that a Commander server once answered, and says where it answers otherwise.\n"
          "# Usage: sh FILE [BASE-URL]\n"
          "base=${1:-http://127.0.0.1:8080}\n"
          "failed=0\n"
          "expect() {\n"
          "    wanted=$1 what=$2\n"
          "    shift 2\n"
          "    got=$(curl -sS -o /dev/null -w '%{http_code}' \"$@\")\n"
          "    if [ \"$got\" = \"$wanted\" ]; then\n"
          "        echo \"ok      $got $what\"\n"
          "    else\n"
          "        echo \"FAILED  $got instead of $wanted: $what\"\n"
          "        failed=1\n"
          "    fi\n"
          "}\n\n"_s;
    for (const auto &request : requests) {
        const auto &entry = request.entry;
        const QString what = toText(entry.method) + u' ' + toText(entry.target);
        if (entry.kind != RequestEntry::Kind::Answered || lacksBody(request)) {
            script += u"# left out, %1: %2\n"_s.arg(
                lacksBody(request) ? u"its body is not known"_s : u"it was not answered once and for all"_s, what);
            continue;
        }
        script += u"expect %1 %2"_s.arg(entry.status).arg(shellQuoted(what));
        if (entry.method != "GET")
            script += u" -X "_s + toText(entry.method);
        if (request.body)
            script += u" -H 'Content-Type: %1' -d %2"_s.arg(jsonType, shellQuoted(toText(*request.body)));
        script += u" \"$base\""_s + shellQuoted(toText(entry.target)) + u'\n';
    }
    return script + u"\nexit $failed\n"_s;
}

} // namespace commander::ui
