// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "values/sabotage.h"

#include <commander/json.h>

#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace commander::detail {

inline tl::unexpected<Error> failAt(ErrorCode code, std::string what, std::size_t offset, std::string remedy = {})
{
    Error error{code, std::move(what), "byte " + std::to_string(offset), std::move(remedy), {}};
    error.details.push_back({"@" + std::to_string(offset), error.what});
    return tl::unexpected<Error>(std::move(error));
}

/// Text that RapidJSON reads "in situ", except that decoded strings go into a buffer of our own: the text stays as it
/// is, decoded strings stay valid for the whole parse, and numbers are handed over without a copy.
class JsonStream {
public:
    using Ch = char;

    explicit JsonStream(std::string_view text)
        : m_begin(text.data()), m_at(text.data()), m_end(text.data() + text.size())
    {
        m_put = m_small.data();
        // A decoded string and its terminator are never longer than the token.
        if (text.size() > m_small.size()) {
            m_large = std::make_unique_for_overwrite<char[]>(text.size());
            m_put = m_large.get();
        }
    }

    [[nodiscard]] char Peek() const { return m_at == m_end ? '\0' : *m_at; }
    char Take() { return m_at == m_end ? '\0' : *m_at++; }
    [[nodiscard]] std::size_t Tell() const { return static_cast<std::size_t>(m_at - m_begin); }
    char *PutBegin()
    {
        m_tokenBegin = Tell() - 1;
        return m_put;
    }
    void Put(char c) { *m_put++ = c; }
    std::size_t PutEnd(const char *begin) { return static_cast<std::size_t>(m_put - begin); }
    void Flush() { }

    /// Offset of the opening quote of the string that is read now or was read last.
    [[nodiscard]] std::size_t stringBegin() const { return m_tokenBegin; }
    [[nodiscard]] const char *at(std::size_t offset) const { return m_begin + offset; }

private:
    const char *m_begin;
    const char *m_at;
    const char *m_end;
    char *m_put;
    std::size_t m_tokenBegin = 0;
    std::unique_ptr<char[]> m_large;
    std::array<char, 2048> m_small; // left uninitialised: written before it is read
};

