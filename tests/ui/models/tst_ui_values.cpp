// SPDX-License-Identifier: GPL-3.0-or-later
// Texts, JSON tokens and the page cache: no engine needed.
#include "models/format.h"
#include "models/json_tokens.h"
#include "models/page_cache.h"
#include "models/words.h"

#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

class TestUiValues : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void timesAreCutNotRounded()
    {
        const Timestamp time{1'463'754'808'902'999};
        QCOMPARE(formatTimeLong(time, TimeStyle::Utc, time), u"2016-05-20 14:33:28.902 UTC"_s);
        QCOMPARE(formatTime(time, TimeStyle::Utc, time), u"14:33:28.902"_s);
        QCOMPARE(formatTime(time, TimeStyle::Utc, {time.micros + 86'400'000'000}), u"2016-05-20 14:33:28"_s);
        QCOMPARE(formatTimeLong({-1}, TimeStyle::Utc, {}), u"1969-12-31 23:59:59.999 UTC"_s);
    }
    void ages()
    {
        const Timestamp now{1'000'000'000'000};
        QCOMPARE(formatTime({now.micros - 90'000'000}, TimeStyle::Relative, now), u"1 min ago"_s);
        QCOMPARE(formatTime({now.micros - 3'700'000'000}, TimeStyle::Relative, now), u"1 h ago"_s);
        QCOMPARE(formatTime({now.micros + 5'000'000}, TimeStyle::Relative, now), u"in the future"_s);
    }
    void rates()
    {
        QCOMPARE(formatRate(0), u"0"_s);
        QCOMPARE(formatRate(0.42), u"0.4"_s);
        QCOMPARE(formatRate(12.4), u"12"_s);
    }
    void previewIsOneShortLine()
    {
        QCOMPARE(previewText("{\n  \"a\": 1\n}", 50), u"{ \"a\": 1 }"_s);
        QCOMPARE(previewText(std::string(5000, 'x'), 10), u"xxxxxxxxxx…"_s);
        QCOMPARE(previewText("ééééé", 3), u"ééé…"_s);
    }
    void shellQuoting() { QCOMPARE(shellQuoted(u"it's"_s), u"'it'\\''s'"_s); }

    void idsOfOneMomentDiffer()
    {
        const auto one = Uuid::parse("0190a000-0000-7000-8000-000000000001");
        const auto two = Uuid::parse("0190a000-0000-7000-8000-000000000002");
        QVERIFY(one && two);
        QVERIFY(shortId(*one) != shortId(*two));
        QCOMPARE(shortId({}), QString());
    }

    void everyErrorHasWords()
    {
        QStringList seen;
        for (int code = 0; code < int(ErrorCode::Count); ++code) {
            const QString text = errorText(Error{ErrorCode(code), "w", {}, {}, {}});
            QVERIFY2(!seen.contains(text), qPrintable(text));
            seen << text;
        }
    }

    void jsonTokens()
    {
        using Kind = JsonToken::Kind;
        const QString line = u"  \"a\\\"b\": -1.0e3, \"s\", true nul []"_s;
        const std::vector<JsonToken> tokens = tokenizeJsonLine(line);
        const std::vector<std::pair<Kind, QString>> expected
            = {{Kind::Key, u"\"a\\\"b\""_s}, {Kind::Punctuation, u":"_s}, {Kind::Number, u"-1.0e3"_s},
               {Kind::Punctuation, u","_s},  {Kind::String, u"\"s\""_s},  {Kind::Punctuation, u","_s},
               {Kind::Literal, u"true"_s},   {Kind::Other, u"nul"_s},     {Kind::Punctuation, u"["_s},
               {Kind::Punctuation, u"]"_s}};
        QCOMPARE(tokens.size(), expected.size());
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            QCOMPARE(int(tokens[i].kind), int(expected[i].first));
            QCOMPARE(line.mid(tokens[i].start, tokens[i].length), expected[i].second);
        }
    }
    void jsonTokensOfBrokenText()
    {
        for (const auto &text : {u"\"open"_s, u"\"\\"_s, u"\\"_s, u"@#"_s, QString(1, QChar(0xd800))}) {
            qsizetype covered = 0;
            for (const JsonToken &token : tokenizeJsonLine(text)) {
                QVERIFY(token.length > 0 && token.start >= covered);
                covered = token.start + token.length;
                QVERIFY(covered <= text.size());
            }
        }
    }

    void pageCacheIsBounded()
    {
        PageCache<int> cache(3);
        for (int i = 0; i < 10; ++i)
            cache.put(std::uint64_t(i), i);
        QCOMPARE(cache.size(), std::size_t(3));
        QVERIFY(!cache.get(6));
        QCOMPARE(*cache.get(7), 7); // and now it is the newest
        cache.put(10, 10);
        QVERIFY(cache.get(7));
        QVERIFY(!cache.get(8));
        cache.put(7, 70);
        QCOMPARE(*cache.get(7), 70);
        QCOMPARE(cache.size(), std::size_t(3));
        cache.clear();
        QCOMPARE(cache.size(), std::size_t(0));
        QVERIFY(!cache.get(7));
    }
};

QTEST_GUILESS_MAIN(TestUiValues)
#include "tst_ui_values.moc"
