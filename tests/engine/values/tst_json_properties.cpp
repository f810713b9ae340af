// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold for any JSON text, tried on random ones. Set COMMANDER_SEED to repeat a run.
#include "bytes.h"

#include "values/json_validity.h"

#include <commander/json.h>

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <random>

using namespace commander;

namespace {

class Generator {
public:
    explicit Generator(std::uint64_t seed) : m_random(seed) { }

    std::size_t below(std::size_t bound) { return m_random() % bound; }

    Json value(int depth)
    {
        switch (below(depth > 0 ? 7 : 5)) {
        case 0:
            return {};
        case 1:
            return Json(below(2) == 1);
        case 2:
            return Json(Json::Number{number()});
        case 3:
            return Json(string());
        case 4:
            return Json(static_cast<std::int64_t>(m_random()));
        case 5: {
            Json::Array array;
            for (std::size_t i = below(6); i > 0; --i)
                array.push_back(value(depth - 1));
            return Json(std::move(array));
        }
        default: {
            Json object = Json::object();
            for (std::size_t i = below(below(20) == 0 ? 40 : 6); i > 0; --i)
                object.set(string(), value(depth - 1));
            return object;
        }
        }
    }

    /// The value as somebody might have typed it: odd white space and escapes, the same tokens.
    std::string typed(const Json &value)
    {
        std::string out = space();
        if (const Json::Array *array = value.asArray()) {
            out += '[' + space();
            for (std::size_t i = 0; i < array->size(); ++i)
                out += (i > 0 ? "," : "") + typed((*array)[i]);
            out += ']';
        } else if (const Json::Object *object = value.asObject()) {
            out += '{' + space();
            for (std::size_t i = 0; i < object->size(); ++i)
                out += (i > 0 ? "," : "") + space() + typed(Json((*object)[i].first)) + ':'
                    + typed((*object)[i].second);
            out += '}';
        } else if (const std::string *text = value.asString()) {
            out += '"';
            for (const char c : *text)
                out += typedCharacter(c);
            out += '"';
        } else {
            out += writeJson(value);
        }
        return out + space();
    }

    std::string number()
    {
        std::string lexeme = below(2) ? "-" : "";
        lexeme += below(3) == 0 ? "0" : std::to_string(1 + below(9)) + digits(below(24));
        if (below(2))
            lexeme += '.' + digits(1 + below(20));
        if (below(3) == 0)
            lexeme += std::string(below(2) ? "e" : "E") + (below(2) ? "" : "-") + digits(1 + below(2));
        return lexeme;
    }

private:
    std::string digits(std::size_t count)
    {
        std::string text;
        while (count-- > 0)
            text += static_cast<char>('0' + below(10));
        return text;
    }
    std::string space()
    {
        std::string text;
        for (std::size_t i = below(4); i > 1; --i)
            text += " \t\r\n"[below(4)];
        return text;
    }
    std::string string()
    {
        static const std::vector<std::string> pieces = {"a",
                                                        "b",
                                                        "\"",
                                                        "\\",
                                                        "/",
                                                        "\n",
                                                        std::string(1, '\0'),
                                                        "\x1f",
                                                        "\x7f",
                                                        "\xC3\xA9",
                                                        "\xE2\x98\x83",
                                                        "\xED\x9F\xBF",
                                                        "\xEE\x80\x80",
                                                        "\xF0\x9F\x92\xB6",
                                                        "{",
                                                        ",",
                                                        ":",
                                                        "]"};
        std::string text;
        for (std::size_t i = below(8); i > 0; --i)
            text += pieces[below(pieces.size())];
        return text;
    }
    std::string typedCharacter(char c)
    {
        std::string escaped;
        appendJsonString(escaped, std::string_view(&c, 1));
        escaped = escaped.substr(1, escaped.size() - 2);
        if (static_cast<unsigned char>(c) < 0x80 && below(8) == 0) {
            char hex[8];
            std::snprintf(hex, sizeof hex, below(2) ? "\\u%04x" : "\\u%04X", static_cast<unsigned>(c));
            return hex;
        }
        return c == '/' && below(2) ? "\\/" : escaped;
    }

    std::mt19937_64 m_random;
};

/// The text without white space between tokens.
std::string tokens(std::string_view text)
{
    std::string out;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            out += text[i++];
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == ' ' || c == '\n' || c == '\r' || c == '\t'))
            continue;
        out += text[i];
    }
    return out;
}

} // namespace

class TestJsonProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray given = qgetenv("COMMANDER_SEED");
        m_seed = given.isEmpty() ? std::random_device{}() : given.toULongLong();
        qInfo("COMMANDER_SEED=%llu", static_cast<unsigned long long>(m_seed));
    }

    void writtenValuesParseBack()
    {
        Generator generator(m_seed);
        for (int i = 0; i < 5000; ++i) {
            const Json value = generator.value(5);
            const std::string text = writeJson(value);
            const auto back = parseJson(text);
            QVERIFY2(back, text.c_str());
            QVERIFY2(*back == value, text.c_str());
            QCOMPARE(writeJson(*back), text);
        }
    }

    void builtValuesAreJudgedAsTheirTextIs()
    {
        Generator generator(m_seed);
        int faulty = 0;
        for (int i = 0; i < 20'000; ++i) {
            QVERIFY2(jsonFaultOf(generator.value(4)).empty(), "a good value");
            // A text of any bytes, mostly of those that UTF-8 is made of.
            std::string bytes;
            for (std::size_t length = generator.below(12); length > 0; --length)
                bytes
                    += static_cast<char>(generator.below(3) == 0 ? generator.below(128) : 0x80 + generator.below(128));
            for (const auto &value : {Json(bytes), Json(Json::Object{{bytes, Json(1)}})}) {
                const bool good = checkJson(writeJson(value)).has_value();
                QCOMPARE(jsonFaultOf(value).empty(), good);
                faulty += !good;
            }
            QCOMPARE(isUtf8(bytes), checkJson(writeJson(Json(bytes))).has_value());
            std::string lexeme;
            for (std::size_t length = generator.below(8); length > 0; --length)
                lexeme += "0123456789-+.eE"[generator.below(15)];
            const Json number(Json::Number{lexeme});
            QVERIFY2(jsonFaultOf(number).empty() == checkJson(lexeme).has_value(), lexeme.c_str());
        }
        QVERIFY(faulty > 0);
        // What would change its meaning when written is a fault too.
        for (const char *const lexeme : {"true", "1,2", " 1", "1 ", "\"1\"", "[]", "1e999", "01", "-", ""})
            QVERIFY2(!jsonFaultOf(Json(Json::Number{lexeme})).empty(), lexeme);
        Json::Object twice;
        for (int i = 0; i < 40; ++i) {
            twice.emplace_back("member " + std::to_string(i), Json(i));
            QVERIFY(jsonFaultOf(Json(twice)).empty());
            auto again = twice;
            again.emplace_back("member " + std::to_string(i / 2), Json());
            QVERIFY(!jsonFaultOf(Json(Json::Array{Json(again)})).empty());
        }
    }

    void numbersKeepTheirDigits()
    {
        Generator generator(m_seed);
        for (int i = 0; i < 20'000; ++i) {
            const std::string lexeme = generator.number();
            const auto value = parseJson(lexeme);
            QVERIFY2(value && value->asNumber(), lexeme.c_str());
            QCOMPARE(bytes(value->asNumber()->lexeme), bytes(lexeme));
        }
    }

    void typedTextsParseSliceAndPrint()
    {
        Generator generator(m_seed);
        for (int i = 0; i < 3000; ++i) {
            Json value = generator.value(5);
            const std::string text = generator.typed(value);
            const auto parsed = parseJson(text);
            QVERIFY2(parsed, (parsed ? std::string() : parsed.error().text() + "\n" + text).c_str());
            QVERIFY2(*parsed == value, text.c_str());
            QVERIFY(checkJson(text));

            const std::string pretty = prettyJson(text);
            QCOMPARE(bytes(tokens(pretty)), bytes(tokens(text)));
            QCOMPARE(bytes(prettyJson(pretty)), bytes(pretty));
            QVERIFY(parseJson(pretty).value() == value);

            if (const Json::Object *object = value.asObject()) {
                const auto slices = sliceJsonObject(text);
                QVERIFY(slices);
                QCOMPARE(slices->size(), object->size());
                for (std::size_t n = 0; n < object->size(); ++n) {
                    QCOMPARE((*slices)[n].name, (*object)[n].first);
                    QVERIFY(parseJson((*slices)[n].raw).value() == (*object)[n].second);
                    QVERIFY(exact((*slices)[n].raw));
                }
            } else if (const Json::Array *array = value.asArray()) {
                const auto slices = sliceJsonArray(text);
                QVERIFY(slices);
                QCOMPARE(slices->size(), array->size());
                for (std::size_t n = 0; n < array->size(); ++n) {
                    QVERIFY(parseJson((*slices)[n]).value() == (*array)[n]);
                    QVERIFY(exact((*slices)[n]));
                }
            }
        }
    }

    void flippedBytesAreRefusedOrRoundTrip()
    {
        Generator generator(m_seed);
        int accepted = 0;
        for (int i = 0; i < 40'000; ++i) {
            std::string text = generator.typed(generator.value(3));
            for (std::size_t flips = 1 + generator.below(3); flips > 0 && !text.empty(); --flips) {
                const std::size_t at = generator.below(text.size());
                switch (generator.below(4)) {
                case 0:
                    text[at] = static_cast<char>(generator.below(256));
                    break;
                case 1:
                    text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ 1U << generator.below(8));
                    break;
                case 2:
                    text.erase(at, 1);
                    break;
                default:
                    text.insert(at, 1, "{}[]\",:\\u0d8e-.1 \n"[generator.below(18)]);
                }
            }
            const auto value = parseJson(text);
            const auto checked = checkJson(text);
            QVERIFY2(value.has_value() == checked.has_value(), text.c_str());
            if (!value) {
                QCOMPARE(value.error().where, checked.error().where);
                QVERIFY(value.error().where.starts_with("byte "));
                QVERIFY(std::stoull(value.error().where.substr(5)) <= text.size());
                continue;
            }
            ++accepted;
            QVERIFY2(parseJson(writeJson(*value)).value() == *value, text.c_str());
            QCOMPARE(bytes(tokens(prettyJson(text))), bytes(tokens(text)));
            // A second opinion: whatever we take, an independent parser takes, too (it refuses what becomes 0 as a
            // double).
            static const QRegularExpression extreme(QStringLiteral("[eE]-?\\d{3}"));
            if ((value->asArray() || value->asObject()) && !QString::fromUtf8(bytes(text)).contains(extreme))
                QVERIFY2(!QJsonDocument::fromJson(bytes(text)).isNull(), text.c_str());
        }
        QVERIFY(accepted > 100);
    }

private:
    static bool exact(std::string_view slice)
    {
        const std::string_view space = " \t\r\n";
        return !slice.empty() && space.find(slice.front()) == std::string_view::npos
            && space.find(slice.back()) == std::string_view::npos;
    }

    std::uint64_t m_seed = 0;
};

QTEST_GUILESS_MAIN(TestJsonProperties)
#include "tst_json_properties.moc"
