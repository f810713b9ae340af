// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_error.h"

#include <QString>
#include <QStringList>

namespace commander::script {

namespace {

/// Where the syntax error's token stands in its line, when it stands there once.
std::uint32_t columnOf(const std::string &message, const DomainFile *file, std::uint32_t line)
{
    const auto open = message.find('`');
    const auto close = message.rfind('\'');
    if (!file || open == std::string::npos || close == std::string::npos || close <= open + 1
        || message.find("Unexpected token") == std::string::npos)
        return 0;
    const auto token = message.substr(open + 1, close - open - 1);
    const auto text = lineOf(file->bytes, line);
    const auto at = text.find(token);
    if (at == std::string_view::npos || text.find(token, at + 1) != std::string_view::npos)
        return 0;
    return placeOf(file->bytes, static_cast<std::size_t>(text.data() - file->bytes.data()) + at).column;
}

} // namespace

ScriptError ScriptError::of(const QJSValue &thrown, const std::string &urlPrefix)
{
    ScriptError out{thrown.toString().toStdString(), {}};
    // Qt does not say more than "Type error" where something frozen is changed.
    if (out.message == "TypeError: Type error")
        out.message = "TypeError: something is used that cannot be, such as changing what is frozen";
    const auto prefix = QString::fromStdString(urlPrefix);
    for (const auto &entry : thrown.property(QStringLiteral("stack")).toString().split(u'\n')) {
        const auto at = entry.indexOf(u'@');
        const auto colon = entry.lastIndexOf(u':');
        const auto url = entry.mid(at + 1, colon - at - 1);
        if (at < 0 || colon <= at || !url.startsWith(prefix))
            continue;
        out.stack.push_back(
            {entry.left(at).toStdString(), url.mid(prefix.size()).toStdString(), entry.mid(colon + 1).toUInt()});
    }
    if (out.stack.empty()) {
        const auto url = thrown.property(QStringLiteral("fileName")).toString();
        if (url.startsWith(prefix))
            out.stack.push_back(
                {{}, url.mid(prefix.size()).toStdString(), thrown.property(QStringLiteral("lineNumber")).toUInt()});
    }
    return out;
}

Error ScriptError::fault(const std::string &what, const DomainFolder &folder) const
{
    Error error{ErrorCode::DomainFault, message, what, {}, {}};
    if (!stack.empty())
        error.where = stack.front().file + ':' + std::to_string(stack.front().line) + ", " + what;
    for (const auto &frame : stack) {
        const auto *file = folder.find(frame.file);
        auto shown = frame.function.empty() ? std::string() : "in " + frame.function + ": ";
        shown += file ? lineOf(file->bytes, frame.line) : std::string_view();
        error.details.push_back({frame.file + ':' + std::to_string(frame.line), std::move(shown)});
    }
    return error;
}

DomainProblem ScriptError::problem(const DomainFolder &folder) const
{
    if (stack.empty())
        return {{}, 0, 0, {}, message, {}};
    const auto &frame = stack.front();
    return {frame.file, frame.line, columnOf(message, folder.find(frame.file), frame.line), {}, message, {}};
}

} // namespace commander::script
