// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/json.h>

#include <algorithm>
#include <charconv>

namespace commander {

Json::Json(std::int64_t value) : m_value(Number{std::to_string(value)}) { }

std::optional<bool> Json::asBool() const noexcept
{
    if (const bool *value = std::get_if<bool>(&m_value))
        return *value;
    return std::nullopt;
}

std::optional<std::int64_t> Json::asInteger() const noexcept
{
    const Number *number = asNumber();
    if (!number)
        return std::nullopt;
    const char *const end = number->lexeme.data() + number->lexeme.size();
    std::int64_t value = 0;
    const auto read = std::from_chars(number->lexeme.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return value;
}

const Json *Json::find(std::string_view name) const noexcept
{
    const Object *object = asObject();
    if (!object)
        return nullptr;
    for (const Member &member : *object) {
        if (member.first == name)
            return &member.second;
    }
    return nullptr;
}

std::string_view Json::stringAt(std::string_view name) const noexcept
{
    const Json *member = find(name);
    const std::string *text = member ? member->asString() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

std::optional<std::int64_t> Json::integerAt(std::string_view name) const noexcept
{
    const Json *member = find(name);
    return member ? member->asInteger() : std::nullopt;
}

Json &Json::set(std::string_view name, Json value)
{
    Object *object = asObject();
    if (!object)
        object = &m_value.emplace<Object>();
    for (Member &member : *object) {
        if (member.first == name) {
            member.second = std::move(value);
            return *this;
        }
    }
    object->emplace_back(std::string(name), std::move(value));
    return *this;
}

bool Json::erase(std::string_view name)
{
    Object *object = asObject();
    return object && std::erase_if(*object, [name](const Member &member) { return member.first == name; }) > 0;
}

std::string escapePointerToken(std::string_view token)
{
    std::string escaped;
    escaped.reserve(token.size());
    for (const char c : token) {
        if (c == '~')
            escaped += "~0";
        else if (c == '/')
            escaped += "~1";
        else
            escaped += c;
    }
    return escaped;
}

namespace {

/// False when an escape is broken: RFC 6901 makes that an invalid pointer.
bool unescapePointerToken(std::string_view token, std::string &plain)
{
    plain.clear();
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            plain += token[i];
            continue;
        }
        if (++i == token.size() || (token[i] != '0' && token[i] != '1'))
            return false;
        plain += token[i] == '0' ? '~' : '/';
    }
    return true;
}

const Json *elementAt(const Json::Array &array, std::string_view token)
{
    std::size_t index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), index);
    const bool plain = read.ec == std::errc() && read.ptr == token.data() + token.size();
    if (!plain || (token.size() > 1 && token.front() == '0') || index >= array.size())
        return nullptr;
    return &array[index];
}

} // namespace

const Json *resolvePointer(const Json &root, std::string_view pointer)
{
    const Json *at = &root;
    std::string token;
    while (!pointer.empty()) {
        if (pointer.front() != '/')
            return nullptr;
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        if (!unescapePointerToken(pointer.substr(0, end), token))
            return nullptr;
        const Json::Array *array = at->asArray();
        at = array ? elementAt(*array, token) : at->find(token);
        if (!at)
            return nullptr;
        pointer.remove_prefix(end);
    }
    return at;
}

} // namespace commander
