// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/limits.h>
#include <commander/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace commander {

/// A JSON value that keeps every number's digits as written and every object's member order, so that 1.0, 1e3 and
/// 23958446825181076828 survive a round trip. A plain value type; not thread-safe for concurrent change.
class Json {
public:
    struct Number {
        std::string lexeme; ///< exactly as written, e.g. "1.0"
        bool operator==(const Number &) const = default;
    };
    using Member = std::pair<std::string, Json>;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;

    Json() = default; ///< null
    explicit Json(bool value) : m_value(value) { }
    explicit Json(std::int64_t value);
    explicit Json(int value) : Json(static_cast<std::int64_t>(value)) { }
    explicit Json(std::string value) : m_value(std::move(value)) { }
    explicit Json(std::string_view value) : m_value(std::string(value)) { }
    explicit Json(const char *value) : m_value(std::string(value)) { }
    explicit Json(Number value) : m_value(std::move(value)) { }
    explicit Json(Array value) : m_value(std::move(value)) { }
    explicit Json(Object value) : m_value(std::move(value)) { }
    [[nodiscard]] static Json object() { return Json(Object{}); }
    [[nodiscard]] static Json array() { return Json(Array{}); }

    [[nodiscard]] bool isNull() const noexcept { return std::holds_alternative<std::monostate>(m_value); }
    [[nodiscard]] bool isBool() const noexcept { return std::holds_alternative<bool>(m_value); }
    [[nodiscard]] bool isNumber() const noexcept { return std::holds_alternative<Number>(m_value); }
    [[nodiscard]] bool isString() const noexcept { return std::holds_alternative<std::string>(m_value); }
    [[nodiscard]] bool isArray() const noexcept { return std::holds_alternative<Array>(m_value); }
    [[nodiscard]] bool isObject() const noexcept { return std::holds_alternative<Object>(m_value); }

    /// Null pointer when the value is of another type.
    [[nodiscard]] const std::string *asString() const noexcept { return std::get_if<std::string>(&m_value); }
    [[nodiscard]] const Number *asNumber() const noexcept { return std::get_if<Number>(&m_value); }
    [[nodiscard]] const Array *asArray() const noexcept { return std::get_if<Array>(&m_value); }
    [[nodiscard]] const Object *asObject() const noexcept { return std::get_if<Object>(&m_value); }
    [[nodiscard]] Array *asArray() noexcept { return std::get_if<Array>(&m_value); }
    [[nodiscard]] Object *asObject() noexcept { return std::get_if<Object>(&m_value); }
    [[nodiscard]] std::optional<bool> asBool() const noexcept;
    /// Only for a lexeme of plain digits (optional minus) that fits; 1.0 and 1e3 give nothing.
    [[nodiscard]] std::optional<std::int64_t> asInteger() const noexcept;

    /// Member of an object by name, or null pointer (also when this is not an object).
    [[nodiscard]] const Json *find(std::string_view name) const noexcept;
    /// The string member `name`, or empty when missing or of another type.
    [[nodiscard]] std::string_view stringAt(std::string_view name) const noexcept;
    [[nodiscard]] std::optional<std::int64_t> integerAt(std::string_view name) const noexcept;
    /// Sets a member, in place when it exists, else at the end. Turns null into an object; other types are replaced.
    Json &set(std::string_view name, Json value);
    bool erase(std::string_view name);

    bool operator==(const Json &) const = default;

    std::variant<std::monostate, bool, Number, std::string, Array, Object> &variant() noexcept { return m_value; }
    [[nodiscard]] const std::variant<std::monostate, bool, Number, std::string, Array, Object> &variant() const noexcept
    {
        return m_value;
    }

private:
    std::variant<std::monostate, bool, Number, std::string, Array, Object> m_value;
};

struct JsonLimits {
    std::size_t depthMax = limits::jsonDepthMax;
    std::size_t valuesMax = limits::jsonValuesMax;
};

/// Parses RFC 8259 text strictly: UTF-8 only, no BOM, no duplicate keys, no lone surrogates, no NaN or Infinity, no
/// trailing bytes. Errors InvalidJson, DuplicateKey, LimitExceeded; `where` says "byte N" (0-based).
[[nodiscard]] Result<Json> parseJson(std::string_view text, const JsonLimits &limits = {});

/// The same checks without building a value.
[[nodiscard]] Result<void> checkJson(std::string_view text, const JsonLimits &limits = {});

/// One member of an object with the exact bytes of its value (a slice of the text that was parsed).
struct JsonSlice {
    std::string name;
    std::string_view raw;
};

/// Checks the whole text as parseJson does and returns the members of its top-level object as exact slices.
/// Error InvalidJson when the top level is no object.
[[nodiscard]] Result<std::vector<JsonSlice>> sliceJsonObject(std::string_view text, const JsonLimits &limits = {});
/// The same for the elements of a top-level array.
[[nodiscard]] Result<std::vector<std::string_view>> sliceJsonArray(std::string_view text,
                                                                   const JsonLimits &limits = {});

/// Compact text; the same value always gives the same bytes (members in their order, lexemes as they are, only the
/// escapes that RFC 8259 requires).
[[nodiscard]] std::string writeJson(const Json &value);
void appendJson(std::string &out, const Json &value);
/// `"…"` with the required escapes.
void appendJsonString(std::string &out, std::string_view text);

/// Re-indents valid JSON text without touching any token: numbers, escapes and member order stay as written.
[[nodiscard]] std::string prettyJson(std::string_view text, int indent = 2);

/// RFC 6901: escapes ~ and / of one reference token.
[[nodiscard]] std::string escapePointerToken(std::string_view token);
/// RFC 6901 look-up; null pointer when nothing is there.
[[nodiscard]] const Json *resolvePointer(const Json &root, std::string_view pointer);

} // namespace commander
