// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/curl_lines.h"

#include "models/format.h"

#include <commander/json.h>

#include <QUrl>

using namespace Qt::StringLiterals;

namespace commander::ui {

QString curlSubmitLine(const QString &baseUrl, const CommandDraft &draft)
{
    std::string body = "{";
    const auto member = [&body](const char *name, const std::string &text) {
        body.append("\"").append(name).append("\":");
        appendJsonString(body, text);
        body += ',';
    };
    if (draft.id)
        member("id", draft.id->text());
    if (draft.parent)
        member("parent", draft.parent->text());
    member("action", draft.action);
    body += R"("data":)" + draft.data + "}";
    return u"curl -sS -X POST %1 -H 'Content-Type: application/json' -d %2"_s.arg(
        shellQuoted(baseUrl + u"/commands?sync=true"_s), shellQuoted(toText(body)));
}

QString curlFollowLine(const QString &baseUrl, const CommandDraft &draft)
{
    // A command with a parent joins its parent's chain, whose id nobody knows here.
    const QString filter = draft.id && !draft.parent
        ? u"correlation="_s + toText(draft.id->text())
        : u"action="_s + QString::fromLatin1(QUrl::toPercentEncoding(toText(draft.action)));
    return u"curl -sSN %1"_s.arg(shellQuoted(baseUrl + u"/updates?from=now&"_s + filter));
}

} // namespace commander::ui