/// The checks that RapidJSON does not make (depth, number of values, duplicate keys, lone low surrogates), in front of
/// a Sink that takes what passed. A Sink has value(begin, end), string(text), number(text), boolean(bool), null(),
/// beginObject(), endObject(members), beginArray(), endArray(elements), key(name).
template <class Sink> class CheckingHandler {
public:
    using Ch = char;

    CheckingHandler(JsonStream &stream, const JsonLimits &limits, Sink &sink)
        : m_stream(stream), m_depthMax(std::min(limits.depthMax, std::tuple_size_v<decltype(m_firstKey)>)),
          m_valuesMax(limits.valuesMax), m_sink(sink)
    {
    }
    /// What a callback that returned false refused.
    [[nodiscard]] Result<void> refusal() const { return m_refusal; }

    bool Null() { return scalar(4) && (m_sink.null(), true); }
    bool Bool(bool value) { return scalar(value ? 4 : 5) && (m_sink.boolean(value), true); }
    // Numbers come as text only; RapidJSON wants the others to exist.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }
    bool RawNumber(const char *, rapidjson::SizeType length, bool)
    {
        if (!scalar(length))
            return false;
        m_sink.number(std::string_view(m_stream.at(m_stream.Tell() - length), length));
        return true;
    }
    bool String(const char *text, rapidjson::SizeType length, bool)
    {
        const std::string_view decoded(text, length);
        if (!scalar(m_stream.Tell() - m_stream.stringBegin()) || !checkSurrogates(decoded))
            return false;
        m_sink.string(decoded);
        return true;
    }
    bool Key(const char *text, rapidjson::SizeType length, bool)
    {
        const std::string_view name(text, length);
        if (!checkSurrogates(name))
            return false;
        m_keys.push_back({name, m_stream.stringBegin()});
        m_sink.key(name);
        return true;
    }
    bool StartObject()
    {
        if (!begin())
            return false;
        m_firstKey[m_depth - 1] = m_keys.size();
        m_sink.beginObject();
        return true;
    }
    bool EndObject(rapidjson::SizeType members)
    {
        if (!checkDuplicates(m_firstKey[m_depth - 1]))
            return false;
        m_keys.resize(m_firstKey[m_depth - 1]);
        m_sink.endObject(members);
        end();
        return true;
    }
    bool StartArray()
    {
        if (!begin())
            return false;
        m_sink.beginArray();
        return true;
    }
    bool EndArray(rapidjson::SizeType elements)
    {
        m_sink.endArray(elements);
        end();
        return true;
    }

private:
    struct KeyAt {
        std::string_view name;
        std::size_t offset = 0;
    };

    bool refuse(ErrorCode code, std::string what, std::size_t offset, std::string remedy)
    {
        m_refusal = failAt(code, std::move(what), offset, std::move(remedy));
        return false;
    }

    bool count(std::size_t offset)
    {
        if (++m_values <= m_valuesMax)
            return true;
        return refuse(ErrorCode::LimitExceeded, "more than " + std::to_string(m_valuesMax) + " JSON values", offset,
                      "Send less at a time.");
    }

    bool scalar(std::size_t length)
    {
        const std::size_t offset = m_stream.Tell() - length;
        if (!count(offset))
            return false;
        if (m_depth <= 1)
            m_sink.value(m_depth, offset, m_stream.Tell());
        return true;
    }

    bool begin()
    {
        const std::size_t offset = m_stream.Tell() - 1;
        if (m_depth == m_depthMax) {
            return refuse(ErrorCode::InvalidJson, "JSON nested deeper than " + std::to_string(m_depthMax), offset,
                          "Flatten the structure.");
        }
        if (m_depth == 1)
            m_childBegin = offset;
        ++m_depth;
        return count(offset);
    }

    void end()
    {
        --m_depth;
        if (m_depth == 1)
            m_sink.value(m_depth, m_childBegin, m_stream.Tell());
    }

    bool duplicate(const KeyAt &key)
    {
        std::string quoted;
        appendJsonString(quoted, key.name.substr(0, limits::nameBytesMax));
        return refuse(ErrorCode::DuplicateKey, "the member " + quoted + " is named twice in one object", key.offset,
                      "Name each member once.");
    }

    bool checkDuplicates(std::size_t first)
    {
        if (sabotaged(Saboteur::DuplicateMembersLetIn))
            return true;
        constexpr std::size_t pairwiseMax = 12;
        const std::size_t number = m_keys.size() - first;
        if (number > pairwiseMax)
            return checkManyDuplicates(first);
        for (std::size_t i = first + 1; i < m_keys.size(); ++i) {
            for (std::size_t j = first; j < i; ++j) {
                if (m_keys[i].name == m_keys[j].name)
                    return duplicate(m_keys[i]);
            }
        }
        return true;
    }

    /// The same in n log n: whoever writes the text must not choose a quadratic cost.
    bool checkManyDuplicates(std::size_t first)
    {
        // The object is complete: its keys may change order here.
        const auto begin = m_keys.begin() + static_cast<std::ptrdiff_t>(first);
        std::sort(begin, m_keys.end(), [](const KeyAt &a, const KeyAt &b) {
            const int order = a.name.compare(b.name);
            return order != 0 ? order < 0 : a.offset < b.offset;
        });
        const KeyAt *earliest = nullptr;
        for (auto key = begin + 1; key != m_keys.end(); ++key) {
            if (key->name == (key - 1)->name && (!earliest || key->offset < earliest->offset))
                earliest = &*key;
        }
        return !earliest || duplicate(*earliest);
    }

    /// RapidJSON lets a lone \uDC00 … \uDFFF pass and encodes it as three bytes, which no valid text can hold.
    bool checkSurrogates(std::string_view decoded)
    {
        const char *at = decoded.data();
        const char *const last = at + decoded.size();
        while (at != last && (at = static_cast<const char *>(std::memchr(at, '\xED', std::size_t(last - at))))) {
            if (last - at >= 3 && static_cast<unsigned char>(at[1]) >= 0xA0)
                return refuse(ErrorCode::InvalidJson, "a lone surrogate", loneSurrogate(),
                              "Escape both halves of the pair.");
            ++at;
        }
        return true;
    }

    /// Where the string token just read has its first \uDCxx without a \uD8xx before it.
    [[nodiscard]] std::size_t loneSurrogate() const
    {
        for (std::size_t i = m_stream.stringBegin() + 1; i < m_stream.Tell(); ++i) {
            if (*m_stream.at(i) != '\\')
                continue;
            const char *const escape = m_stream.at(i + 1); // the reader saw four digits after each u
            ++i;
            if (escape[0] != 'u' || (escape[1] != 'd' && escape[1] != 'D') || escape[2] < '8')
                continue;
            const char second = escape[2];
            if ((second >= 'C' && second <= 'F') || (second >= 'c' && second <= 'f'))
                return i - 1;
            i += 10; // the other half of a whole pair
        }
        return m_stream.stringBegin();
    }

    JsonStream &m_stream;
    const std::size_t m_depthMax;
    const std::size_t m_valuesMax;
    Sink &m_sink;
    Result<void> m_refusal;
    std::size_t m_depth = 0;
    std::size_t m_values = 0;
    std::size_t m_childBegin = 0;
    std::vector<KeyAt> m_keys; // of all objects that are open, outermost first
    // The reader recurses, so this is also the deepest that any caller can ask for.
    std::array<std::size_t, 512> m_firstKey; // left uninitialised: index depth - 1 is written when an object opens
};

} // namespace commander::detail
