// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/outcome_details.h"

#include "models/format.h"

#include <commander/json.h>

#include <QStringList>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

/// "domain.js:7" or "domain.js:7:12"; pointers into JSON begin with a slash.
bool isPlace(const QString &text)
{
    const auto colon = text.lastIndexOf(u':');
    if (text.startsWith(u'/') || colon <= 0 || colon + 1 == text.size())
        return false;
    for (const QChar c : QStringView(text).mid(colon + 1)) {
        if (!c.isDigit())
            return false;
    }
    return true;
}

/// One frame: the place and the function, and below them the source.
QString frameText(const QString &place, const QString &message)
{
    QString function;
    QString source = message;
    if (message.startsWith(u"in "_s)) {
        if (const auto end = message.indexOf(u": "_s); end > 0) {
            function = message.mid(3, end - 3);
            source = message.mid(end + 2);
        }
    }
    QString text = place;
    if (!function.isEmpty())
        text += u"  "_s + function;
    if (const QString trimmed = source.trimmed(); !trimmed.isEmpty())
        text += u"\n    "_s + trimmed;
    return text;
}

} // namespace

OutcomeDetails outcomeDetails(const CommandOutcome &outcome)
{
    if (outcome.errorDetails.empty())
        return {};
    const auto parsed = parseJson(outcome.errorDetails);
    const OutcomeDetails plain{OutcomeDetails::Kind::Json,
                               toText(parsed ? prettyJson(outcome.errorDetails) : outcome.errorDetails)};
    if (outcome.status != CommandStatus::Failed)
        return plain;
    const auto *list = parsed ? parsed->asArray() : nullptr;
    if (!list || list->empty())
        return plain;
    QStringList lines;
    bool places = false;
    for (const auto &detail : *list) {
        const QString pointer = toText(detail.stringAt("pointer"));
        const QString message = toText(detail.stringAt("message"));
        if (pointer.isEmpty() && message.isEmpty())
            return plain; // of another shape
        const bool place = isPlace(pointer);
        places = places || place;
        lines << (place ? frameText(pointer, message) : u"%1: %2"_s.arg(pointer, message));
    }
    return {places ? OutcomeDetails::Kind::Places : OutcomeDetails::Kind::Json, lines.join(u'\n')};
}

} // namespace commander::ui
