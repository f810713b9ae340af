// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/text_search.h"

#include <QtTest>

#include <algorithm>
#include <random>

using namespace commander;

namespace {

std::string lowered(std::string text)
{
    for (auto &c : text) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    }
    return text;
}

} // namespace

class tst_TextSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ignoresAsciiCaseOnly()
    {
        QVERIFY(TextSearch("HeLLo").isIn(std::string_view("say hEllO!")));
        QVERIFY(!TextSearch("hello").isIn(std::string_view("hell")));
        QVERIFY(TextSearch("Grüße").isIn(std::string_view("gRüßE")));
        QVERIFY(!TextSearch("GRÜSSE").isIn(std::string_view("grüsse")));
        QVERIFY(!TextSearch("[").isIn(std::string_view("{")));
    }

    void emptyTextIsEverywhere()
    {
        QVERIFY(TextSearch("").isIn(std::string_view()));
        QVERIFY(TextSearch("").isIn(std::string_view("a")));
    }

    void agreesWithTheNaiveWay()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        const auto text = [&random](std::size_t length) {
            constexpr std::string_view alphabet = "abAB\xc3";
            std::string result;
            for (std::size_t i = 0; i < length; ++i)
                result += alphabet[random() % alphabet.size()];
            return result;
        };
        for (int round = 0; round < 20'000; ++round) {
            const auto hay = text(random() % 24);
            const auto needle = text(1 + random() % 5);
            const bool expected = lowered(hay).find(lowered(needle)) != std::string::npos;
            QVERIFY2(TextSearch(needle).isIn(std::string_view(hay)) == expected, (needle + " in " + hay).c_str());
        }
    }

    void looksAtDataActionKeyAndIds()
    {
        Record record;
        record.id = uuid5({}, "id");
        record.parent = uuid5({}, "parent");
        record.correlation = uuid5({}, "correlation");
        record.action = "transfer-money";
        record.key = "Account 7";
        record.data = R"({"owner":"Ada"})";
        record.topic = "commands";
        record.actor = "console";
        for (const auto &text :
             {record.id.text(), record.parent.text(), record.correlation.text(), record.id.text().substr(9, 7),
              std::string("ACCOUNT"), std::string("fer-mon"), std::string("ada")})
            QVERIFY2(TextSearch(text).isIn(record), text.c_str());
        for (const auto &text : {"console", "commands", "zzz"})
            QVERIFY2(!TextSearch(text).isIn(record), text);
        record.parent = {};
        QVERIFY(!TextSearch(Uuid{}.text()).isIn(record));
    }
};

QTEST_GUILESS_MAIN(tst_TextSearch)
#include "tst_text_search.moc"
