// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/filter.h>

#include <string>
#include <string_view>
#include <vector>

namespace commander::filter {

struct Token {
    enum class Type {
        Word,   ///< a name, a path, a number, a time, a bare text
        String, ///< decoded in `text`
        Open,
        Close,
        Comma,
        Range,    ///< ..
        Operator, ///< = != < <= > >= ~
        End
    };
    Type type = Type::End;
    std::string text;
    std::size_t column = 1;
};

/// All tokens, the last one an End. Errors InvalidFilter: not UTF-8, an open quote, an unknown escape, …
[[nodiscard]] Result<std::vector<Token>> tokensOf(std::string_view text);

/// The steps behind `data` or `headers` in a word such as data.items[0]."odd name". `column` is the word's.
[[nodiscard]] Result<FilterPath> pathOf(std::string_view word, std::size_t column);
/// Needs no quotes within a path.
[[nodiscard]] bool isPlainName(std::string_view name) noexcept;
/// Compares without regard to ASCII case: keywords.
[[nodiscard]] bool isKeyword(const Token &token, std::string_view keyword) noexcept;

} // namespace commander::filter
