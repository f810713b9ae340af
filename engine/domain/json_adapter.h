// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "values/decimal.h"

#include <commander/json.h>

#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <string>
#include <utility>

#include <valijson/internal/adapter.hpp>
#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

/// Lets valijson read our Json directly, without a second document and without rounding a number.
namespace commander {

class JsonAdapter;

/// Equal as JSON Schema means it: 1 and 1.0 are one number, the order of members does not matter.
[[nodiscard]] bool equalJson(const Json &a, const Json &b);

/// What valijson's iterators have in common; `Derived` says what an element looks like.
template <class Derived, class Base, class Value> class JsonIterator {
public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = Value *;
    using reference = Value &;

    explicit JsonIterator(Base at) : m_at(at) { }
    valijson::adapters::DerefProxy<Value> operator->() const
    {
        return valijson::adapters::DerefProxy<Value>(*static_cast<const Derived &>(*this));
    }
    bool operator==(const JsonIterator &other) const { return m_at == other.m_at; }
    bool operator!=(const JsonIterator &other) const { return m_at != other.m_at; }
    Derived &operator++()
    {
        ++m_at;
        return static_cast<Derived &>(*this);
    }
    Derived operator++(int)
    {
        Derived old(m_at);
        ++m_at;
        return old;
    }
    Derived &operator--()
    {
        --m_at;
        return static_cast<Derived &>(*this);
    }
    void advance(std::ptrdiff_t n) { m_at += n; }

protected:
    Base m_at;
};

class JsonElementIterator final : public JsonIterator<JsonElementIterator, Json::Array::const_iterator, JsonAdapter> {
public:
    using JsonIterator::JsonIterator;
    JsonAdapter operator*() const;
};

using JsonMemberPair = std::pair<std::string, JsonAdapter>;

class JsonMemberIterator final : public JsonIterator<JsonMemberIterator, Json::Object::const_iterator, JsonMemberPair> {
public:
    using JsonIterator::JsonIterator;
    JsonMemberPair operator*() const;
};

class JsonArrayRef {
public:
    using const_iterator = JsonElementIterator;
    using iterator = JsonElementIterator;
    JsonArrayRef() : m_array(none()) { }
    explicit JsonArrayRef(const Json::Array &array) : m_array(array) { }
    [[nodiscard]] const_iterator begin() const { return const_iterator(m_array.begin()); }
    [[nodiscard]] const_iterator end() const { return const_iterator(m_array.end()); }
    [[nodiscard]] std::size_t size() const { return m_array.size(); }

private:
    static const Json::Array &none()
    {
        static const Json::Array array;
        return array;
    }
    const Json::Array &m_array;
};

class JsonObjectRef {
public:
    using const_iterator = JsonMemberIterator;
    using iterator = JsonMemberIterator;
    JsonObjectRef() : m_object(none()) { }
    explicit JsonObjectRef(const Json::Object &object) : m_object(object) { }
    [[nodiscard]] const_iterator begin() const { return const_iterator(m_object.begin()); }
    [[nodiscard]] const_iterator end() const { return const_iterator(m_object.end()); }
    [[nodiscard]] const_iterator find(const std::string &name) const
    {
        auto at = m_object.begin();
        while (at != m_object.end() && at->first != name)
            ++at;
        return const_iterator(at);
    }
    [[nodiscard]] std::size_t size() const { return m_object.size(); }

private:
    static const Json::Object &none()
    {
        static const Json::Object object;
        return object;
    }
    const Json::Object &m_object;
};

class JsonFrozenValue final : public valijson::adapters::FrozenValue {
public:
    explicit JsonFrozenValue(Json value) : m_value(std::move(value)) { }
    [[nodiscard]] FrozenValue *clone() const override { return new JsonFrozenValue(m_value); }
    [[nodiscard]] bool equalTo(const valijson::adapters::Adapter &other, bool strict) const override;

private:
    Json m_value;
};

/// The types of a value, as valijson asks for them.
class JsonValueRef {
public:
    JsonValueRef() : m_value(none()) { }
    explicit JsonValueRef(const Json &value) : m_value(value) { }
    [[nodiscard]] const Json &json() const { return m_value; }

