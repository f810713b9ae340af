// SPDX-License-Identifier: GPL-3.0-or-later
// The cache against a map that forgets nothing. Set COMMANDER_SEED to repeat a run.
#include "views/document_cache.h"

#include <QTest>

#include <map>
#include <random>

using namespace commander;

class TestDocumentCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatIsWantedAndKnowsEveryEntry();
    void theSameKeyOfTwoViewsIsTwoDocuments();
};

void TestDocumentCache::keepsWhatIsWantedAndKnowsEveryEntry()
{
    const bool given = qEnvironmentVariableIsSet("COMMANDER_SEED");
    const auto seed = given ? qEnvironmentVariable("COMMANDER_SEED").toULongLong() : std::random_device()();
    qInfo("COMMANDER_SEED=%llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 chance(seed);
    constexpr std::size_t bytesMax
        = 400'000; // a part of the documents below, so that most are gone before they are looked for again
    DocumentCache cache(bytesMax);
    std::map<std::pair<std::size_t, std::string>, std::int64_t> all; // what each entry was given, dropped or not
    std::size_t dropped = 0;
    for (int step = 0; step < 60'000; ++step) {
        const std::size_t view = chance() % 3;
        const auto key = "key-" + std::to_string(chance() % 5000);
        auto *const found = cache.find(view, key);
        const auto known = all.find({view, key});
        if (found) {
            QVERIFY(known != all.end());
            QCOMPARE(found->number, known->second);
            QCOMPARE(std::string(found->key), key);
        } else {
            dropped += known != all.end();
            CachedDocument document;
            document.number = step + 1;
            auto &entry = cache.insert(view, key, std::move(document));
            QCOMPARE(std::string(entry.key), key);
            all[{view, key}] = step + 1;
            if (step % 16 == 0) // to look is to want
                QCOMPARE(cache.find(view, key), &entry);
        }
        // Hot all the time: it must survive every trim.
        if (step == 0)
            cache.insert(9, "hot", {});
        else
            QVERIFY(cache.find(9, "hot"));
        if (cache.isFull()) {
            cache.trim();
            QVERIFY(!cache.isFull());
        }
    }
    QVERIFY(dropped > 0);
}

void TestDocumentCache::theSameKeyOfTwoViewsIsTwoDocuments()
{
    DocumentCache cache(1'000'000);
    CachedDocument document;
    document.number = 7;
    cache.insert(0, "a", std::move(document));
    QVERIFY(!cache.find(1, "a"));
    cache.insert(1, "a", {});
    QCOMPARE(cache.find(0, "a")->number, std::int64_t{7});
    QCOMPARE(cache.find(1, "a")->number, std::int64_t{0});
}

QTEST_GUILESS_MAIN(TestDocumentCache)
#include "tst_document_cache.moc"
