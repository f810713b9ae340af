// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace commander::rest {

/// Appends a JSON object to a string, member by member. Names are ours and need no escapes; raw texts are JSON already.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string &out) : m_out(out) { m_out += '{'; }
    ~ObjectWriter() { end(); }
    ObjectWriter(const ObjectWriter &) = delete;
    ObjectWriter &operator=(const ObjectWriter &) = delete;

    /// The value has to be appended next.
    void name(std::string_view name)
    {
        separate();
        m_out += '"';
        m_out.append(name).append("\":");
    }
    void text(std::string_view member, std::string_view value)
    {
        name(member);
        appendJsonString(m_out, value);
    }
    /// A string that is known to need no escapes: an id, a timestamp, a hash.
    void plain(std::string_view member, std::string_view value)
    {
        name(member);
        m_out += '"';
        m_out.append(value);
        m_out += '"';
    }
    void raw(std::string_view member, std::string_view json)
    {
        name(member);
        m_out.append(json);
    }
    template <std::integral T>
    requires(!std::same_as<T, bool>) void number(std::string_view member, T value)
    {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        raw(member, std::string_view(digits, static_cast<std::size_t>(end - digits)));
    }
    void flag(std::string_view member, bool value) { raw(member, value ? "true" : "false"); }
    /// Members that are JSON text already: `"a":1,"b":2`.
    void splice(std::string_view members)
    {
        separate();
        m_out.append(members);
    }
    void end()
    {
        if (!m_ended)
            m_out += '}';
        m_ended = true;
    }

private:
    void separate()
    {
        if (!m_first)
            m_out += ',';
        m_first = false;
    }

    std::string &m_out;
    bool m_first = true;
    bool m_ended = false;
};

/// The same for an array: next() before each element.
class ArrayWriter {
public:
    explicit ArrayWriter(std::string &out) : m_out(out) { m_out += '['; }
    ~ArrayWriter() { end(); }
    ArrayWriter(const ArrayWriter &) = delete;
    ArrayWriter &operator=(const ArrayWriter &) = delete;

    void next()
    {
        if (!m_first)
            m_out += ',';
        m_first = false;
    }
    void text(std::string_view value)
    {
        next();
        appendJsonString(m_out, value);
    }
    void end()
    {
        if (!m_ended)
            m_out += ']';
        m_ended = true;
    }

private:
    std::string &m_out;
    bool m_first = true;
    bool m_ended = false;
};

} // namespace commander::rest