    [[nodiscard]] valijson::adapters::FrozenValue *freeze() const { return new JsonFrozenValue(m_value); }
    [[nodiscard]] opt::optional<JsonArrayRef> getArrayOptional() const
    {
        const auto *array = m_value.asArray();
        return array ? opt::make_optional(JsonArrayRef(*array)) : opt::optional<JsonArrayRef>();
    }
    [[nodiscard]] opt::optional<JsonObjectRef> getObjectOptional() const
    {
        const auto *object = m_value.asObject();
        return object ? opt::make_optional(JsonObjectRef(*object)) : opt::optional<JsonObjectRef>();
    }
    bool getArraySize(std::size_t &size) const
    {
        const auto *array = m_value.asArray();
        size = array ? array->size() : size;
        return array != nullptr;
    }
    bool getObjectSize(std::size_t &size) const
    {
        const auto *object = m_value.asObject();
        size = object ? object->size() : size;
        return object != nullptr;
    }
    bool getBool(bool &value) const
    {
        const auto held = m_value.asBool();
        value = held.value_or(value);
        return held.has_value();
    }
    /// Rounds, so nothing that decides may use it: see exact_keywords.h.
    bool getDouble(double &value) const
    {
        const auto *number = m_value.asNumber();
        value = number ? std::strtod(number->lexeme.c_str(), nullptr) : value;
        return number != nullptr;
    }
    bool getInteger(std::int64_t &value) const
    {
        const auto held = m_value.asInteger();
        value = held.value_or(value);
        return held.has_value();
    }
    bool getString(std::string &value) const
    {
        const auto *text = m_value.asString();
        if (text)
            value = *text;
        return text != nullptr;
    }
    static bool hasStrictTypes() { return true; }
    [[nodiscard]] bool isArray() const { return m_value.isArray(); }
    [[nodiscard]] bool isBool() const { return m_value.isBool(); }
    [[nodiscard]] bool isDouble() const { return m_value.isNumber() && !isInteger(); }
    [[nodiscard]] bool isInteger() const
    {
        const auto *number = m_value.asNumber();
        return number && isIntegerLexeme(number->lexeme);
    }
    [[nodiscard]] bool isNull() const { return m_value.isNull(); }
    [[nodiscard]] bool isNumber() const { return m_value.isNumber(); }
    [[nodiscard]] bool isObject() const { return m_value.isObject(); }
    [[nodiscard]] bool isString() const { return m_value.isString(); }

private:
    static const Json &none()
    {
        static const Json object = Json::object();
        return object;
    }
    const Json &m_value;
};

class JsonAdapter final
    : public valijson::adapters::BasicAdapter<JsonAdapter, JsonArrayRef, JsonMemberPair, JsonObjectRef, JsonValueRef> {
public:
    JsonAdapter() = default;
    explicit JsonAdapter(const Json &value) : BasicAdapter(JsonValueRef(value)), m_json(&value) { }
    JsonAdapter(const JsonAdapter &other) = default;
    /// Null for an adapter of nothing.
    [[nodiscard]] const Json *json() const noexcept { return m_json; }
    [[nodiscard]] bool equalTo(const valijson::adapters::Adapter &other, bool strict) const override
    {
        return m_json && JsonFrozenValue(*m_json).equalTo(other, strict);
    }

private:
    const Json *m_json = nullptr;
};

inline JsonAdapter JsonElementIterator::operator*() const
{
    return JsonAdapter(*m_at);
}

inline JsonMemberPair JsonMemberIterator::operator*() const
{
    return {m_at->first, JsonAdapter(m_at->second)};
}

} // namespace commander

template <> struct valijson::adapters::AdapterTraits<commander::JsonAdapter> {
    using DocumentType = commander::Json;
    static std::string adapterName() { return "JsonAdapter"; }
};
