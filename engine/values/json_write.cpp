// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/json.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace commander {

namespace {

struct Writer {
    std::string &out;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool value) const { out += value ? "true" : "false"; }
    void operator()(const Json::Number &number) const { out += number.lexeme; }
    void operator()(const std::string &text) const { appendJsonString(out, text); }
    void operator()(const Json::Array &array) const
    {
        char separator = '[';
        for (const Json &element : array) {
            out += separator;
            separator = ',';
            appendJson(out, element);
        }
        out += array.empty() ? "[]" : "]";
    }
    void operator()(const Json::Object &object) const
    {
        char separator = '{';
        for (const Json::Member &member : object) {
            out += separator;
            separator = ',';
            appendJsonString(out, member.first);
            out += ':';
            appendJson(out, member.second);
        }
        out += object.empty() ? "{}" : "}";
    }
};

void appendEscape(std::string &out, unsigned char c)
{
    constexpr char hexDigits[] = "0123456789abcdef";
    switch (c) {
    case '"':
        out += "\\\"";
        break;
    case '\\':
        out += "\\\\";
        break;
    case '\b':
        out += "\\b";
        break;
    case '\f':
        out += "\\f";
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        out += "\\u00";
        out += hexDigits[c >> 4];
        out += hexDigits[c & 15];
    }
}

/// How many bytes at the front need no escape.
std::size_t plainLength(std::string_view text)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    const auto hasZero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & tops; };
    std::size_t at = 0;
    for (std::uint64_t eight = 0; text.size() - at >= sizeof eight; at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        const auto control = (eight - ones * 0x20) & ~eight & tops; // some byte is below 0x20
        if (control | hasZero(eight ^ ones * '"') | hasZero(eight ^ ones * '\\'))
            break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x20 && text[at] != '"' && text[at] != '\\')
        ++at;
    return at;
}

constexpr bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// The end of the string token that begins at `begin`.
std::size_t endOfString(std::string_view text, std::size_t begin)
{
    std::size_t i = begin + 1;
    while (i < text.size() && text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
    return std::min(i + 1, text.size());
}

std::size_t endOfScalar(std::string_view text, std::size_t begin)
{
    if (text[begin] == '"')
        return endOfString(text, begin);
    std::size_t i = begin;
    while (i < text.size() && !isSpace(text[i]) && std::string_view("{}[],:\"").find(text[i]) == std::string_view::npos)
        ++i;
    return i;
}

std::size_t skipSpace(std::string_view text, std::size_t i)
{
    while (i < text.size() && isSpace(text[i]))
        ++i;
    return i;
}

} // namespace

std::string writeJson(const Json &value)
{
    std::string out;
    appendJson(out, value);
    return out;
}

void appendJson(std::string &out, const Json &value)
{
    std::visit(Writer{out}, value.variant());
}

void appendJsonString(std::string &out, std::string_view text)
{
    out += '"';
    while (!text.empty()) {
        const auto plain = plainLength(text);
        out.append(text.data(), plain);
        text.remove_prefix(plain);
        if (text.empty())
            break;
        appendEscape(out, static_cast<unsigned char>(text.front()));
        text.remove_prefix(1);
    }
    out += '"';
}

std::string prettyJson(std::string_view text, int indent)
{
    std::string out;
    out.reserve(text.size() * 2);
    std::size_t depth = 0;
    const auto newLine = [&] {
        out += '\n';
        out.append(depth * static_cast<std::size_t>(std::max(indent, 0)), ' ');
    };
    for (std::size_t i = skipSpace(text, 0); i < text.size(); i = skipSpace(text, i)) {
        const char c = text[i];
        switch (c) {
        case '{':
        case '[': {
            out += c;
            i = skipSpace(text, i + 1);
            if (i < text.size() && text[i] == (c == '{' ? '}' : ']')) {
                out += text[i++];
                break;
            }
            ++depth;
            newLine();
            break;
        }
        case '}':
        case ']':
            depth -= depth > 0 ? 1 : 0;
            newLine();
            out += c;
            ++i;
            break;
        case ',':
            out += c;
            newLine();
            ++i;
            break;
        case ':':
            out += ": ";
            ++i;
            break;
        default: {
            const std::size_t end = endOfScalar(text, i);
            out.append(text, i, end - i);
            i = end;
        }
        }
    }
    return out;
}

} // namespace commander
