// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/gate/request_head.h"

#include <algorithm>

namespace commander::rest {

std::string_view methodName(Method method) noexcept
{
    switch (method) {
    case Method::Get:
        return "GET";
    case Method::Head:
        return "HEAD";
    case Method::Post:
        return "POST";
    case Method::Put:
        return "PUT";
    case Method::Patch:
        return "PATCH";
    case Method::Delete:
        return "DELETE";
    case Method::Trace:
        return "TRACE";
    case Method::Options:
        return "OPTIONS";
    }
    return "";
}

std::optional<Method> methodFromName(std::string_view name) noexcept
{
    for (const Method method : {Method::Get, Method::Post, Method::Head, Method::Options, Method::Put, Method::Patch,
                                Method::Delete, Method::Trace}) {
        if (name == methodName(method))
            return method;
    }
    return std::nullopt;
}

std::string_view RequestHead::path() const noexcept
{
    const auto all = target();
    return all.substr(0, all.find('?'));
}

std::string_view RequestHead::query() const noexcept
{
    const auto all = target();
    const auto mark = all.find('?');
    return mark == std::string_view::npos ? std::string_view() : all.substr(mark + 1);
}

std::optional<std::string_view> RequestHead::field(std::string_view name) const noexcept
{
    for (const auto &[fieldName, value] : m_fields) {
        if (text(fieldName) == name)
            return text(value);
    }
    return std::nullopt;
}

std::size_t RequestHead::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(
        std::count_if(m_fields.begin(), m_fields.end(), [&](const auto &entry) { return text(entry.first) == name; }));
}

} // namespace commander::rest
