// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_values.h"

#include "values/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <QJSValueIterator>

namespace commander::script {

namespace {

constexpr double safeIntegerMax = 9007199254740991.0;
constexpr std::size_t makerMembersMax = 24;
constexpr std::size_t makersMax = 512;

/// Names that need no quotes and mean nothing to an object literal or to Object.prototype.
bool isPlainName(std::string_view name)
{
    constexpr std::array<std::string_view, 7> inherited{"constructor",         "toString",       "valueOf",
                                                        "toLocaleString",      "hasOwnProperty", "isPrototypeOf",
                                                        "propertyIsEnumerable"};
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front()) && !name.starts_with("__")
        && std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); })
        && std::find(inherited.begin(), inherited.end(), name) == inherited.end();
}

std::string shortest(double value)
{
    std::array<char, 400> text{};
    const auto size = std::fabs(value);
    const auto format = size >= 1e-6 && size < 1e21 ? std::chars_format::fixed : std::chars_format::scientific;
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value, format);
    std::string out(text.data(), written.ptr);
    // 1e-07 is valid JSON, but everybody else writes 1e-7.
    if (const auto e = out.find('e'); e != std::string::npos && out.size() == e + 4 && out[e + 2] == '0')
        out.erase(e + 2, 1);
    return out;
}

} // namespace

std::optional<std::string> canonicalNumber(double value)
{
    if (!std::isfinite(value))
        return {};
    if (value != std::floor(value))
        return shortest(value);
    if (std::fabs(value) > safeIntegerMax)
        return {};
    return std::to_string(static_cast<std::int64_t>(value));
}

std::optional<double> exactNumber(std::string_view lexeme)
{
    const auto *const end = lexeme.data() + lexeme.size();
    if (lexeme.size() <= 15 && isIntegerLexeme(lexeme)) {
        std::int64_t integer = 0;
        std::from_chars(lexeme.data(), end, integer);
        return static_cast<double>(integer);
    }
    double value = 0;
    const auto read = std::from_chars(lexeme.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end)
        return {};
    const auto back = canonicalNumber(value);
    if (!back || Decimal(*back) != Decimal(lexeme))
        return {};
    return value;
}

ScriptValues::ScriptValues(QJSEngine &engine)
    : m_engine(engine),
      m_defineMember(engine.evaluate(QStringLiteral(
          "(function (define) { return function (object, name, value) { define(object, name, { value: value, "
          "writable: true, enumerable: true, configurable: true }); }; })(Object.defineProperty)"))),
      m_emptyObject(engine.evaluate(QStringLiteral("(function () { return {}; })")))
{
}

std::optional<std::string> ScriptValues::utf8(const QString &text)
{
    std::string out(static_cast<std::size_t>(text.size()), '\0');
    const auto *units = text.utf16();
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (units[i] >= 0x80) {
            if (!text.isValidUtf16())
                return {};
            return text.toStdString();
        }
        out[i] = static_cast<char>(units[i]);
    }
    return out;
}

bool ScriptValues::refuse(std::string code, std::string message)
{
    m_fault = {std::move(code), {}, std::move(message)};
    return false;
}

bool ScriptValues::within(std::string_view token)
{
    m_fault.pointer = '/' + escapePointerToken(token) + m_fault.pointer;
    return false;
}

QJSValue ScriptValues::toScript(const Json &value)
{
    QJSValue out;
    return convert(value, out) ? out : QJSValue();
}

bool ScriptValues::convert(const Json &value, QJSValue &out)
{
    if (const auto *string = value.asString()) {
        out = QJSValue(text(*string));
        return true;
    }
    if (const auto *number = value.asNumber()) {
        const auto exact = exactNumber(number->lexeme);
        if (!exact)
            return refuse("unsafe-number", "a script cannot hold the number " + number->lexeme + " exactly");
        out = QJSValue(*exact);
        return true;
    }
    if (const auto *object = value.asObject())
        return convertObject(*object, out);
    if (const auto *array = value.asArray()) {
        out = m_engine.newArray(static_cast<uint>(array->size()));
        for (std::size_t i = 0; i < array->size(); ++i) {
            QJSValue element;
            if (!convert((*array)[i], element))
                return within(std::to_string(i));
            out.setProperty(static_cast<quint32>(i), element);
        }
        return true;
    }
    const auto boolean = value.asBool();
    out = boolean ? QJSValue(*boolean) : QJSValue(QJSValue::NullValue);
    return true;
}

