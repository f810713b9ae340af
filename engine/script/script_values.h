// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <optional>
#include <QJSEngine>
#include <QJSValue>
#include <string>
#include <string_view>
#include <unordered_map>

namespace commander::script {

/// What a value has that cannot cross between JSON and script without loss, and where.
struct ValueFault {
    std::string code; ///< "unsafe-number", "no-json"
    std::string pointer;
    std::string message;
};

/// A number's canonical text: integers with all their digits, others as short as a double can be told from its
/// neighbours. Nothing for what is no exact JSON number: NaN, infinities, integers beyond 2^53 - 1.
[[nodiscard]] std::optional<std::string> canonicalNumber(double value);
/// The double that stands for exactly this number, or nothing.
[[nodiscard]] std::optional<double> exactNumber(std::string_view lexeme);

/// Turns JSON values into live values of one script engine and back, without any text between. One thread.
class ScriptValues {
public:
    explicit ScriptValues(QJSEngine &engine);

    /// Undefined when the value holds what a script cannot hold exactly: see fault().
    [[nodiscard]] QJSValue toScript(const Json &value);
    /// Members that are undefined are left out, as in JSON.stringify.
    [[nodiscard]] std::optional<Json> fromScript(const QJSValue &value);
    /// Of the last conversion that failed.
    [[nodiscard]] const ValueFault &fault() const noexcept { return m_fault; }

    [[nodiscard]] static QString text(std::string_view utf8)
    {
        return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    }
    /// Nothing for a lone surrogate.
    [[nodiscard]] static std::optional<std::string> utf8(const QString &text);

private:
    [[nodiscard]] bool convert(const Json &value, QJSValue &out);
    [[nodiscard]] bool convertObject(const Json::Object &object, QJSValue &out);
    [[nodiscard]] bool convert(const QJSValue &value, std::size_t depth, Json &out);
    [[nodiscard]] bool convertArray(const QJSValue &value, std::size_t depth, Json &out);
    [[nodiscard]] bool convertObject(const QJSValue &value, std::size_t depth, Json &out);
    bool refuse(std::string code, std::string message);
    bool within(std::string_view token);
    /// A function that makes objects with these members, or null when a literal cannot be written for them.
    [[nodiscard]] const QJSValue *makerOf(const Json::Object &object);

    QJSEngine &m_engine;
    const QJSValue m_defineMember; ///< (object, name, value): also for names such as __proto__
    const QJSValue m_emptyObject;
    std::unordered_map<std::string, QJSValue> m_makers; ///< by member names
    std::string m_names;                                ///< kept for its memory
    std::size_t m_values = 0;                           ///< of the value being read
    ValueFault m_fault;
};

} // namespace commander::script
