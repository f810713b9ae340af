// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_error.h"

#include <cctype>
#include <optional>
#include <QString>
#include <QStringList>

namespace commander::script {

namespace {

bool isNamePart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// Where a token stands in a text, when it stands there once; a name counts as a whole only.
std::optional<std::size_t> onlyPlace(std::string_view text, const std::string &token)
{
    std::optional<std::size_t> place;
    const bool name = !token.empty() && isNamePart(token.front());
    for (auto at = token.empty() ? std::string_view::npos : text.find(token); at != std::string_view::npos;
         at = text.find(token, at + 1)) {
        const auto end = at + token.size();
        if (name && ((at > 0 && isNamePart(text[at - 1])) || (end < text.size() && isNamePart(text[end]))))
            continue;
        if (place)
            return std::nullopt;
        place = at;
    }
    return place;
}

/// What the message says is wrong: the token of "Unexpected token `x'", the name of "… property 'x' of undefined" and
/// of "x is not defined". Empty when it names none.
std::string tokenOf(const std::string &message)
{
    constexpr std::string_view reference = "ReferenceError: ";
    if (message.starts_with(reference))
        return message.substr(reference.size(), message.find(' ', reference.size()) - reference.size());
    const bool syntax = message.find("Unexpected token") != std::string::npos;
    const auto open = message.find(syntax ? '`' : '\'');
    if (open == std::string::npos)
        return {};
    const auto close = syntax ? message.rfind('\'') : message.find('\'', open + 1);
    return close == std::string::npos || close <= open ? std::string() : message.substr(open + 1, close - open - 1);
}

/// In bytes, from 1; 0 when the line does not make it certain. The script engine tells lines only.
std::uint32_t columnOf(const std::string &message, const DomainFile *file, std::uint32_t line)
{
    if (!file)
        return 0;
    const auto text = lineOf(file->bytes, line);
    const auto at = onlyPlace(text, tokenOf(message));
    return at ? placeOf(file->bytes, static_cast<std::size_t>(text.data() - file->bytes.data()) + *at).column : 0;
}

/// "domain.js:7", and where it can be told ":12".
std::string placeText(const StackFrame &frame, std::uint32_t column)
{
    return frame.file + ':' + std::to_string(frame.line) + (column > 0 ? ':' + std::to_string(column) : std::string());
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
    for (const auto &frame : stack) {
        const auto *file = folder.find(frame.file);
        const bool innermost = error.details.empty();
        const auto place = placeText(frame, innermost ? columnOf(message, file, frame.line) : 0);
        if (innermost)
            error.where = place + ", " + what;
        auto shown = frame.function.empty() ? std::string() : "in " + frame.function + ": ";
        shown += file ? lineOf(file->bytes, frame.line) : std::string_view();
        error.details.push_back({place, std::move(shown)});
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
