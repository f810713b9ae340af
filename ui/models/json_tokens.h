// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>
#include <vector>

namespace commander::ui {

/// A piece of one line of JSON text, for colouring. It changes nothing and refuses nothing: what is no token is Other.
struct JsonToken {
    enum class Kind { Key, String, Number, Literal, Punctuation, Other };
    Kind kind = Kind::Other;
    qsizetype start = 0;
    qsizetype length = 0;
    bool operator==(const JsonToken &) const = default;
};

/// The tokens of one line, white space left out. JSON tokens never span lines, so lines can be read one by one.
[[nodiscard]] std::vector<JsonToken> tokenizeJsonLine(QStringView line);

} // namespace commander::ui