const QJSValue *ScriptValues::makerOf(const Json::Object &object)
{
    if (object.empty() || object.size() > makerMembersMax)
        return nullptr;
    // With their number in front, plain names and others never give the same text.
    m_names.assign(1, static_cast<char>(object.size()));
    for (const auto &[name, value] : object) {
        m_names += name;
        m_names += '\0';
    }
    if (const auto found = m_makers.find(m_names); found != m_makers.end())
        return found->second.isCallable() ? &found->second : nullptr;
    if (m_makers.size() >= makersMax)
        return nullptr;
    std::string parameters;
    std::string members;
    bool plain = true;
    for (std::size_t i = 0; i < object.size(); ++i) {
        plain = plain && isPlainName(object[i].first);
        const auto parameter = '$' + std::to_string(i);
        parameters += (i > 0 ? "," : "") + parameter;
        members += (i > 0 ? "," : "") + object[i].first + ':' + parameter;
    }
    QJSValue maker;
    if (plain)
        maker = m_engine.evaluate(text("(function(" + parameters + "){return{" + members + "}})"));
    // An undefined one tells next time that a literal cannot be written.
    const auto &made = m_makers.emplace(m_names, maker.isCallable() ? maker : QJSValue()).first->second;
    return made.isCallable() ? &made : nullptr;
}

bool ScriptValues::convertObject(const Json::Object &object, QJSValue &out)
{
    QJSValueList values;
    values.reserve(static_cast<qsizetype>(object.size()));
    for (const auto &[name, value] : object) {
        QJSValue member;
        if (!convert(value, member))
            return within(name);
        values.append(member);
    }
    if (const auto *maker = makerOf(object)) {
        out = maker->call(values);
        return true;
    }
    out = m_emptyObject.call();
    for (std::size_t i = 0; i < object.size(); ++i)
        static_cast<void>(
            m_defineMember.call({out, QJSValue(text(object[i].first)), values[static_cast<qsizetype>(i)]}));
    return true;
}

std::optional<Json> ScriptValues::fromScript(const QJSValue &value)
{
    m_values = 0;
    Json out;
    if (!convert(value, 1, out))
        return {};
    return out;
}

bool ScriptValues::convert(const QJSValue &value, std::size_t depth, Json &out)
{
    if (++m_values > limits::jsonValuesMax)
        return refuse("no-json", "a value has more than " + std::to_string(limits::jsonValuesMax) + " parts");
    if (value.isString()) {
        auto string = utf8(value.toString());
        if (!string)
            return refuse("no-json", "a text holds half a character (a lone surrogate)");
        out = Json(std::move(*string));
        return true;
    }
    if (value.isNumber()) {
        const auto number = value.toNumber();
        auto lexeme = canonicalNumber(number);
        if (!lexeme)
            return refuse("unsafe-number",
                          "a number is not exact: " + value.toString().toStdString()
                              + (std::isfinite(number) ? ", an integer beyond 2^53 - 1" : ""));
        out = Json(Json::Number{std::move(*lexeme)});
        return true;
    }
    if (value.isBool()) {
        out = Json(value.toBool());
        return true;
    }
    if (value.isNull()) {
        out = Json();
        return true;
    }
    if (depth > limits::jsonDepthMax)
        return refuse("no-json",
                      "a value is deeper than " + std::to_string(limits::jsonDepthMax) + ", or holds itself");
    if (value.isArray())
        return convertArray(value, depth, out);
    if (value.isObject() && !value.isCallable() && !value.isQObject())
        return convertObject(value, depth, out);
    return refuse("no-json",
                  value.isUndefined()      ? "a value is undefined"
                      : value.isCallable() ? "a value is a function"
                                           : "a value is nothing that JSON knows");
}

bool ScriptValues::convertArray(const QJSValue &value, std::size_t depth, Json &out)
{
    const auto length = value.property(QStringLiteral("length")).toNumber();
    if (length > static_cast<double>(limits::jsonValuesMax))
        return refuse("no-json", "a list has more than " + std::to_string(limits::jsonValuesMax) + " elements");
    Json::Array elements(static_cast<std::size_t>(length));
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (!convert(value.property(static_cast<quint32>(i)), depth + 1, elements[i]))
            return within(std::to_string(i));
    }
    out = Json(std::move(elements));
    return true;
}

bool ScriptValues::convertObject(const QJSValue &value, std::size_t depth, Json &out)
{
    Json::Object members;
    QJSValueIterator at(value);
    while (at.next()) {
        const auto member = at.value();
        if (member.isUndefined())
            continue;
        auto name = utf8(at.name());
        if (!name)
            return refuse("no-json", "a member's name holds half a character (a lone surrogate)");
        members.emplace_back(std::move(*name), Json());
        if (!convert(member, depth + 1, members.back().second))
            return within(members.back().first);
    }
    out = Json(std::move(members));
    return true;
}

} // namespace commander::script
