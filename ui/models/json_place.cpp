// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/json_place.h"

#include <algorithm>
#include <string>
#include <vector>

namespace commander::ui {

namespace {

/// Walks over valid JSON and keeps the way to where it is.
class Walk {
public:
    Walk(std::string_view text, std::size_t offset) : m_text(text), m_offset(offset) { }

    [[nodiscard]] std::optional<JsonPlace> run()
    {
        while (m_at < m_text.size() && m_at <= m_offset) {
            const char c = m_text[m_at];
            if (c == '{' || c == '[')
                open(c == '[');
            else if (c == '}' || c == ']')
                close();
            else if (c == ',')
                next();
            else if (c == '"' && expectsName())
                takeName();
            else if (c == ':' || c == ' ' || c == '\n' || c == '\t' || c == '\r')
                ++m_at;
            else
                takeScalar();
        }
        return m_found;
    }

private:
    struct Level {
        bool isArray = false;
        bool hasName = false;
        std::string name;
        std::uint64_t index = 0;
    };

    [[nodiscard]] bool expectsName() const
    {
        return !m_levels.empty() && !m_levels.back().isArray && !m_levels.back().hasName;
    }

    [[nodiscard]] FilterPath path() const
    {
        FilterPath path;
        for (const auto &level : m_levels) {
            if (level.isArray)
                path.emplace_back(level.index);
            else
                path.emplace_back(level.name);
        }
        return path;
    }

    /// A value, with its name, reaches from `begin` to the next comma or bracket.
    void found(Json value) { m_found = JsonPlace{path(), std::move(value)}; }

    void open(bool isArray)
    {
        found(isArray ? Json::array() : Json::object());
        m_levels.push_back({isArray, false, {}, 0});
        ++m_at;
    }

    void close()
    {
        if (!m_levels.empty())
            m_levels.pop_back();
        m_found.reset();
        ++m_at;
    }

    void next()
    {
        if (!m_levels.empty()) {
            m_levels.back().hasName = false;
            ++m_levels.back().index;
        }
        ++m_at;
    }

    [[nodiscard]] std::size_t endOfString() const
    {
        auto end = m_at + 1;
        while (end < m_text.size() && m_text[end] != '"')
            end += m_text[end] == '\\' ? 2 : 1;
        return std::min(end + 1, m_text.size());
    }

    void takeName()
    {
        const auto end = endOfString();
        const auto name = parseJson(m_text.substr(m_at, end - m_at));
        m_levels.back().name = name && name->asString() ? *name->asString() : std::string();
        m_levels.back().hasName = true;
        m_at = end;
        // On the name is as good as on the value: look behind the colon.
        const auto value = m_text.find_first_not_of(": \n\t\r", m_at);
        if (value != std::string_view::npos && m_offset < value)
            m_offset = value;
    }

    void takeScalar()
    {
        const auto end
            = m_text[m_at] == '"' ? endOfString() : std::min(m_text.find_first_of(",]} \n\t\r", m_at), m_text.size());
        auto value = parseJson(m_text.substr(m_at, end - m_at));
        if (value)
            found(std::move(*value));
        else
            m_found.reset(); // cut off
        m_at = std::max(end, m_at + 1);
    }

    const std::string_view m_text;
    std::size_t m_offset;
    std::size_t m_at = 0;
    std::vector<Level> m_levels;
    std::optional<JsonPlace> m_found;
};

} // namespace

std::optional<JsonPlace> jsonPlaceAt(std::string_view text, std::size_t offset)
{
    return Walk(text, offset).run();
}

} // namespace commander::ui
