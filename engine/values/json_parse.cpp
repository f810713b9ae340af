// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/json.h>

#include "values/json_reader.h"
#include "values/json_validity.h"

#include <limits>

namespace commander {

namespace {

using detail::failAt;

/// Takes nothing: for checks alone.
struct NullSink {
    void value(std::size_t, std::size_t, std::size_t) { }
    void string(std::string_view) { }
    void number(std::string_view) { }
    void boolean(bool) { }
    void null() { }
    void key(std::string_view) { }
    void beginObject() { }
    void endObject(std::size_t) { }
    void beginArray() { }
    void endArray(std::size_t) { }
};

/// Builds the value.
class BuildSink {
public:
    void value(std::size_t, std::size_t, std::size_t) { }
    void string(std::string_view text) { m_values.emplace_back(std::string(text)); }
    void number(std::string_view lexeme) { m_values.emplace_back(Json::Number{std::string(lexeme)}); }
    void boolean(bool value) { m_values.emplace_back(value); }
    void null() { m_values.emplace_back(); }
    void key(std::string_view name) { m_names.emplace_back(name); }
    void beginObject() { }
    void beginArray() { }
    void endObject(std::size_t members)
    {
        Json::Object object;
        object.reserve(members);
        const std::size_t firstValue = m_values.size() - members;
        const std::size_t firstName = m_names.size() - members;
        for (std::size_t i = 0; i < members; ++i)
            object.emplace_back(std::move(m_names[firstName + i]), std::move(m_values[firstValue + i]));
        m_names.resize(firstName);
        m_values.resize(firstValue);
        m_values.emplace_back(std::move(object));
    }
    void endArray(std::size_t elements)
    {
        const auto first = m_values.end() - static_cast<std::ptrdiff_t>(elements);
        Json::Array array(std::make_move_iterator(first), std::make_move_iterator(m_values.end()));
        m_values.erase(first, m_values.end());
        m_values.emplace_back(std::move(array));
    }
    [[nodiscard]] Json take() { return std::move(m_values.back()); }

private:
    std::vector<Json> m_values;
    std::vector<std::string> m_names;
};

/// Keeps where the children of the top level are.
struct SliceSink : NullSink {
    explicit SliceSink(std::string_view whole) : text(whole) { }
    void value(std::size_t level, std::size_t begin, std::size_t end)
    {
        if (level == 1)
            slices.push_back(text.substr(begin, end - begin));
    }
    void key(std::string_view name)
    {
        if (depth == 1)
            names.emplace_back(name);
    }
    void beginObject() { ++depth; }
    void endObject(std::size_t) { --depth; }
    void beginArray() { ++depth; }
    void endArray(std::size_t) { --depth; }

    std::string_view text;
    std::vector<std::string_view> slices;
    std::vector<std::string> names;
    std::size_t depth = 0;
};

const char *refusalText(rapidjson::ParseErrorCode code, bool atEnd)
{
    switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
        return "no JSON value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
        return "something follows the JSON value";
    case rapidjson::kParseErrorObjectMissName:
        return "a member name in quotes is missing";
    case rapidjson::kParseErrorObjectMissColon:
        return "a colon is missing";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
        return "a comma or } is missing";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
        return "a comma or ] is missing";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
        return "\\u needs four hexadecimal digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
        return "a lone surrogate";
    case rapidjson::kParseErrorStringEscapeInvalid:
        return "an unknown escape or a raw control character in a string";
    case rapidjson::kParseErrorStringMissQuotationMark:
        return atEnd ? "a string without end" : "a raw control character in a string";
    case rapidjson::kParseErrorStringInvalidEncoding:
        return "invalid UTF-8";
    case rapidjson::kParseErrorNumberTooBig:
        return "a number with too large an exponent";
    case rapidjson::kParseErrorNumberMissFraction:
        return "digits are missing after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent:
        return "digits are missing in the exponent";
    default:
        return "not a JSON value";
    }
}

template <class Sink> Result<void> readJson(std::string_view text, const JsonLimits &limits, Sink &sink)
{
    if (text.size() > std::numeric_limits<rapidjson::SizeType>::max())
        return failAt(ErrorCode::LimitExceeded, "a JSON text of more than 4 GiB", 0, "Send less at a time.");
    if (text.starts_with("\xEF\xBB\xBF"))
        return failAt(ErrorCode::InvalidJson, "a byte order mark before the JSON value", 0, "Send UTF-8 without it.");

    detail::JsonStream stream(text);
    detail::CheckingHandler<Sink> handler(stream, limits, sink);
    rapidjson::Reader reader;
    constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
    // Checking the encoding at once is several times faster than at every character; where it is wrong, the reader says
    // which byte.
    const rapidjson::ParseResult parsed = isUtf8(text)
        ? reader.Parse<flags>(stream, handler)
        : reader.Parse<flags | rapidjson::kParseValidateEncodingFlag>(stream, handler);
    if (parsed.Code() == rapidjson::kParseErrorTermination)
        return handler.refusal();
    if (parsed.IsError()) {
        const std::size_t offset = std::min(parsed.Offset(), text.size());
        return failAt(ErrorCode::InvalidJson, refusalText(parsed.Code(), offset == text.size()), offset);
    }
    // To the reader a zero byte is the end of the text.
    if (stream.Tell() != text.size()) {
        return failAt(ErrorCode::InvalidJson, refusalText(rapidjson::kParseErrorDocumentRootNotSingular, false),
                      stream.Tell());
    }
    return {};
}

/// Checks everything and then that the top level opens with `bracket`.
Result<SliceSink> slice(std::string_view text, const JsonLimits &limits, char bracket, const char *refusal)
{
    SliceSink sink(text);
    if (auto read = readJson(text, limits, sink); !read)
        return fail(std::move(read.error()));
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (text[begin] != bracket)
        return failAt(ErrorCode::InvalidJson, refusal, begin);
    return sink;
}

} // namespace

Result<Json> parseJson(std::string_view text, const JsonLimits &limits)
{
    BuildSink sink;
    if (auto read = readJson(text, limits, sink); !read)
        return fail(std::move(read.error()));
    return sink.take();
}

Result<void> checkJson(std::string_view text, const JsonLimits &limits)
{
    NullSink sink;
    return readJson(text, limits, sink);
}

Result<std::vector<JsonSlice>> sliceJsonObject(std::string_view text, const JsonLimits &limits)
{
    auto sink = slice(text, limits, '{', "the JSON value is not an object");
    if (!sink)
        return fail(std::move(sink.error()));
    std::vector<JsonSlice> members;
    members.reserve(sink->slices.size());
    for (std::size_t i = 0; i < sink->slices.size(); ++i)
        members.push_back({std::move(sink->names[i]), sink->slices[i]});
    return members;
}

Result<std::vector<std::string_view>> sliceJsonArray(std::string_view text, const JsonLimits &limits)
{
    auto sink = slice(text, limits, '[', "the JSON value is not an array");
    if (!sink)
        return fail(std::move(sink.error()));
    return std::move(sink->slices);
}

} // namespace commander
